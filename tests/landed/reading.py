"""What the program of today reads out of the recording, in words that do not change with it.

``firings`` and ``remaining`` know the shapes of facts and cases, ``says`` knows the reads: whoever
changes those, adapts this module.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import psycopg

from domain import registry
from domain.application import Bihuan
from domain.case import KINDS, Case
from domain.deadlines import ClockFired, Key, about
from domain.law import law
from domain.store import EventStore, Stored
from domain.store.follow import PAGE
from domain.times import day
from projections import reads
from projections.reads import Horizon, Page, Scope

MONTHS = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
EVERYTHING = "aud0"
"""The city's auditor, who may read every case."""
INSTANT = timedelta(microseconds=1)


class Rung(NamedTuple):
    """A rung of a ladder, by what the law calls it. A hazard has one deadline per rule and date."""

    case: str
    rule: str
    subject: str
    """``H1`` where it is a hazard, else what the clock names."""
    due: str
    """The last day of the term: an extension or a new order makes another one."""
    rung: str


def fired(store: EventStore) -> Counter[Rung]:
    """How often each rung has fired; more than once is never right."""
    return Counter(rung for rung, _ in firings(store))


def late(store: EventStore) -> set[Rung]:
    """Rungs that fired late, as the fact itself says."""
    return {rung for rung, seconds in firings(store) if seconds}


def firings(store: EventStore) -> Iterator[tuple[Rung, int]]:
    """Each firing of a rung, one per hazard, and by how many seconds it was late."""
    for stored in log(store):
        fact = store.decode(stored).fact
        if isinstance(fact, ClockFired):
            case = registry.kind_of(stored.kind).fold(
                stored.stream, store.load([(stored.stream, 0)]).events[stored.stream]
            )
            for key in fact.deadlines:
                subject = subject_of(case, key)
                rung = Rung(str(case.id), key.rule, subject, last_day(fact), fact.rung.name)
                yield rung, fact.late_seconds


def subject_of(case: Case, key: Key) -> str:
    return hazard_of(about([key], {key.subject: case.name_of(key.subject)}))


def last_day(fact: ClockFired) -> str:
    """``due`` of the fact is the first instant that is too late."""
    return day(fact.due - INSTANT).isoformat()


def hazard_of(subject: str) -> str:
    return subject.removeprefix("隐患")


def remaining(bihuan: Bihuan) -> dict[Rung, datetime]:
    """Rungs of the running deadlines of open cases that have not fired, and when they are due."""
    return {
        Rung(
            str(case.id), d.due.rule, subject_of(case, d.key), d.due.due.isoformat(), rung.name
        ): rung.at
        for case in (bihuan.clocks(*found) for found in clocked(bihuan.store))
        for d in case.open_deadlines()
        for rung in d.rungs
    }


def clocked(store: EventStore) -> list[tuple[str, UUID]]:
    """Cases with clocks, kind and id, in the order in which they began."""
    found = ((s.kind, s.stream) for s in log(store) if s.kind in KINDS)
    return list(dict.fromkeys(found))


def log(store: EventStore) -> Iterator[Stored]:
    """Every event as stored."""
    after = 0
    while page := store.page(after, PAGE):
        yield from page
        after = page[-1].seq


def says(reader: psycopg.Connection, today: date, cases: Iterable[UUID]) -> dict[str, Any]:
    """Everything the reads say of these cases, as JSON.

    Args:
        reader: connection of the reader role; the projections have caught up.
        today: the day on which it is read.
        cases: ids of inspections, penalties and transfers.
    """
    horizon = Horizon.of(today, law().calendar)
    scope = scope_of(reader, EVERYTHING)
    accounts = [row["account"] for row in people(reader, scope)]
    told = {
        "today": today,
        "cases": {str(case): case_of(reader, scope, horizon, case) for case in cases},
        "months": {str(month): month_of(reader, scope, month) for month in MONTHS},
        "deadlines": [
            pick(row, "case_id", "kind", *_DEADLINE, "unit_name", "number", "remaining_text")
            for row in deadlines(reader, scope, horizon)
        ],
        "inbox": {account: inbox_of(reader, account) for account in accounts},
        "work": {account: work_of(reader, horizon, account) for account in accounts},
        "people": people(reader, scope),
        "enterprises": enterprises(reader, scope),
        "units": [pick(u, "name", "abbr", "kind", "parent", "depth") for u in reads.units(reader)],
    }
    return orjson.loads(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS))


