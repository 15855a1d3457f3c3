"""Every monthly figure is its events, and the sums of the units are the sum (I6)."""

from collections import Counter
from datetime import date

import psycopg
import pytest

from domain import inspection as f
from domain.penalty import penalty as p
from domain.times import day
from projections.reads import contributions, month_table
from projections.reads.month import indicators
from projections.reads.month import month_table as table_of
from tests.domain import walk, world
from tests.projections.helpers import DISTRICT, OTHER, TOWN, City, inspected, ordered

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
CODES = [one.code for one in indicators()]


@pytest.fixture
def busy(city: City) -> City:
    """Two districts and a town; the town's enterprise is visited by two units."""
    play = city.play
    ordered(play, TOWN, "一般", "一般", "重大")
    ordered(play, DISTRICT, "一般")
    ordered(play, OTHER, "重大")
    inspected(play, OTHER)
    play.does("insp9", "propose-filing", cause="未按规定培训", facts_seen="现场所见")
    play.at("2026-03-31T23:59")
    inspected(play, TOWN, "一般")  # made in April, about a visit that ended in April
    city.project()
    return city


def test_zeros_are_printed_for_every_unit_and_indicator(
    city: City, reading: psycopg.Connection
) -> None:
    city.project()
    scope = city.scope(reading, "insp0")
    table = month_table(reading, scope, MARCH, world.CITY)
    assert table
    assert [r["name"] for r in table["rows"]] == ["枣庄市", "云栖区", "青禾区", "柳桥镇"]
    assert [r["depth"] for r in table["rows"]] == [0, 1, 1, 2]
    for row in table["rows"]:
        assert row["own"] == row["total"] == dict.fromkeys(CODES, 0)


def test_town_and_district_and_city_add_up_to_the_fold(
    busy: City, reading: psycopg.Connection
) -> None:
    scope = busy.scope(reading, "insp0")
    for month in (MARCH, APRIL):
        table = table_of(reading, scope, month, world.CITY)
        assert table
        rows = {r["id"]: r for r in table["rows"]}
        expected = fold(busy, month)
        for code in CODES:
            own = {unit: row["own"][code] for unit, row in rows.items()}
            city = rows[world.CITY]["total"][code]
            assert city == sum(own.values()) == expected[code]
            district = rows[world.DISTRICT]["total"][code]
            assert district == own[world.DISTRICT] + own[world.TOWN]
            assert city == district + rows[world.OTHER]["total"][code] + own[world.CITY]


def test_the_figures_are_these(busy: City, reading: psycopg.Connection) -> None:
    table = month_table(reading, busy.scope(reading, "insp0"), MARCH, world.CITY)
    assert table
    total = table["rows"][0]["total"]
    assert {code: n for code, n in total.items() if n} == {
        "visits": 4,
        "enterprises": 2,
        "hazards-general": 3,
        "hazards-major": 2,
        "document/PLAN": 4,
        "document/RECORD": 4,
        "document/ORDER": 3,
        "filings-proposed": 1,
    }


def test_an_enterprise_counts_once_for_the_unit_that_came_first(
    busy: City, reading: psycopg.Connection
) -> None:
    table = month_table(reading, busy.scope(reading, "insp0"), MARCH, world.CITY)
    assert table
    own = {r["id"]: (r["own"]["visits"], r["own"]["enterprises"]) for r in table["rows"]}
    assert own == {
        world.CITY: (0, 0),
        world.DISTRICT: (1, 0),
        world.TOWN: (1, 1),
        world.OTHER: (2, 1),
    }


def test_every_figure_leads_to_its_events(busy: City, reading: psycopg.Connection) -> None:
    scope = busy.scope(reading, "insp0")
    table = month_table(reading, scope, MARCH, world.CITY)
    assert table
    for row in table["rows"]:
        for code in CODES:
            found = contributions(reading, scope, MARCH, row["id"], code).items
            assert sum(one["amount"] for one in found) == row["total"][code]
            seqs = {one["seq"] for one in found}
            assert len(seqs) == len(found)
            assert seqs <= set(range(1, busy.head + 1))


def test_drilling_down_goes_page_by_page(busy: City, reading: psycopg.Connection) -> None:
    scope = busy.scope(reading, "insp0")
    seen, after = [], None
    while True:
        page = contributions(reading, scope, MARCH, world.CITY, "visits", after=after, limit=3)
        seen += [one["seq"] for one in page.items]
        after = page.next
        if after is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen)


def test_a_void_document_does_not_count(city: City, reading: psycopg.Connection) -> None:
    play = city.play
    walk.recorded(play, "一般")
    walk.order(play, H1="2026-03-10")
    walk.order(play, H1="2026-03-20")  # replaces the one that was never served
    city.project()
    table = month_table(reading, city.scope(reading, "insp1"), MARCH, world.DISTRICT)
    assert table
    assert table["rows"][0]["total"]["document/ORDER"] == 1


def fold(city: City, month: date) -> Counter[str]:
    """The same figures straight from the events."""
    found: Counter[str] = Counter()
    enterprises = set()
    documents = {}
    for event in (e for s in city.play.log.streams.values() for e in s):
        fact, today = event.fact, day(event.occurred_at)
        match fact:
            case f.VisitFinished() if in_month(day(fact.ended_at), month):
                found["visits"] += 1
                enterprises.add(fact.enterprise)
            case f.DocumentServed() if in_month(fact.effective_on, month):
                for served in fact.first_served:
                    kind = "major" if served.grade.value == "重大" else "general"
                    found[f"hazards-{kind}"] += 1
            case p.FilingProposed() if in_month(today, month):
                found["filings-proposed"] += 1
            case p.FilingApproved() if in_month(today, month):
                found["filings-approved"] += 1
            case f.DocumentVoided():
                del documents[fact.document]
            case _:
                pass
        if document := getattr(fact, "document", None):
            documents |= {document.id: document} if hasattr(document, "code") else {}
    for document in documents.values():
        found[f"document/{document.code}"] += in_month(document.dated, month)
    found["enterprises"] = len(enterprises)
    return found


def in_month(on: date, month: date) -> bool:
    return on.replace(day=1) == month
