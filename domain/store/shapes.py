"""What goes into the store and what comes out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, OperationalError

from domain.facts import Event


@dataclass(frozen=True, slots=True)
class Stored:
    """One event as it lies in the log; personal data in ``state`` is sealed (日志条目)."""

    seq: int
    stream: UUID
    kind: str
    version: int
    topic: str
    state: bytes
    occurred_at: datetime
    recorded_at: datetime
    command_id: UUID | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """Events of the streams asked for, and the database's time when they were read."""

    now: datetime
    events: dict[UUID, list[Event]]
    kinds: dict[UUID, str]
    """Of the streams that events were found of."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Receipt of a command (受理回执). A command without events has ``last_seq < first_seq``."""

    first_seq: int
    last_seq: int
    hash: bytes
    result: dict[str, Any]
    repeated: bool


class StreamMoved(IntegrityError):  # noqa: N818 - an answer, not a program error
    """The stream has another version than the decision was made on."""

    def __init__(self, stream: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} is at version {actual}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class StoreUnavailable(OperationalError):  # noqa: N818 - a state of the database
    """The database cannot answer now; the same command may be sent again later."""
