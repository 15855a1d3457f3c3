"""One case and many (案件): its state, its timeline, the list of cases."""

from typing import Any
from uuid import UUID

from domain.inspection.values import Step
from domain.store.pool import Connection
from projections.reads.deadlines import DEADLINE
from projections.reads.paging import LIMIT, Page, Row, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.urgency import Horizon

_CASE = (
    "SELECT c.*, u.name AS unit_name, e.name AS enterprise_name, e.uscc AS enterprise_uscc"
    " FROM read.cases c LEFT JOIN read.units u ON u.id = c.unit"
    " LEFT JOIN read.enterprises e ON e.id = c.enterprise"
    " WHERE c.id = %(case)s AND c.unit = ANY(%(units)s)"
)
_TODOS = (
    "SELECT no, command, title, role, due, deadline, array_agg(account ORDER BY account)"
    " FILTER (WHERE account <> '') AS accounts FROM read.todos WHERE case_id = %(case)s"
    " GROUP BY no, command, title, role, due, deadline ORDER BY no"
)
_DEADLINES = (
    f"SELECT {DEADLINE} FROM read.deadlines d WHERE d.case_id = %(case)s"  # noqa: S608 - constants
    " ORDER BY d.active DESC, d.due, d.deadline"
)
_CHILDREN = (
    "SELECT id, kind, number, title, stage, outcome, opened_at FROM read.cases"
    " WHERE inspection = %(case)s AND unit = ANY(%(units)s) ORDER BY opened_seq"
)
# A penalty or transfer shows on its inspection's timeline too.
_TIMELINE = """
SELECT seq, stream, kind, version, occurred_at, recorded_at, account, role, topic, title, words,
       hash
FROM (
  (SELECT * FROM read.timeline WHERE root = %(case)s AND seq > %(seq)s
   ORDER BY seq LIMIT %(more)s)
  UNION
  (SELECT * FROM read.timeline WHERE stream = %(case)s AND seq > %(seq)s
   ORDER BY seq LIMIT %(more)s)
) t
WHERE unit = ANY(%(units)s) ORDER BY seq LIMIT %(more)s
"""
_LIST = """
SELECT c.id, c.kind, c.unit, u.name AS unit_name, c.number, c.title, c.step, c.stage, c.outcome,
       c.ended, c.enterprise, e.name AS enterprise_name, c.hazard_count, c.major_count,
       c.open_count, c.next_due, c.opened_at, c.opened_seq, c.version
FROM ({source} ORDER BY c.opened_seq DESC LIMIT %(more)s) c
LEFT JOIN read.units u ON u.id = c.unit LEFT JOIN read.enterprises e ON e.id = c.enterprise
ORDER BY c.opened_seq DESC
"""
_BY_UNIT = """
SELECT c.* FROM unnest(%(units)s::uuid[]) AS g(unit) CROSS JOIN LATERAL (
  SELECT c.* FROM read.cases c WHERE c.unit = g.unit AND c.kind = %(kind)s
  AND c.opened_seq < %(seq)s {state} ORDER BY c.opened_seq DESC LIMIT %(more)s
) c"""
_BY_ENTERPRISE = """
SELECT c.* FROM read.cases c WHERE c.enterprise = %(enterprise)s AND c.unit = ANY(%(units)s)
AND c.kind = %(kind)s AND c.opened_seq < %(seq)s {state}"""
_STATES = {None: "", True: "AND NOT c.ended", False: "AND c.ended"}
_LAST_SEQ = 2**62


def case_view(
    connection: Connection, scope: Scope, horizon: Horizon, case_id: UUID
) -> dict[str, Any] | None:
    """The case with steps, hazards, papers, deadlines, next actions and the cases it led to.

    None where there is none or the scope does not hold it: both look the same.
    """
    params = {"case": case_id, "units": list(scope.units)}
    found = fetch(connection, _CASE, params)
    if not found:
        return None
    case = found[0]
    case["hazards"] = _hazards(case.pop("found") or [], case["hazards"] or [])
    case["steps"] = _stepper(case["steps"] or []) if case["step"] else []
    deadlines = fetch(connection, _DEADLINES, params)
    return case | {
        "deadlines": [d | _urgency(d, horizon) for d in deadlines],
        "todos": [t | horizon.tell(t["due"]) for t in fetch(connection, _TODOS, params)],
        "children": fetch(connection, _CHILDREN, params),
    }


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
    params = {"case": case_id, "units": list(scope.units), "seq": seq, "more": limit + 1}
    return paged(fetch(connection, _TIMELINE, params), limit, ("seq",))


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
        "kind": kind,
        "enterprise": enterprise,
        "seq": seq,
        "more": limit + 1,
    }
    source = (_BY_ENTERPRISE if enterprise else _BY_UNIT).format(state=_STATES[open_only])
    query = _LIST.format(source=source)
    return paged(fetch(connection, query, params), limit, ("opened_seq",))


def _hazards(found: list[Row], states: list[Row]) -> list[Row]:
    """What was written when each hazard was found, and where it stands."""
    described = {one["hazard"]: one for one in found}
    return [described.get(state["hazard"], {}) | state for state in states]


def _stepper(entered: list[Row]) -> list[Row]:
    """All eight steps, entered or not."""
    at = {one["step"]: one["entered_at"] for one in entered}
    return [{"step": s.value, "title": s.title, "entered_at": at.get(s.value)} for s in Step]


def _urgency(deadline: Row, horizon: Horizon) -> dict[str, object]:
    return horizon.tell(deadline["due"] if deadline["active"] else None)
