"""Open deadlines (期限): of a unit, of an officer, of everything the scope holds."""

from datetime import date
from uuid import UUID

from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.urgency import Horizon
from projections.reads.words import running, tell_case, tell_deadline

DEADLINE = (
    "d.case_id, d.deadline, d.kind, d.rule, d.title, d.subject, d.number AS subject_number,"
    " d.name AS subject_name, d.day0, d.due, d.due_at, d.basis, d.arithmetic, d.law_version,"
    " d.calendar_version, d.provisional, d.status, d.active, d.due_version,"
    " d.handlers AS officers, d.history"
)
_KEY = "d.due, d.case_id, d.deadline"
_AFTER = f"({_KEY}) > (%(due)s, %(case)s, %(deadline)s) AND d.due <= %(until)s"
_SEEN = "d.case_id <> ALL(%(hidden)s::uuid[])"
_BY_UNIT = (
    "SELECT d.* FROM unnest(%(units)s::uuid[]) AS g(unit) CROSS JOIN LATERAL ("  # noqa: S608 - constants
    "SELECT d.* FROM read.deadlines d WHERE d.active AND d.unit = g.unit"
    f" AND {_SEEN} AND {_AFTER} ORDER BY {_KEY} LIMIT %(more)s) d"
)
_BY_OFFICER = (
    "SELECT d.* FROM read.deadlines d WHERE d.active AND d.handlers @> ARRAY[%(officer)s]"  # noqa: S608 - constants
    f" AND d.unit = ANY(%(units)s) AND {_SEEN} AND {_AFTER}"
)


def _query(source: str) -> str:
    return (
        f"SELECT {DEADLINE}, d.unit, u.name AS unit_name, c.number, c.title AS case_title,"  # noqa: S608 - constants
        f" c.step, c.stage, c.enterprise, e.name AS enterprise_name"
        f" FROM ({source} ORDER BY {_KEY} LIMIT %(more)s) d"
        " JOIN read.cases c ON c.id = d.case_id LEFT JOIN read.units u ON u.id = d.unit"
        f" LEFT JOIN read.enterprises e ON e.id = c.enterprise ORDER BY {_KEY}"
    )


def open_deadlines(
    connection: Connection,
    scope: Scope,
    horizon: Horizon,
    *,
    unit: UUID | None = None,
    officer: str | None = None,
    until: date = date.max,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """Deadlines not settled and due up to ``until``, the first due first."""
    limit = clamp(limit)
    due, case, deadline = position_of(after, (date, UUID, str)) or (date.min, UUID(int=0), "")
    params = {
        "units": [u for u in scope.units if unit in {None, u}],
        "hidden": list(scope.hidden),
        "officer": officer,
        "until": until,
        "due": due,
        "case": case,
        "deadline": deadline,
        "more": limit + 1,
    }
    query = _query(_BY_OFFICER if officer else _BY_UNIT)
    page = paged(fetch(connection, query, params), limit, ("due", "case_id", "deadline"))
    for row in page.items:
        tell_case(row, "case_title")
        tell_deadline(row)
        row.update(horizon.tell(running(row)))
    return page
