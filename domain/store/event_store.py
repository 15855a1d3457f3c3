"""The store the application works with: load, append, read, follow."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import orjson

from domain.facts import Event
from domain.personal import Vault
from domain.store import rows
from domain.store.follow import heartbeats
from domain.store.mapper import FactMapper
from domain.store.pool import open_pool, run
from domain.store.recorder import Answer, Command, Entry, LogRecorder
from domain.store.shapes import Appended, Loaded, Stored
from domain.store.vault import PersonVault

# The sub-select runs once; a function in the list of columns would run for every row.
_LOAD = (
    "SELECT (SELECT log.now()), w.stream, e.kind, e.version, e.topic, e.state"
    " FROM unnest(%b::uuid[], %b::int[]) AS w(stream, after)"
    " LEFT JOIN log.events e ON e.stream = w.stream AND e.version > w.after"
    " ORDER BY w.stream, e.version"
)


class EventStore:
    """The log as the command role sees it; safe to share between threads."""

    def __init__(self, dsn: str, *, vault: Vault | None, pool_size: int = 8) -> None:
        self._dsn = dsn
        self._pool = open_pool(dsn, pool_size)
        self._vault = vault
        self.mapper = FactMapper(vault)
        self.recorder = LogRecorder(self._pool)

    def load(self, streams: Sequence[tuple[UUID, int]]) -> Loaded:
        """Events of each stream after the given version, and the time, in one round trip."""
        if not streams:
            return Loaded(self.now(), {}, {})
        after = dict(streams)
        events: dict[UUID, list[Event]] = {stream: [] for stream in after}
        found = self._fetch(_LOAD, list(after), list(after.values()))
        if isinstance(self._vault, PersonVault):
            self._vault.warm(state for *_, state in found if state)
        kinds: dict[UUID, str] = {}
        for _, stream, kind, version, topic, state in found:
            if version is not None:
                kinds[stream] = kind
                events[stream].append(self.mapper.decode(stream, version, topic, state))
        return Loaded(found[0][0], events, kinds)

    def append(
        self,
        *,
        command_id: UUID,
        request_hash: bytes,
        events: Sequence[tuple[str, Event]],
        result: dict[str, Any],
    ) -> Appended:
        """Append ``events`` (kind, event) of one command, all or none, once for ever.

        Raises:
            StreamMoved: somebody else was faster.
            CommandReused: the command id is known with another request.
            StoreUnavailable: no database after bounded retries; send the same command again.
        """
        entries = [
            Entry(
                event.originator_id,
                event.originator_version,
                event.fact.TOPIC,
                self.mapper.encode(event),
                kind,
                event.occurred_at,
            )
            for kind, event in events
        ]
        command = Command(command_id, request_hash, orjson.dumps(result))
        return _appended(self.recorder.append(entries, command))

    def answer(self, command_id: UUID, request_hash: bytes) -> Appended | None:
        """The first answer of a known command, None of an unknown one."""
        answer = self.recorder.answer(command_id, request_hash)
        return answer and _appended(answer)

    def page(self, after: int, limit: int) -> list[Stored]:
        """Events after seq ``after`` in order, gap-free."""
        return run(self._pool, lambda connection: rows.page(connection, after, limit))

    def stream(self, stream: UUID) -> list[Stored]:
        """Every event of one stream, as stored."""
        return run(self._pool, lambda connection: rows.stream(connection, stream))

    def head(self) -> tuple[int, bytes]:
        """Newest seq and hash; 0 and the genesis hash of an empty log."""
        seq, hash_ = self._fetch("SELECT seq, hash FROM log.head")[0]
        return seq, hash_

    def now(self) -> datetime:
        """The database's time, with the simulator's offset."""
        return self._fetch("SELECT log.now()")[0][0]

    def offset(self) -> timedelta:
        """How far the log's clock is ahead of the wall clock; zero in production."""
        return self._fetch("SELECT skip FROM log.clock")[0][0]

    def decode(self, stored: Stored) -> Event:
        """Event of a stored row, in its newest shape, personal data open where there is a vault."""
        return self.mapper.decode(stored.stream, stored.version, stored.topic, stored.state)

    def listen(self, timeout: float = 1.0) -> Iterator[None]:
        """Beat once listening, then after every append and at least each ``timeout`` seconds."""
        return heartbeats(self._dsn, timeout)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fetch(self, query: str, *params: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        return run(self._pool, lambda connection: rows.fetch(connection, query, params))


def _appended(answer: Answer) -> Appended:
    # The first answer takes the same way through JSON as every later one, so that all are equal.
    return Appended(
        answer.first_seq,
        answer.last_seq,
        answer.hash,
        orjson.loads(answer.result),
        answer.repeated,
    )
