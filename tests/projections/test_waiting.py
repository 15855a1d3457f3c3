"""Reading one's own write: wait on a position, never on a guess (F20)."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from projections.catalog import PROJECTIONS
from projections.waiting import caught_up, wait_for
from tests.projections.helpers import DISTRICT, City, inspected, running


def test_before_the_first_start_nothing_is_caught_up(reading: psycopg.Connection) -> None:
    assert caught_up(reading) == {}
    assert not wait_for(reading, 1, timeout=0.01)


def test_positions_are_told_by_projection(city: City, reading: psycopg.Connection) -> None:
    city.project()
    assert caught_up(reading) == dict.fromkeys(sorted(p.name for p in PROJECTIONS), city.head)


def test_who_waits_is_told_when_it_is_there(city: City, reading: psycopg.Connection) -> None:
    with running(city.database), ThreadPoolExecutor(1) as pool:
        city.wait()
        ahead = city.head + 15
        waiting = pool.submit(wait_for, reading, ahead, 30)
        inspected(city.play, DISTRICT)
        assert city.head >= ahead
        assert waiting.result(30)
        assert not wait_for(reading, city.head + 1, timeout=0.05)
