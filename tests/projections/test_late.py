"""Acts entered afterwards (补录) are seen as such: timeline, list, figures of the month."""

from datetime import date
from typing import Any

import psycopg
import pytest

from domain.times import day
from projections.reads import case_timeline, contributions, late_entries
from tests.domain import walk, world
from tests.projections.helpers import City

REASON = "现场无网络，次日录入"


@pytest.fixture
def late_city(city: City) -> City:
    """A visit of yesterday evening, ended in the system this morning."""
    play = city.play
    walk.answered(play)
    ended = play.log.now
    play.at("2026-03-03T09:00")
    play.does("insp1", "finish-visit", at=ended, late_reason=REASON)
    city.project()
    return city


def rows(city: City, reading: psycopg.Connection, account: str) -> list[dict[str, Any]]:
    return late_entries(reading, city.scope(reading, account)).items


def test_the_supervisor_finds_both_times_and_the_reason(
    late_city: City, reading: psycopg.Connection
) -> None:
    found = [r for r in rows(late_city, reading, "sup1") if r["case_id"] == late_city.play.case]
    assert {r["words"] for r in found} >= {"现场检查结束"}
    for row in found:
        assert row["reason"] == REASON
        assert day(row["occurred_at"]) == date(2026, 3, 2)
        assert row["enterprise_name"]


def test_another_district_finds_nothing_of_it(late_city: City, reading: psycopg.Connection) -> None:
    assert not rows(late_city, reading, "insp9")
    assert not rows(late_city, reading, "adm1")


def test_the_timeline_says_so_and_nothing_of_the_rest(
    late_city: City, reading: psycopg.Connection
) -> None:
    scope = late_city.scope(reading, "insp1")
    events = case_timeline(reading, scope, late_city.play.case, limit=200).items
    said = {e["topic"]: e["reason"] for e in events}
    assert said["inspection/visit-finished"] == REASON
    assert said["inspection/planned"] == ""


def test_the_figures_of_the_month_tell_it(late_city: City, reading: psycopg.Connection) -> None:
    scope = late_city.scope(reading, "sup1")
    month = contributions(reading, scope, date(2026, 3, 1), world.DISTRICT, "visits").items
    mine = [row for row in month if row["case_id"] == late_city.play.case]
    assert [row["reason"] for row in mine] == [REASON]
