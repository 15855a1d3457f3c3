"""Following the log: for projections and the workflow feed."""

import random
from collections.abc import Callable, Iterator
from threading import Event as Stop
from time import monotonic

import psycopg

from domain.store import rows
from domain.store.pool import Connection
from domain.store.rows import CHANNEL
from domain.store.shapes import Stored

PAGE = 500
POLL = 1.0
LONGEST_WAIT = 5.0
LONGEST_REST = 1.0
_SLICE = 0.1  # how long a stop may have to wait


class PositionMovedError(Exception):
    """Another follower of the same name moved the position: read it again."""


def follow(
    dsn: str,
    position: Callable[[], int],
    handle: Callable[[list[Stored]], None],
    stop: Stop,
    *,
    rest: Callable[[float], float] = lambda _: 0,
    idle: Callable[[], float] = lambda: POLL,
) -> None:
    """Hand every event after ``position()`` to ``handle``, in order, in pages, until ``stop``.

    After a page that was not full it rests: ``rest`` says how long after one that took so many
    seconds, at most ``LONGEST_REST``. A lone event is handled at once, a flood of them together.
    When there is nothing more, ``idle`` may do what was put off, and says when to ask again at the
    latest.

    LISTEN is active before the first pull, and the log is polled each second anyway, so a lost
    notification costs a second and nothing else. ``position`` says where to go on. ``handle``
    stores its new position with its rows, comparing the old one first, and raises
    ``PositionMovedError`` when that differs. A lost database is waited for; any other error is the
    caller's.
    """
    wait = POLL / 10
    while not stop.is_set():
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                _listen(connection)
                while not stop.is_set():
                    until = _drain(connection, position, handle, stop, rest, idle)
                    wait = POLL / 10
                    _wait(connection, stop, min(until, POLL))
        except psycopg.OperationalError:
            stop.wait(wait * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            wait = min(wait * 2, LONGEST_WAIT)


def heartbeats(dsn: str, timeout: float) -> Iterator[None]:
    """Beat once when listening, then after every append and at least each ``timeout`` seconds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        _listen(connection)
        while True:
            yield
            for _ in connection.notifies(timeout=timeout, stop_after=1):
                pass


def _listen(connection: Connection) -> None:
    connection.execute("SET timezone = 'UTC'")  # rows read the same as through the store
    connection.execute(f"LISTEN {CHANNEL}".encode())


def _drain(
    connection: Connection,
    position: Callable[[], int],
    handle: Callable[[list[Stored]], None],
    stop: Stop,
    rest: Callable[[float], float],
    idle: Callable[[], float],
) -> float:
    at = position()
    while not stop.is_set():
        page = rows.page(connection, at, PAGE)
        began = monotonic()
        try:
            if not page:
                return idle()
            handle(page)
            at = page[-1].seq
        except PositionMovedError:
            at = position()
        if len(page) < PAGE:
            stop.wait(min(rest(monotonic() - began), LONGEST_REST))
    return POLL


def _wait(connection: Connection, stop: Stop, longest: float) -> None:
    end = monotonic() + longest
    while not stop.is_set() and (left := end - monotonic()) > 0:
        if list(connection.notifies(timeout=min(left, _SLICE), stop_after=1)):
            return
