"""Parked streams (搁置): seen, and taken up again once the program can read them."""

from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from domain.store import rows
from domain.store.pool import Connection
from projections.catalog import PROJECTIONS
from projections.engine import Engine
from projections.positions import locked
from projections.projection import Projection
from projections.tables import BESIDE


def parked(connection: Connection) -> list[dict[str, Any]]:
    """Alarm: streams that projections have parked, oldest first; empty when all is well."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT projection, stream, seq, topic, error, parked_at FROM read.parked"
            " WHERE right(projection, %s) <> %s ORDER BY parked_at, projection, stream",
            (len(BESIDE), BESIDE),
        ).fetchall()


def unpark(dsn: str, stream: UUID, projection: str | None = None) -> list[str]:
    """Take the parked ``stream`` up again where it was left; returns the projections that did.

    What fails again stays parked, and its error is raised.
    """
    wanted = [p for p in PROJECTIONS if projection in {None, p.name}]
    return [p.name for p in wanted if _unpark(dsn, p, stream)]


def _unpark(dsn: str, projection: Projection, stream: UUID) -> bool:
    with Engine(dsn, [projection]) as engine:
        connection = engine.connection
        with connection.transaction():
            position = locked(connection, {projection.name: projection.version})[projection.name]
            found = connection.execute(
                "DELETE FROM read.parked WHERE projection = %s AND stream = %s RETURNING seq",
                (projection.name, stream),
            ).fetchone()
            if found is None:
                return False
            left_out = [s for s in rows.stream(connection, stream) if found[0] <= s.seq <= position]
            engine.replay(projection.name, left_out)
    return True
