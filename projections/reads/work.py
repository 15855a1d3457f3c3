"""My work (我的待办): what, by when, which step, what next."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, Row, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.urgency import Horizon
from projections.reads.words import tell_case, tell_todo

Tab = Literal["todo", "near", "overdue", "started"]
"""待我办理, 临期, 已逾期, 我发起."""

_FIRST = date.min
_NOWHERE = UUID(int=0)
_MOST_COUNTED = 1_000
"""Counts on the tabs end here: nobody reads further, and nobody waits for it."""

# Each branch is one index in the order of the page: a page costs a page, however much there is.
_ORDER = "ORDER BY t.rank, t.case_id, t.no"
_BRANCHES = """
  SELECT t.* FROM (
    (SELECT t.* FROM read.todos t
      WHERE t.account = %(account)s AND t.account <> '' AND t.unit = ANY(%(units)s)
        AND t.rank BETWEEN %(since)s AND %(until)s
        AND (t.rank, t.case_id, t.no) > (%(rank)s, %(case)s, %(no)s)
      {order} LIMIT %(more)s)
    UNION ALL
    (SELECT t.* FROM unnest(%(roles)s::text[], %(role_units)s::uuid[]) AS g(role, unit)
      CROSS JOIN LATERAL (
        SELECT t.* FROM read.todos t
        WHERE t.account = '' AND t.role = g.role AND t.unit = g.unit
          AND NOT %(account)s = ANY(t.barred) AND t.case_id <> ALL(%(hidden)s::uuid[])
          AND t.rank BETWEEN %(since)s AND %(until)s
          AND (t.rank, t.case_id, t.no) > (%(rank)s, %(case)s, %(no)s)
        {order} LIMIT %(more)s) t)
  ) t {order} LIMIT %(more)s
"""
_SHOWN = (
    "c.id AS case_id, c.kind, c.number, c.title AS case_title, c.step, c.stage, c.version,"
    " c.unit, u.name AS unit_name, c.enterprise, e.name AS enterprise_name"
)
_JOINED = (
    " LEFT JOIN read.enterprises e ON e.id = c.enterprise LEFT JOIN read.units u ON u.id = c.unit"
)
_TODO = "t.no, t.command, t.duty, t.about, t.role, t.due, t.deadline"
_WORK = (
    f"SELECT {_SHOWN}, {_TODO}, t.rank FROM ({_BRANCHES.format(order=_ORDER)}) t"  # noqa: S608 - constants
    f" JOIN read.cases c ON c.id = t.case_id{_JOINED} {_ORDER}"
)
_STARTED = (
    f"SELECT {_SHOWN}, {_TODO}, c.opened_seq FROM read.cases c"  # noqa: S608 - constants
    " LEFT JOIN LATERAL (SELECT * FROM read.todos t WHERE t.case_id = c.id"
    f" ORDER BY t.no, t.account LIMIT 1) t ON true{_JOINED}"
    " WHERE c.initiator = %(account)s AND NOT c.ended AND c.unit = ANY(%(units)s)"
    " AND c.id <> ALL(%(hidden)s::uuid[])"
    " AND c.opened_seq < %(seq)s ORDER BY c.opened_seq DESC LIMIT %(more)s"
)
_LAST_SEQ = 2**62


def my_work(
    connection: Connection,
    scope: Scope,
    horizon: Horizon,
    tab: Tab = "todo",
    *,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """Things to do, the most urgent first; of ``started`` the newest cases first."""
    limit = clamp(limit)
    if tab == "started":
        return _started(connection, scope, horizon, after, limit)
    return _todo(connection, scope, horizon, tab, after=after, limit=limit)


def work_counts(connection: Connection, scope: Scope, horizon: Horizon) -> dict[Tab, int]:
    """How much there is on each tab, counted up to a thousand."""
    counts: dict[Tab, int] = {}
    tabs: tuple[Tab, ...] = ("todo", "near", "overdue")
    for tab in tabs:
        params = _params(scope, _Slice.of(tab, horizon), None, _MOST_COUNTED)
        query = f"SELECT count(*) AS n FROM ({_BRANCHES.format(order='')}) t"  # noqa: S608 - constants
        counts[tab] = fetch(connection, query, params)[0]["n"]
    params = {
        "account": scope.account,
        "units": list(scope.units),
        "hidden": list(scope.hidden),
        "most": _MOST_COUNTED,
    }
    query = (
        "SELECT count(*) AS n FROM (SELECT FROM read.cases c WHERE c.initiator = %(account)s"
        " AND NOT c.ended AND c.unit = ANY(%(units)s)"
        " AND c.id <> ALL(%(hidden)s::uuid[]) LIMIT %(most)s) c"
    )
    counts["started"] = fetch(connection, query, params)[0]["n"]
    return counts


@dataclass(frozen=True)
class _Slice:
    since: date
    until: date

    @classmethod
    def of(cls, tab: Tab, horizon: Horizon) -> "_Slice":
        match tab:
            case "overdue":
                return cls(date.min, date.fromordinal(horizon.today.toordinal() - 1))
            case "near":
                return cls(horizon.today, horizon.near_until)
            case _:
                return cls(date.min, date.max)


def _todo(
    connection: Connection,
    scope: Scope,
    horizon: Horizon,
    tab: Tab,
    *,
    after: str | None,
    limit: int,
) -> Page:
    part = _Slice.of(tab, horizon)
    rows = fetch(connection, _WORK, _params(scope, part, after, limit + 1))
    page = paged(rows, limit, ("rank", "case_id", "no"))
    for row in page.items:
        del row["rank"]
        _tell(row, horizon)
    return page


def _params(scope: Scope, part: _Slice, after: str | None, more: int) -> dict[str, object]:
    rank, case, no = position_of(after, (date, UUID, int)) or (_FIRST, _NOWHERE, 0)
    return {
        "account": scope.account,
        "units": list(scope.units),
        "hidden": list(scope.hidden),
        "roles": [role for role, _ in scope.work],
        "role_units": [unit for _, unit in scope.work],
        "since": part.since,
        "until": part.until,
        "rank": rank,
        "case": case,
        "no": no,
        "more": more,
    }


def _started(
    connection: Connection, scope: Scope, horizon: Horizon, after: str | None, limit: int
) -> Page:
    (seq,) = position_of(after, (int,)) or (_LAST_SEQ,)
    params = {
        "account": scope.account,
        "units": list(scope.units),
        "hidden": list(scope.hidden),
        "seq": seq,
        "more": limit + 1,
    }
    page = paged(fetch(connection, _STARTED, params), limit, ("opened_seq",))
    for row in page.items:
        _tell(row, horizon)
    return page


def _tell(row: Row, horizon: Horizon) -> None:
    tell_case(row, "case_title")
    tell_todo(row)
    row.update(horizon.tell(row["due"]))
