"""Nobody sees a case outside the units of his grants, whatever he reads (I11)."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from projections.reads import (
    case_list,
    case_timeline,
    case_view,
    contributions,
    inbox,
    month_table,
    my_work,
    open_deadlines,
    work_counts,
)
from tests.domain import world
from tests.projections.helpers import DISTRICT, OTHER, TOWN, City, ordered

MARCH = date(2026, 3, 1)
Ask = Callable[[City, psycopg.Connection, str, UUID], Any]

READS: dict[str, Ask] = {
    "my_work": lambda c, r, a, _: [
        my_work(r, c.scope(r, a), c.horizon(), tab).items
        for tab in ("todo", "near", "overdue", "started")
    ],
    "work_counts": lambda c, r, a, _: sum(work_counts(r, c.scope(r, a), c.horizon()).values()),
    "case_view": lambda c, r, a, case: case_view(r, c.scope(r, a), c.horizon(), case),
    "case_timeline": lambda c, r, a, case: case_timeline(r, c.scope(r, a), case).items,
    "case_list": lambda c, r, a, _: case_list(r, c.scope(r, a)).items,
    "case_list of a unit": lambda c, r, a, _: case_list(r, c.scope(r, a), unit=world.OTHER).items,
    "case_list of an enterprise": lambda c, r, a, _: (
        case_list(r, c.scope(r, a), enterprise=world.OTHER_ENTERPRISE).items
    ),
    "open_deadlines": lambda c, r, a, _: open_deadlines(r, c.scope(r, a), c.horizon()).items,
    "open_deadlines of a unit": lambda c, r, a, _: (
        open_deadlines(r, c.scope(r, a), c.horizon(), unit=world.OTHER).items
    ),
    "open_deadlines of an officer": lambda c, r, a, _: (
        open_deadlines(r, c.scope(r, a), c.horizon(), officer="insp9").items
    ),
    "inbox": lambda c, r, a, _: inbox(r, c.scope(r, a)).items,
    "month_table": lambda c, r, a, _: month_table(r, c.scope(r, a), MARCH, world.OTHER),
    "contributions": lambda c, r, a, _: (
        contributions(r, c.scope(r, a), MARCH, world.OTHER, "visits").items
    ),
    "contributions of the city": lambda c, r, a, _: (
        contributions(r, c.scope(r, a), MARCH, world.CITY, "visits").items
    ),
}


def seen(city: City, reading: psycopg.Connection, account: str) -> list[str]:
    """Which reads show the account anything of the case."""
    found = {name: ask(city, reading, account, city.play.case) for name, ask in READS.items()}
    return [name for name, one in found.items() if (any(one) if isinstance(one, list) else one)]


@pytest.fixture
def other(city: City) -> City:
    """One case, of the other district, and everything its clocks told."""
    ordered(city.play, OTHER, "一般")
    city.play.until("2026-03-25")
    city.project()
    return city


@pytest.mark.parametrize("account", ["insp1", "appr1", "sup1", "aud1", "insp5", "adm0", "nobody"])
def test_the_case_of_another_district_is_nowhere(
    other: City, reading: psycopg.Connection, account: str
) -> None:
    assert seen(other, reading, account) == []


def test_who_belongs_to_it_sees_it_everywhere(other: City, reading: psycopg.Connection) -> None:
    assert seen(other, reading, "insp9") == list(READS)


def test_the_city_sees_its_districts_and_the_district_its_towns(
    city: City, reading: psycopg.Connection
) -> None:
    cases = {ordered(city.play, team, "一般"): team for team in (DISTRICT, TOWN, OTHER)}
    city.project()
    seen = {
        account: [
            cases[row["id"]] for row in case_list(reading, city.scope(reading, account)).items
        ]
        for account in ("insp0", "sup1", "insp5", "insp9")
    }
    assert seen == {
        "insp0": [OTHER, TOWN, DISTRICT],
        "sup1": [TOWN, DISTRICT],
        "insp5": [TOWN],
        "insp9": [OTHER],
    }


def test_a_role_taken_back_ends_the_sight_at_once(other: City, reading: psycopg.Connection) -> None:
    who = world.person("insp9")
    other.play.does(world.ROOT, "revoke-role", target=who, role="inspector", unit=world.OTHER)
    other.project()
    assert seen(other, reading, "insp9") == []


def test_the_whole_organisation_covers_every_unit(city: City, reading: psycopg.Connection) -> None:
    who = world.person("aud1")
    play = city.play
    play.does(
        world.ROOT,
        "grant-role",
        target=who,
        role="auditor",
        unit=world.CITY,
    )
    ordered(play, OTHER, "一般")
    city.project()
    assert len(case_list(reading, city.scope(reading, "aud1")).items) == 1
