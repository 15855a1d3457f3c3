"""Where each projection stands, and which streams it has parked."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.store import Stored
from domain.store.pool import Connection
from projections.schema import CHANNEL, NewerSchemaError

_ERROR_LENGTH = 500

Parked = set[tuple[str, UUID]]
"""Projection and stream."""


def locked(connection: Connection, versions: Mapping[str, int]) -> dict[str, int]:
    """Positions by name, locked until the transaction ends: two runners take turns."""
    found = _locked(connection, list(versions))
    if len(found) < len(versions):
        # Who waited while a rebuild took their place looked at rows that are gone: once more.
        found = _locked(connection, list(versions))
    if other := [name for name, version, _ in found if version != versions[name]]:
        raise NewerSchemaError(f"读模型 {'、'.join(other)} 已换成另一版本，本进程停止写入。")
    return {name: seq for name, _, seq in found}


def _locked(connection: Connection, names: list[str]) -> list[tuple[str, int, int]]:
    return connection.execute(
        "SELECT name, version, seq FROM read.positions WHERE name = ANY(%s)"
        " ORDER BY name FOR UPDATE",
        (names,),
    ).fetchall()


def place(connection: Connection, names: Sequence[str], *, lock: bool = False) -> dict[str, int]:
    """Positions by name, whatever the version."""
    query = "SELECT name, seq FROM read.positions WHERE name = ANY(%s) ORDER BY name"
    tail = " FOR UPDATE" if lock else ""
    return dict(connection.execute((query + tail).encode(), (list(names),)).fetchall())


def move(connection: Connection, positions: Mapping[str, int], seq: int) -> dict[str, int]:
    """Move every position that is behind ``seq`` up to it, and tell who waits."""
    connection.execute(
        "UPDATE read.positions SET seq = greatest(seq, %s), moved_at = now() WHERE name = ANY(%s)",
        (seq, list(positions)),
    )
    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(seq)))
    return {name: max(seq, position) for name, position in positions.items()}


def parked(connection: Connection) -> Parked:
    """What is to be left out."""
    return set(connection.execute("SELECT projection, stream FROM read.parked").fetchall())


def park(connection: Connection, name: str, stored: Stored, error: Exception) -> None:
    """Leave the stream out of that projection from this event on, and say why."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")[:_ERROR_LENGTH]
    connection.execute(
        "INSERT INTO read.parked (projection, stream, seq, topic, error)"
        " VALUES (%s, %s, %s, %s, %s)",
        (name, stored.stream, stored.seq, stored.topic, text),
    )