_DEADLINE = ("rule", "title", "subject", "day0", "due", "law_version", "status", "active")


def scope_of(reader: psycopg.Connection, account: str) -> Scope:
    return reads.scope_of(reader, account, reads.grants_of(reader, account))


def case_of(
    reader: psycopg.Connection, scope: Scope, horizon: Horizon, case: UUID
) -> dict[str, Any] | None:
    view = reads.case_view(reader, scope, horizon, case)
    if view is None:
        return None
    plain = (
        *("kind", "unit_name", "enterprise_name", "number", "title", "step", "stage", "outcome"),
        *("ended", "officers", "hazard_count", "major_count", "open_count", "next_due"),
        *("initiator", "opened_at", "opened_seq", "version", "steps", "papers", "hazards"),
    )
    barred = barred_from(reader, case)
    todo = ("command", "title", "role", "accounts", "due", "remaining_text")
    child = ("id", "kind", "number", "title", "stage", "outcome", "opened_at")
    return pick(view, *plain) | {
        "deadlines": in_order(pick(d, *_DEADLINE, "remaining_text") for d in view["deadlines"]),
        "todos": [pick(t, *todo) | {"barred": barred[t["no"]]} for t in view["todos"]],
        "children": [pick(c, *child) for c in view["children"]],
        "timeline": [
            pick(e, "seq", "topic", "title", "words", "account", "role", "occurred_at")
            for e in whole(reads.case_timeline, reader, scope, case)
        ],
    }


def barred_from(reader: psycopg.Connection, case: UUID) -> dict[int, list[str]]:
    """Who may not do each thing to do; no read tells it, the work lists obey it."""
    query = "SELECT no, barred FROM read.todos WHERE case_id = %s"
    return dict(reader.execute(query, (case,)).fetchall())


def month_of(reader: psycopg.Connection, scope: Scope, month: date) -> list[dict[str, Any]]:
    """Figures of every unit, those that are not zero."""
    top = next(unit["id"] for unit in reads.units(reader))
    table = reads.month_table(reader, scope, month, top)
    assert table is not None
    return [
        {"unit": row["name"]} | {kind: nonzero(row[kind]) for kind in ("own", "total")}
        for row in table["rows"]
    ]


def nonzero(figures: Mapping[str, int]) -> dict[str, int]:
    return {code: amount for code, amount in figures.items() if amount}


def deadlines(reader: psycopg.Connection, scope: Scope, horizon: Horizon) -> list[dict[str, Any]]:
    """Open ones; those due on one day in an order that does not depend on how they are keyed."""
    return in_order(whole(reads.open_deadlines, reader, scope, horizon))


def inbox_of(reader: psycopg.Connection, account: str) -> list[dict[str, Any]]:
    what = ("case_id", "kind", "rule", "rung", "action", "addressee", "title", "due", "at")
    return [
        pick(row, "seq", *what, "late_seconds", "subjects", "number", "ended")
        for row in whole(reads.inbox, reader, scope_of(reader, account))
    ]


def work_of(reader: psycopg.Connection, horizon: Horizon, account: str) -> dict[str, Any]:
    scope = scope_of(reader, account)
    what = ("case_id", "command", "title", "role", "due", "urgency", "remaining_text")
    tabs: dict[str, Any] = {"counts": reads.work_counts(reader, scope, horizon)}
    for tab in ("todo", "near", "overdue", "started"):
        rows = whole(reads.my_work, reader, scope, horizon, tab)
        tabs[tab] = [pick(row, *what) for row in rows]
    return tabs


def people(reader: psycopg.Connection, scope: Scope) -> list[dict[str, Any]]:
    rows = whole(reads.people, reader, list(scope.units))
    return [pick(row, "account", "unit_name", "certificates", "grants") for row in rows]


def enterprises(reader: psycopg.Connection, scope: Scope) -> list[dict[str, Any]]:
    rows = whole(reads.enterprises, reader, list(scope.units))
    return [pick(row, "id", "uscc", "name", "unit_name", "industry", "address") for row in rows]


def whole(read: Any, *given: Any) -> list[dict[str, Any]]:
    """All pages of a read."""
    rows: list[dict[str, Any]] = []
    page: Page = read(*given)
    rows += page.items
    while page.next:
        page = read(*given, after=page.next)
        rows += page.items
    return rows


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return str(row["due"]), str(row.get("case_id")), row["rule"], row["subject"], row["status"]

    return sorted(rows, key=key)


def pick(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {column: row[column] for column in columns}
