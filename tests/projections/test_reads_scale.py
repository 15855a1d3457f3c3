"""No read walks a large table: its cost is that of its page, however many cases there are."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.law import law
from projections.catalog import PROJECTIONS
from projections.reads import (
    Horizon,
    Scope,
    case_list,
    case_timeline,
    case_view,
    contributions,
    enterprises,
    grants_of,
    inbox,
    month_table,
    my_work,
    open_deadlines,
    people,
    scope_of,
    units,
    work_counts,
)
from projections.schema import prepare
from tests.projections.helpers import Database
from tests.projections.seeded import CASES, SEED

HORIZON = Horizon.of(date(2026, 6, 1), law().calendar)
MONTH = date(2026, 3, 1)
MOST = 20_000
"""Rows a read may touch; the monthly table reads its month, the others far fewer."""
LARGE = {
    "cases",
    "todos",
    "timeline",
    "deadlines",
    "notices",
    "notice_addresses",
    "month_contributions",
}

Ask = Callable[[psycopg.Connection, Scope], Any]


@pytest.fixture(scope="module")
def seeded(new_database: Callable[[], Database]) -> Iterator[psycopg.Connection]:
    """A reader of many cases."""
    database = new_database()
    prepare(database.projector, PROJECTIONS)
    with psycopg.connect(database.projector, autocommit=True) as connection:
        connection.execute(SEED.format(cases=CASES).encode())
    with psycopg.connect(database.reader, autocommit=True) as connection:
        yield connection


def case(scope: Scope, connection: psycopg.Connection) -> UUID:
    return case_list(connection, scope).items[0]["id"]


def top(connection: psycopg.Connection, scope: Scope) -> UUID:
    """The unit of the account itself."""
    return grants_of(connection, scope.account)[0].unit


READS: dict[str, Ask] = {
    "scope": lambda c, s: scope_of(c, s.account, grants_of(c, s.account)).units,
    "work": lambda c, s: my_work(c, s, HORIZON).items,
    "work, second page": lambda c, s: (
        my_work(c, s, HORIZON, after=my_work(c, s, HORIZON).next).items
    ),
    "work, near": lambda c, s: my_work(c, s, HORIZON, "near").items,
    "work, overdue": lambda c, s: my_work(c, s, HORIZON, "overdue").items,
    "work, started": lambda c, s: my_work(c, s, HORIZON, "started").items,
    "work, counts": lambda c, s: work_counts(c, s, HORIZON),
    "case": lambda c, s: case_view(c, s, HORIZON, case(s, c)),
    "timeline": lambda c, s: case_timeline(c, s, case(s, c)).items,
    "cases": lambda c, s: case_list(c, s).items,
    "cases, open": lambda c, s: case_list(c, s, open_only=True).items,
    "cases of a unit": lambda c, s: case_list(c, s, unit=top(c, s)).items,
    "cases of an enterprise": lambda c, s: (
        case_list(c, s, enterprise=case_list(c, s).items[0]["enterprise"]).items
    ),
    "deadlines": lambda c, s: open_deadlines(c, s, HORIZON).items,
    "deadlines of a unit": lambda c, s: open_deadlines(c, s, HORIZON, unit=top(c, s)).items,
    "deadlines of an officer": lambda c, s: open_deadlines(c, s, HORIZON, officer=s.account).items,
    "inbox": lambda c, s: inbox(c, s).items,
    "month": lambda c, s: month_table(c, s, MONTH, top(c, s)),
    "contributions": lambda c, s: contributions(c, s, MONTH, top(c, s), "visits").items,
    "enterprises of the month": lambda c, s: (
        contributions(c, s, MONTH, top(c, s), "enterprises").items
    ),
    "units": lambda c, _: units(c),
    "people": lambda c, s: people(c, list(s.units)).items,
    "enterprises": lambda c, s: enterprises(c, list(s.units), "企业1").items,
}


def touched(connection: psycopg.Connection) -> tuple[int, int]:
    """Walks of whole large tables, and rows fetched from all, since the beginning."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    row = connection.execute(
        "SELECT sum(seq_scan) FILTER (WHERE relname = ANY(%s)),"
        " sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FILTER (WHERE relname = ANY(%s))"
        " FROM pg_stat_user_tables WHERE schemaname = 'read'",
        (list(LARGE), list(LARGE)),
    ).fetchone()
    assert row
    return int(row[0]), int(row[1])


@pytest.mark.parametrize("account", ["officer0", "officer1", "officer50"])
@pytest.mark.parametrize("read", READS)
def test_a_read_costs_its_page(seeded: psycopg.Connection, read: str, account: str) -> None:
    """As somebody of the city, of a district, of a town."""
    scope = scope_of(seeded, account, grants_of(seeded, account))
    before = touched(seeded)
    assert READS[read](seeded, scope)
    after = touched(seeded)
    assert after[0] - before[0] == 0, "a large table was walked"
    assert after[1] - before[1] < MOST
