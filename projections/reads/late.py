"""Entered afterwards (补录): acts that were entered on a later day, with their reason."""

from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.words import tell_case, tell_event

_LATE = """
SELECT t.seq, t.stream AS case_id, t.kind, t.occurred_at, t.recorded_at, t.account, t.role, t.topic,
       t.shape, t.data, t.names, t.reason, c.number, c.title AS case_title, u.name AS unit_name,
       e.name AS enterprise_name
FROM (
  SELECT t.* FROM unnest(%(units)s::uuid[]) AS g(unit) CROSS JOIN LATERAL (
    SELECT t.* FROM read.timeline t WHERE t.unit = g.unit AND t.reason <> ''
    AND t.stream <> ALL(%(hidden)s::uuid[]) AND t.seq < %(seq)s ORDER BY t.seq DESC LIMIT %(more)s
  ) t ORDER BY t.seq DESC LIMIT %(more)s
) t JOIN read.cases c ON c.id = t.stream LEFT JOIN read.units u ON u.id = t.unit
LEFT JOIN read.enterprises e ON e.id = c.enterprise ORDER BY t.seq DESC
"""
_LAST_SEQ = 2**62


def late_entries(
    connection: Connection, scope: Scope, *, after: str | None = None, limit: int = LIMIT
) -> Page:
    """The newest first, with both times: when it happened and when it was entered."""
    limit = clamp(limit)
    (seq,) = position_of(after, (int,)) or (_LAST_SEQ,)
    params = {"units": list(scope.units), "hidden": list(scope.hidden), "seq": seq}
    params |= {"more": limit + 1}
    page = paged(fetch(connection, _LATE, params), limit, ("seq",))
    for row in page.items:
        tell_case(row, "case_title")
        tell_event(row)
    return page
