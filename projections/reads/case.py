"""One case and many (案件): its state, its timeline, the list of cases."""

from typing import Any
from uuid import UUID

from domain.registry import KINDS
from domain.store.pool import Connection
from projections.reads.deadlines import DEADLINE
from projections.reads.paging import LIMIT, Page, Row, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.urgency import Horizon
from projections.reads.words import running, tell_case, tell_deadline, tell_event, tell_todo

_CASE = (
    "SELECT c.id, c.kind, c.unit, c.enterprise, c.parent AS inspection, c.title, c.number, c.step,"
    " c.stage, c.outcome, c.ended, c.handlers AS officers, c.next_due, c.content, c.initiator,"
    " c.opened_at, c.opened_seq, c.version, c.seq, c.changed_at, u.name AS unit_name,"
    " e.name AS enterprise_name, e.uscc AS enterprise_uscc FROM read.cases c"
    " LEFT JOIN read.units u ON u.id = c.unit LEFT JOIN read.enterprises e ON e.id = c.enterprise"
    " WHERE c.id = %(case)s AND c.unit = ANY(%(units)s) AND c.id <> ALL(%(hidden)s::uuid[])"
)
_TODOS = (
    "SELECT no, command, duty, about, given, role, due, deadline,"
    " array_agg(account ORDER BY account) FILTER (WHERE account <> '') AS accounts"
    " FROM read.todos WHERE case_id = %(case)s"
    " GROUP BY no, command, duty, about, given, role, due, deadline ORDER BY no"
)
_DEADLINES = (
    f"SELECT {DEADLINE} FROM read.deadlines d WHERE d.case_id = %(case)s"  # noqa: S608 - constants
    " ORDER BY d.active DESC, d.due, d.deadline"
)
_CHILDREN = (
    "SELECT id, kind, number, title, stage, outcome, opened_at FROM read.cases"
    " WHERE parent = %(case)s AND unit = ANY(%(units)s) AND id <> ALL(%(hidden)s::uuid[])"
    " ORDER BY opened_seq"
)
# A case shows on the timeline of the one it came from, too.
_TIMELINE = """
SELECT seq, stream, kind, version, occurred_at, recorded_at, account, role, topic, shape, data,
       names, reason, hash
FROM (
  (SELECT * FROM read.timeline WHERE root = %(case)s AND seq > %(seq)s
   ORDER BY seq LIMIT %(more)s)
  UNION
  (SELECT * FROM read.timeline WHERE stream = %(case)s AND seq > %(seq)s
   ORDER BY seq LIMIT %(more)s)
) t
WHERE unit = ANY(%(units)s) AND stream <> ALL(%(hidden)s::uuid[])
ORDER BY seq LIMIT %(more)s
"""
_LIST = """
SELECT c.id, c.kind, c.unit, u.name AS unit_name, c.number, c.title, c.step, c.stage, c.outcome,
       c.ended, c.enterprise, e.name AS enterprise_name, c.next_due, c.opened_at, c.opened_seq,
       c.version, (SELECT jsonb_object_agg(key, value) FROM jsonb_each(c.content)
                   WHERE jsonb_typeof(value) NOT IN ('array', 'object')) AS figures
FROM ({source} ORDER BY c.opened_seq DESC LIMIT %(more)s) c
LEFT JOIN read.units u ON u.id = c.unit LEFT JOIN read.enterprises e ON e.id = c.enterprise
ORDER BY c.opened_seq DESC
"""
_BY_UNIT = """
SELECT c.* FROM unnest(%(units)s::uuid[]) AS g(unit) CROSS JOIN LATERAL (
  SELECT c.* FROM read.cases c WHERE c.unit = g.unit AND c.kind = %(kind)s
  AND c.opened_seq < %(seq)s AND c.id <> ALL(%(hidden)s::uuid[]) {state}
  ORDER BY c.opened_seq DESC LIMIT %(more)s
) c"""
_BY_ENTERPRISE = """
SELECT c.* FROM read.cases c WHERE c.enterprise = %(enterprise)s AND c.unit = ANY(%(units)s)
AND c.kind = %(kind)s AND c.opened_seq < %(seq)s AND c.id <> ALL(%(hidden)s::uuid[]) {state}"""
_STATES = {None: "", True: "AND NOT c.ended", False: "AND c.ended"}
_LAST_SEQ = 2**62
# The API has them for every case, empty where its kind shows no such thing.
_FIGURES: Row = dict.fromkeys(("hazard_count", "major_count", "open_count"))


def case_view(
    connection: Connection, scope: Scope, horizon: Horizon, case_id: UUID
) -> dict[str, Any] | None:
    """The case with what its kind shows, its deadlines, next actions and the cases it led to.

    None where there is none or the scope does not hold it: both look the same.
    """
    params = {"case": case_id, "units": list(scope.units), "hidden": list(scope.hidden)}
    found = fetch(connection, _CASE, params)
    if not found:
        return None
    case = found[0]
    content: Row = case.pop("content") or {}
    steps = _stepper(case, content.pop("steps", []))
    children = fetch(connection, _CHILDREN, params)
    for one in (case, *children):
        tell_case(one)
    todos = fetch(connection, _TODOS, params)
    for todo in todos:
        tell_todo(todo)
        todo.update(horizon.tell(todo["due"]))
    deadlines = fetch(connection, _DEADLINES, params)
    for deadline in deadlines:
        tell_deadline(deadline)
        deadline.update(horizon.tell(running(deadline)))
    beside = {"steps": steps, "deadlines": deadlines, "todos": todos, "children": children}
    empty: Row = _FIGURES | {"papers": None, "hazards": []}
    return empty | content | case | beside


def case_timeline(
    connection: Connection,
    scope: Scope,
    case_id: UUID,
    *,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """Events of a case in order of the log."""
    limit = clamp(limit)
    (seq,) = position_of(after, (int,)) or (0,)
    params = {
        "case": case_id,
        "units": list(scope.units),
        "hidden": list(scope.hidden),
        "seq": seq,
        "more": limit + 1,
    }
    page = paged(fetch(connection, _TIMELINE, params), limit, ("seq",))
    for row in page.items:
        tell_event(row)
    return page


def case_list(
    connection: Connection,
    scope: Scope,
    kind: str = "inspection",
    *,
    unit: UUID | None = None,
    enterprise: UUID | None = None,
    open_only: bool | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """Cases of a kind, the newest first; of one ``unit`` of the scope, or of all of them."""
    limit = clamp(limit)
    (seq,) = position_of(after, (int,)) or (_LAST_SEQ,)
    params = {
        "units": [u for u in scope.units if unit in {None, u}],
        "hidden": list(scope.hidden),
        "kind": kind,
        "enterprise": enterprise,
        "seq": seq,
        "more": limit + 1,
    }
    source = (_BY_ENTERPRISE if enterprise else _BY_UNIT).format(state=_STATES[open_only])
    query = _LIST.format(source=source)
    page = paged(fetch(connection, query, params), limit, ("opened_seq",))
    for row in page.items:
        tell_case(row)
        figures: Row = row.pop("figures") or {}
        row.update(_FIGURES | figures | row)
    return page


def _stepper(case: Row, entered: list[Row]) -> list[Row]:
    """All steps of the method, entered or not; none where the kind follows none."""
    kind = KINDS.get(case["kind"])
    if kind is None or case["step"] is None:
        return []
    at = {one["step"]: one["entered_at"] for one in entered}
    return [
        {"step": no, "title": title, "entered_at": at.get(no)}
        for no, title in enumerate(kind.STAGES.values(), 1)
    ]
