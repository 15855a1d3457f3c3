"""How far the projections are, and waiting until they are far enough (读己之写)."""

import time

from psycopg.errors import UndefinedTable

from domain.store.pool import Connection
from projections.schema import CHANNEL
from projections.tables import BESIDE


def caught_up(connection: Connection) -> dict[str, int]:
    """The newest event each projection has taken in; nothing before the first start."""
    query = "SELECT name, seq FROM read.positions WHERE right(name, %s) <> %s ORDER BY name"
    try:
        return dict(connection.execute(query, (len(BESIDE), BESIDE)).fetchall())
    except UndefinedTable:
        return {}


def wait_for(connection: Connection, seq: int, timeout: float = 2.0) -> bool:
    """Wait until every projection has taken in event ``seq``; whether it did within ``timeout``.

    ``connection`` is in autocommit: a notification does not reach an open transaction.
    """
    if reached(connection, seq):
        return True
    until = time.monotonic() + timeout
    connection.execute(f"LISTEN {CHANNEL}".encode())
    try:
        while not reached(connection, seq):
            left = until - time.monotonic()
            if left <= 0:
                return False
            for _ in connection.notifies(timeout=left, stop_after=1):
                pass
    finally:
        connection.execute(f"UNLISTEN {CHANNEL}".encode())
    return True


def reached(connection: Connection, seq: int) -> bool:
    """Whether every projection has taken in event ``seq``."""
    return min(caught_up(connection).values(), default=0) >= seq
