"""The log in memory: answers like the event store, every fact through its JSON and back."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

import orjson

from domain.errors import CommandReused
from domain.facts import Event
from domain.store import Appended, Loaded, Stored, StreamMoved
from domain.store.mapper import FactMapper


class PlainVault:
    """Seals by writing differently: what the log holds is not what a person typed."""

    def seal(self, person: UUID, text: str) -> str:
        return b64encode(f"{person}/{text}".encode()).decode()

    def open(self, person: UUID, sealed: str) -> str | None:
        return b64decode(sealed).decode().removeprefix(f"{person}/")


MAPPER = FactMapper(PlainVault())


class MemoryLog:
    """Streams, first answers and a clock that the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.streams: dict[UUID, list[Event]] = {}
        self.kinds: dict[UUID, str] = {}
        self.answers: dict[UUID, tuple[bytes, Appended]] = {}
        self.blobs: set[str] = set()
        self.newest: list[Event] = []
        self.seq = 0

    def copy(self) -> Self:
        """The same history for another story."""
        other = type(self)(self.now)
        other.streams = {stream: list(events) for stream, events in self.streams.items()}
        other.kinds, other.answers = dict(self.kinds), dict(self.answers)
        other.blobs, other.seq = set(self.blobs), self.seq
        return other

    def has(self, sha256: str) -> bool:
        """Whether evidence bytes were uploaded."""
        return sha256 in self.blobs

    def load(self, streams: Sequence[tuple[UUID, int]]) -> Loaded:
        """Events of each stream after a version, and the time."""
        return Loaded(
            self.now,
            {s: self.streams.get(s, [])[after:] for s, after in streams},
            {s: self.kinds[s] for s, after in streams if len(self.streams.get(s, [])) > after},
        )

    def answer(self, command_id: UUID, request_hash: bytes) -> Appended | None:
        """The first answer of a known command."""
        known = self.answers.get(command_id)
        if known is None:
            return None
        if known[0] != request_hash:
            raise CommandReused("COMMAND-REUSED", "命令编号重复使用。")
        return Appended(**{f: getattr(known[1], f) for f in _FIELDS}, repeated=True)

    def page(self, after: int, limit: int) -> list[Stored]:
        """Events after a place in the order of streams, which is good enough to find them by."""
        every = [(stream, event) for stream, events in self.streams.items() for event in events]
        return [
            Stored(
                seq=seq,
                stream=stream,
                kind=self.kinds[stream],
                version=event.originator_version,
                topic=event.fact.TOPIC,
                state=b"",
                occurred_at=event.occurred_at,
                recorded_at=event.occurred_at,
                command_id=None,
                hash=b"",
            )
            for seq, (stream, event) in enumerate(every[after : after + limit], after + 1)
        ]

    def append(
        self,
        *,
        command_id: UUID,
        request_hash: bytes,
        events: Sequence[tuple[str, Event]],
        result: dict[str, Any],
    ) -> Appended:
        """All or none, in the order of each stream; a known command gets its first answer."""
        if first := self.answer(command_id, request_hash):
            return first
        expected: dict[UUID, int] = {}
        for _, event in events:
            stream = event.originator_id
            version = expected.get(stream, len(self.streams.get(stream, [])))
            if event.originator_version != version + 1:
                raise StreamMoved(stream, event.originator_version - 1, version)
            expected[stream] = version + 1
        self.newest = [_through_json(event) for _, event in events]
        for (kind, _), event in zip(events, self.newest, strict=True):
            self.kinds[event.originator_id] = kind
            self.streams.setdefault(event.originator_id, []).append(event)
        first_seq, self.seq = self.seq + 1, self.seq + len(events)
        told = orjson.loads(orjson.dumps(result))
        hash_ = sha256(self.seq.to_bytes(8, "big")).digest()
        appended = Appended(first_seq, self.seq, hash_, told, repeated=False)
        self.answers[command_id] = (request_hash, appended)
        return appended


_FIELDS = ("first_seq", "last_seq", "hash", "result")


def _through_json(event: Event) -> Event:
    """The event as it will be read again; it says the same as the one that was written."""
    stored = MAPPER.encode(event)
    back = MAPPER.decode(event.originator_id, event.originator_version, event.fact.TOPIC, stored)
    assert back.fact == event.fact
    assert (back.by, back.occurred_at) == (event.by, event.occurred_at)
    assert MAPPER.encode(back) == stored
    return back
