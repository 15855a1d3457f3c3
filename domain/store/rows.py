"""Reading the log: the statements, and rows as ``Stored``."""

from collections.abc import Iterable
from typing import Any

from domain.store.pool import Connection
from domain.store.shapes import Stored

CHANNEL = "bihuan_log"
"""NOTIFY channel of the log; the payload is the newest seq."""

_COLUMNS = "seq, stream, kind, version, topic, state, occurred_at, recorded_at, command_id, hash"
_PAGE = f"SELECT {_COLUMNS} FROM log.events WHERE seq > %b ORDER BY seq LIMIT %b"  # noqa: S608 - constants
_STREAM = f"SELECT {_COLUMNS} FROM log.events WHERE stream = %b ORDER BY version"  # noqa: S608 - constants


def page(connection: Connection, after: int, limit: int) -> list[Stored]:
    """At most ``limit`` events after seq ``after``, in order, without a gap."""
    return _stored(connection, _PAGE, (after, limit))


def stream(connection: Connection, stream_id: object) -> list[Stored]:
    """Every event of one stream."""
    return _stored(connection, _STREAM, (stream_id,))


def _stored(connection: Connection, query: str, params: Iterable[Any]) -> list[Stored]:
    return [Stored(*row) for row in fetch(connection, query, tuple(params))]


def fetch(connection: Connection, query: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Rows of a prepared statement in binary form: bytes stay bytes."""
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(query.encode(), params, prepare=True).fetchall()
