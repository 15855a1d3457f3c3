"""The recorder: ``eventsourcing``'s protocol on the one SQL function of the log.

Its own ``PostgresApplicationRecorder`` locks the table, which an append-only role may not do, and
repeats an append whose answer was lost into a conflict with itself; this one has the command id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
)

from domain.errors import CommandReused
from domain.store.pool import Connection, Pool, run
from domain.store.rows import fetch
from domain.store.shapes import StreamMoved
from domain.store.subscription import LogSubscription

_APPEND = (
    "SELECT outcome, first_seq, last_seq, last_hash, result, stream, expected, actual"
    " FROM log.append_events(%b, %b, %b, %b::uuid[], %b::text[], %b::int[], %b::text[],"
    " %b::bytea[], %b::timestamptz[])"
)
_ANSWER = (
    "SELECT c.first_seq, c.last_seq, e.hash, c.result, true, c.request_hash = %b"
    " FROM log.commands c LEFT JOIN log.events e ON e.seq = c.last_seq WHERE c.command_id = %b"
)
_EVENTS = (
    "SELECT stream, version, topic, state FROM log.events WHERE stream = %b"
    " AND version > %b::int AND version <= %b::int ORDER BY"
)
_NOTIFICATIONS = (
    "SELECT stream, version, topic, state, seq FROM log.events"
    " WHERE seq >= %b AND seq <= %b AND (%b::text[] IS NULL OR topic = ANY(%b::text[]))"
    " ORDER BY seq LIMIT %b"
)
_LAST = 2**31 - 1
_LAST_SEQ = 2**63 - 1


@dataclass(frozen=True)
class Entry(StoredEvent):
    """A stored event with what this log keeps besides: the aggregate's kind and business time."""

    kind: str
    occurred_at: datetime


@dataclass(frozen=True)
class Command:
    """What makes an append repeatable: its id, what was asked, and the answer it gets."""

    id: UUID
    request_hash: bytes
    result: bytes


@dataclass(frozen=True)
class Answer:
    """What the log says to an append; ``result`` is the command's first answer."""

    first_seq: int
    last_seq: int
    hash: bytes
    result: bytes
    repeated: bool


class LogRecorder(ApplicationRecorder):
    """Appends and reads events; safe to share between threads."""

    def __init__(self, pool: Pool, dsn: str) -> None:
        self._pool = pool
        self._dsn = dsn

    def append(self, entries: Sequence[Entry], command: Command | None) -> Answer:
        """Append all ``entries`` or none, once per command id.

        With a command a lost connection is retried: the second try finds what the first one did.

        Raises:
            StreamMoved: a stream is not at the version before its first new event.
            CommandReused: the command id is known with another request.
            StoreUnavailable: no database after bounded retries.
        """
        work = partial(_append, entries=entries, command=command)
        if command is None:
            with self._pool.connection() as connection:
                return work(connection)
        return run(self._pool, work)

    def answer(self, command_id: UUID, request_hash: bytes) -> Answer | None:
        """First answer of a known command."""
        rows = self._fetch(_ANSWER, request_hash, command_id)
        if not rows:
            return None
        *answer, same = rows[0]
        if not same:
            raise _reused(command_id)
        return Answer(*answer)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:  # noqa: ANN401 - the protocol's signature
        """Append ``Entry`` objects; ``command`` may come as a keyword."""
        entries = [event for event in stored_events if isinstance(event, Entry)]
        if len(entries) != len(stored_events):
            raise TypeError("the log needs kind and business time of every event: use Entry")
        if not entries:
            return []
        answer = self.append(entries, kwargs.get("command"))
        return list(range(answer.first_seq, answer.last_seq + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Events of one stream."""
        order = " version DESC LIMIT %b" if desc else " version LIMIT %b"
        after = 0 if gt is None else gt
        until = _LAST if lte is None else lte
        return [
            StoredEvent(*row)
            for row in self._fetch(_EVENTS + order, originator_id, after, until, limit)
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events of the whole log in order of seq."""
        first = (start or 0) + (0 if inclusive_of_start else 1)
        last = _LAST_SEQ if stop is None else stop
        wanted = list(topics) or None
        return [
            Notification(*row)
            for row in self._fetch(_NOTIFICATIONS, first, last, wanted, wanted, limit)
        ]

    def max_notification_id(self) -> int | None:
        """The newest seq, None while the log is empty."""
        return self._fetch("SELECT max(seq) FROM log.events")[0][0]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        """Iterator over recorded and coming events."""
        return LogSubscription(self, self._dsn, gt=gt, topics=topics)

    def _fetch(self, query: str, *params: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        return run(self._pool, lambda connection: fetch(connection, query, params))


def _append(connection: Connection, entries: Sequence[Entry], command: Command | None) -> Answer:
    try:
        [row] = fetch(
            connection,
            _APPEND,
            (
                command and command.id,
                command and command.request_hash,
                command and command.result,
                [entry.originator_id for entry in entries],
                [entry.kind for entry in entries],
                [entry.originator_version for entry in entries],
                [entry.topic for entry in entries],
                [entry.state for entry in entries],
                [entry.occurred_at for entry in entries],
            ),
        )
    except psycopg.IntegrityError as error:
        raise IntegrityError(str(error)) from error
    outcome, *answer, stream, expected, actual = row
    if outcome == "moved":
        raise StreamMoved(stream, expected, actual)
    if outcome == "reused":
        assert command is not None  # noqa: S101 - only a command can be known
        raise _reused(command.id)
    return Answer(*answer, repeated=outcome == "repeated")


def _reused(command_id: UUID) -> CommandReused:
    return CommandReused(
        "COMMAND-REUSED",
        "同一操作编号已用于内容不同的请求：请换用新的操作编号重新提交。",
        command_id=str(command_id),
    )
