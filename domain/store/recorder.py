"""The recorder: the one way into the log, its SQL function, and the answers it keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from domain.errors import CommandReused
from domain.store.pool import Connection, Pool, run
from domain.store.rows import fetch
from domain.store.shapes import StreamMoved

_APPEND = (
    "SELECT outcome, first_seq, last_seq, last_hash, result, stream, expected, actual"
    " FROM log.append_events(%b, %b, %b, %b::uuid[], %b::text[], %b::int[], %b::text[],"
    " %b::bytea[], %b::timestamptz[])"
)
_ANSWER = (
    "SELECT c.first_seq, c.last_seq, e.hash, c.result, true, c.request_hash = %b"
    " FROM log.commands c LEFT JOIN log.events e ON e.seq = c.last_seq WHERE c.command_id = %b"
)


@dataclass(frozen=True)
class Entry:
    """An event as it will be stored, its state already bytes."""

    stream: UUID
    version: int
    topic: str
    state: bytes
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


class LogRecorder:
    """Appends events and knows what was answered; safe to share between threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def append(self, entries: Sequence[Entry], command: Command) -> Answer:
        """Append all ``entries`` or none, once per command id.

        A lost connection is retried: the second try finds what the first one did.

        Raises:
            StreamMoved: a stream is not at the version before its first new event.
            CommandReused: the command id is known with another request.
            StoreUnavailable: no database after bounded retries.
        """
        return run(self._pool, partial(_append, entries=entries, command=command))

    def answer(self, command_id: UUID, request_hash: bytes) -> Answer | None:
        """First answer of a known command."""
        known = (request_hash, command_id)
        rows = run(self._pool, lambda connection: fetch(connection, _ANSWER, known))
        if not rows:
            return None
        *answer, same = rows[0]
        if not same:
            raise _reused(command_id)
        return Answer(*answer)


def _append(connection: Connection, entries: Sequence[Entry], command: Command) -> Answer:
    [row] = fetch(
        connection,
        _APPEND,
        (
            command.id,
            command.request_hash,
            command.result,
            [entry.stream for entry in entries],
            [entry.kind for entry in entries],
            [entry.version for entry in entries],
            [entry.topic for entry in entries],
            [entry.state for entry in entries],
            [entry.occurred_at for entry in entries],
        ),
    )
    outcome, *answer, stream, expected, actual = row
    if outcome == "moved":
        raise StreamMoved(stream, expected, actual)
    if outcome == "reused":
        raise _reused(command.id)
    return Answer(*answer, repeated=outcome == "repeated")


def _reused(command_id: UUID) -> CommandReused:
    return CommandReused(
        "COMMAND-REUSED",
        "同一操作编号已用于内容不同的请求：请换用新的操作编号重新提交。",
        command_id=str(command_id),
    )
