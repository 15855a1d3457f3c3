"""Each event counts once, whatever happens to the runners (F4)."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from domain.store import PositionMovedError, rows
from domain.store.follow import PAGE
from projections.catalog import PROJECTIONS
from projections.engine import Engine
from projections.schema import NewerSchemaError, prepare
from tests.projections.helpers import DISTRICT, OTHER, TOWN, City, digest, ordered, running

DYING = Path(__file__).with_name("dying.py")


@pytest.fixture
def busy(city: City) -> City:
    """A month of three teams, clocks included: more than one page of events."""
    play = city.play
    for team in (DISTRICT, TOWN, OTHER) * 5:
        ordered(play, team, "一般", "重大", days=10)
    play.until("2026-03-20")
    play.case = ordered(play, DISTRICT, "一般")
    assert city.head > PAGE
    return city


def start_over(city: City) -> None:
    """Empty tables at the beginning of the log."""
    with psycopg.connect(city.database.projector) as connection:
        for table in (t for p in PROJECTIONS for t in p.tables):
            connection.execute(f"TRUNCATE {table.live()}".encode())
        connection.execute("UPDATE read.positions SET seq = 0")


def test_the_same_events_again_change_nothing(busy: City) -> None:
    busy.project()
    before = digest(busy.database)
    with psycopg.connect(busy.database.owner) as connection:
        connection.execute("UPDATE read.positions SET seq = 0 WHERE name <> 'month'")
        # What has been there once is there twice only where a column adds up.
        connection.execute("UPDATE read.deadlines SET history = '[]'")
        connection.execute("UPDATE read.notices SET subjects = '[]'")
    busy.project()
    assert digest(busy.database) == before


@pytest.mark.parametrize("size", [1, 7])
def test_where_pages_end_makes_no_difference(busy: City, size: int) -> None:
    busy.project()
    whole = digest(busy.database)
    start_over(busy)
    with Engine(busy.database.projector, PROJECTIONS) as engine:
        at = engine.position()
        while page := rows.page(engine.connection, at, size):
            engine.handle(page)
            at = page[-1].seq
    assert digest(busy.database) == whole


def test_a_second_engine_of_the_same_page_is_turned_away(city: City) -> None:
    dsn = city.database.projector
    prepare(dsn, PROJECTIONS)
    with Engine(dsn, PROJECTIONS) as one, Engine(dsn, PROJECTIONS) as other:
        assert (one.position(), other.position()) == (0, 0)
        page = rows.page(one.connection, 0, 40)
        one.handle(page)
        before = digest(city.database)
        with pytest.raises(PositionMovedError):
            other.handle(page)
        assert other.position() == page[-1].seq
    assert digest(city.database) == before


@pytest.mark.parametrize(("statements", "position"), [(5, 0), (9, 0), (16, 0), (21, 0), (30, PAGE)])
def test_killed_at_any_point_it_goes_on_from_there(
    busy: City, statements: int, position: int
) -> None:
    killed = subprocess.run(
        [sys.executable, str(DYING), busy.database.projector, str(statements)],
        check=False,
        cwd=DYING.parents[2],
        timeout=60,
    )
    assert killed.returncode == -9
    assert busy.rows("SELECT DISTINCT seq FROM read.positions") == [{"seq": position}]
    busy.project()
    survived = digest(busy.database)
    start_over(busy)
    busy.project()
    assert digest(busy.database) == survived


def test_two_runners_count_nothing_twice(busy: City) -> None:
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(running(busy.database))
        busy.wait()
    together = digest(busy.database)
    start_over(busy)
    busy.project()
    assert digest(busy.database) == together


def test_a_lost_connection_is_replaced(busy: City) -> None:
    with running(busy.database):
        busy.wait()
        with psycopg.connect(busy.database.owner, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'bihuan_projector' AND datname = current_database()"
            )
        ordered(busy.play, TOWN, "一般")
        busy.wait()


def test_an_unknown_kind_of_event_is_passed_over(busy: City) -> None:
    """A newer program wrote it; a rebuild by that program will read it."""
    with psycopg.connect(busy.database.owner) as connection:
        connection.execute("SET session_replication_role = replica")  # past the log's own guard
        connection.execute(
            "UPDATE log.events SET topic = 'inspection/of-tomorrow'"
            " WHERE topic = 'inspection/briefing-heard'"
        )
    busy.project()
    cases = busy.rows("SELECT version, kind FROM read.cases WHERE kind = 'inspection'")
    assert len(cases) == 16
    assert busy.rows("SELECT FROM read.timeline WHERE topic = 'inspection/briefing-heard'") == []


def test_an_older_program_does_not_touch_newer_tables(city: City) -> None:
    city.project()
    with psycopg.connect(city.database.projector) as connection:
        connection.execute("UPDATE read.positions SET version = version + 1")
    with pytest.raises(NewerSchemaError):
        prepare(city.database.projector, PROJECTIONS)
    with Engine(city.database.projector, PROJECTIONS) as engine, pytest.raises(NewerSchemaError):
        engine.position()
