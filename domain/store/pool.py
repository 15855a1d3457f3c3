"""Connections: a bounded pool, and bounded retries when the database went away."""

import random
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from domain.store.shapes import StoreUnavailable

T = TypeVar("T")
Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]

ATTEMPTS = 5
FIRST_WAIT = 0.05
LONGEST_QUEUE = 2.0

_SESSION = (
    "SET lock_timeout = '2s'; SET statement_timeout = '30s';"
    " SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC';"
    # Plans are made once, on a new system with an almost empty log, and kept: by index at once.
    " SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
)


def open_pool(dsn: str, size: int) -> Pool:
    """Pool of at most ``size`` connections; nothing is connected before the first use."""
    return ConnectionPool(
        dsn,
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=LONGEST_QUEUE,
        configure=_configure,
        open=True,
    )


@contextmanager
def borrowed(pool: Pool) -> Generator[Connection]:
    """A connection of the pool. Every statement commits itself, so nothing is to end here."""
    connection = pool.getconn()
    try:
        yield connection
    finally:
        pool.putconn(connection)


def _configure(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_SESSION)


def _lost(error: psycopg.Error) -> bool:
    """Whether the server went away; a full disk, a lock or a full pool is an answer, not a loss."""
    if isinstance(error, PoolTimeout):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def run(pool: Pool, work: Callable[[Connection], T]) -> T:
    """Do ``work`` on a connection, again on another one when the server went away.

    ``work`` must be safe to repeat: a read, or an append under its command id. Two askers never
    wait in step (jitter), and nobody waits for long.

    Raises:
        StoreUnavailable: no connection, lock or space was free, or no server came back in time.
    """
    for attempt in range(ATTEMPTS):
        try:
            with borrowed(pool) as connection:
                return work(connection)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if not _lost(error) or attempt == ATTEMPTS - 1:
                raise StoreUnavailable(str(error)) from error
            # The others in the pool are as dead as this one; let it find out at once.
            pool.check()
            time.sleep(FIRST_WAIT * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
    raise AssertionError(ATTEMPTS)
