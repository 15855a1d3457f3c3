"""Rebuilding (重建): a projection made anew beside the live one, compared, put in its place."""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from domain.store import rows
from domain.store.pool import Connection
from projections.catalog import PROJECTIONS
from projections.compare import Difference, difference
from projections.engine import Engine
from projections.positions import place
from projections.projection import Projection
from projections.schema import connect, create, discard, lock, prepare
from projections.tables import BESIDE

PAGE = 2_000
"""Larger than the runner's: the rows of a case are written once per page, and nobody waits."""
LONGEST_WAIT = 10
"""Seconds the swap waits for readers; they in turn wait for the swap."""
LOCK = 0x72656275  # "rebu": one rebuild at a time


class RebuildRunningError(RuntimeError):
    """Another rebuild is at work."""


@dataclass(frozen=True)
class Rebuilt:
    """What became of one projection (重建结果)."""

    name: str
    seq: int
    """Position at which both sides were compared."""
    tables: list[Difference]
    seconds: float
    swapped: bool

    @property
    def same(self) -> bool:
        """Whether the live tables held the same bytes."""
        return all(table.same for table in self.tables)


def rebuild(dsn: str, name: str | None = None, *, compare: bool = False) -> list[Rebuilt]:
    """Rebuild one projection or all; the live tables serve until the new ones take their place.

    Args:
        dsn: connection of the projector role; the runner may be at work.
        name: which projection, all when None.
        compare: only compare; nothing is put in place.

    Raises:
        KeyError: no projection has that name.
        RebuildRunningError: another rebuild is at work.
    """
    wanted = [p for p in PROJECTIONS if name in {None, p.name}]
    if not wanted:
        raise KeyError(name)
    if older := prepare(dsn, PROJECTIONS):
        renew(dsn, older)
    done: list[Rebuilt] = []
    with connect(dsn) as guard, _alone(guard):
        for group in _level(guard, wanted):
            done += _rebuild(dsn, group, swap=not compare)
    return done


def renew(dsn: str, older: Sequence[Projection]) -> None:
    """Put tables of this program's version in the place of older ones."""
    with connect(dsn) as guard, _alone(guard), _beside(dsn, older) as engine:
        _swap(engine, older)


def _rebuild(dsn: str, group: Sequence[Projection], *, swap: bool) -> list[Rebuilt]:
    began = time.monotonic()
    with _beside(dsn, group) as engine:
        with connect(dsn) as live, live.transaction():
            # Positions and rows of one instant, however long the rebuild takes.
            live.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            live.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            seq = place(live, [p.name for p in group])[group[0].name]
            _catch_up(engine, seq)
            tables = {
                p.name: [difference(live, engine.connection, t, BESIDE) for t in p.tables]
                for p in group
            }
        if swap:
            _swap(engine, group)
    seconds = time.monotonic() - began
    return [Rebuilt(p.name, seq, tables[p.name], seconds, swap) for p in group]


@contextmanager
def _alone(guard: Connection) -> Generator[None]:
    """Tables beside the live ones belong to one rebuild."""
    taken = guard.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    if taken != (True,):
        raise RebuildRunningError("另一次重建正在进行，请等它结束后再试。")
    yield


@contextmanager
def _beside(dsn: str, group: Sequence[Projection]) -> Generator[Engine]:
    """An engine on empty tables beside the live ones, which are gone in the end."""
    with Engine(dsn, group, BESIDE) as engine:
        _clear(engine.connection, group)
        with engine.connection.transaction():
            for projection in group:
                create(engine.connection, projection, BESIDE)
        try:
            yield engine
        finally:
            _clear(engine.connection, group)


def _clear(connection: Connection, group: Sequence[Projection]) -> None:
    with connection.transaction():
        for projection in group:
            discard(connection, projection)


def _catch_up(engine: Engine, target: int) -> None:
    at = engine.position()
    while at < target:
        page = rows.page(engine.connection, at, min(PAGE, target - at))
        engine.handle(page)
        at = page[-1].seq


def _swap(engine: Engine, group: Sequence[Projection]) -> None:
    """Come level with the live tables, then take their place while the runner waits."""
    connection, names = engine.connection, [p.name for p in group]
    _catch_up(engine, max(place(connection, names).values()))
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'".encode())
        lock(connection)
        _catch_up(engine, max(place(connection, names, lock=True).values()))
        for projection in group:
            for table in projection.tables:
                for statement in table.take_place(BESIDE):
                    connection.execute(statement.encode())
            _inherit(connection, projection)


def _inherit(connection: Connection, projection: Projection) -> None:
    """Position and parked streams are those of the rebuild."""
    names = {"name": projection.name, "beside": projection.name + BESIDE}
    for statement in (
        "DELETE FROM read.positions WHERE name = %(name)s",
        "UPDATE read.positions SET name = %(name)s WHERE name = %(beside)s",
        "DELETE FROM read.parked WHERE projection = %(name)s",
        "UPDATE read.parked SET projection = %(name)s WHERE projection = %(beside)s",
    ):
        connection.execute(statement, names)


def _level(connection: Connection, wanted: Sequence[Projection]) -> list[list[Projection]]:
    """Projections that stand at the same position are rebuilt in one pass."""
    at = place(connection, [p.name for p in wanted])
    ordered = sorted(wanted, key=lambda p: at[p.name])
    return [list(group) for _, group in groupby(ordered, key=lambda p: at[p.name])]
