"""The floor: ``append_events`` from psycopg alone, what a command writes, eight clients."""

import time
from uuid import UUID, uuid4

import orjson
import psycopg

from tests.bench.crowd import Done, Round, at_the_start, timed, together

APPEND = (
    "SELECT outcome FROM log.append_events"
    "(%b, %b, %b, %b::uuid[], %b::text[], %b::int[], %b::text[], %b::bytea[], %b::timestamptz[])"
)
EVENTS, BYTES = 2, 400
"""Events of a command and bytes of an event, on average, in the inspection of ``clients``."""
STATE = orjson.dumps({"v": 1, "fact": "x" * (BYTES - 20)})


def _append(connection: psycopg.Connection, stream: UUID, nth: int) -> None:
    version = nth * EVENTS + 1
    row = connection.execute(
        APPEND,
        (
            uuid4(),
            b"hash",
            b"{}",
            [stream] * EVENTS,
            ["inspection"] * EVENTS,
            list(range(version, version + EVENTS)),
            ["bench/raw"] * EVENTS,
            [STATE] * EVENTS,
            ["2026-01-01T00:00:00Z"] * EVENTS,
        ),
        prepare=True,
    ).fetchone()
    assert row == ("appended",)


def _client(dsn: str, count: int) -> Done:
    stream = uuid4()
    with psycopg.connect(dsn, autocommit=True) as connection:
        with at_the_start():
            _append(connection, stream, 0)
        began = time.perf_counter()
        seconds = [
            timed(lambda nth=nth: _append(connection, stream, nth)) for nth in range(1, count + 1)
        ]
        return Done(began, time.perf_counter(), seconds)


def appends(dsn: str, count: int) -> Round:
    """Each client appends ``count`` times."""
    return together(_client, dsn, count)
