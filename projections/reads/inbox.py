"""The inbox (收件箱): what the clocks told this person."""

from domain.facts import Role
from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, clamp, fetch, paged, position_of
from projections.reads.scope import Scope
from projections.reads.words import tell_case, tell_notice

ACTIONS = {"remind": "提醒", "expire": "届满", "escalate": "逾期升级"}

# A "superior" of a unit is the supervisor of the unit above it; the city's own is its supervisor.
_INBOX = """
WITH address AS (
  SELECT 'handler:' || %(account)s AS address
  UNION SELECT g.role || ':' || g.unit
    FROM unnest(%(roles)s::text[], %(role_units)s::uuid[]) AS g(role, unit)
  UNION SELECT 'superior:' || u.id FROM read.units u
    WHERE coalesce(u.parent, u.id) = ANY(%(supervised)s)
), newest AS (
  SELECT m.seq, m.notice FROM address a CROSS JOIN LATERAL (
    SELECT m.seq, m.notice FROM read.notice_addresses m
    WHERE m.address = a.address AND m.seq < %(seq)s AND m.unit = ANY(%(units)s)
    AND m.case_id <> ALL(%(hidden)s::uuid[])
    ORDER BY m.seq DESC LIMIT %(more)s
  ) m ORDER BY m.seq DESC LIMIT %(more)s
)
SELECT n.id, m.seq, n.case_id, n.kind, n.unit, n.rule, n.rung, n.action, n.addressee, n.title,
       n.due, n.at, n.late_seconds, n.subjects, c.number, c.title AS case_title, c.ended,
       u.name AS unit_name, e.name AS enterprise_name
FROM newest m JOIN read.notices n ON n.id = m.notice JOIN read.cases c ON c.id = n.case_id
LEFT JOIN read.units u ON u.id = n.unit LEFT JOIN read.enterprises e ON e.id = c.enterprise
ORDER BY m.seq DESC
"""
_LAST_SEQ = 2**62


def inbox(
    connection: Connection, scope: Scope, *, after: str | None = None, limit: int = LIMIT
) -> Page:
    """Notices, the newest first; ``subjects`` lists what falls due together."""
    limit = clamp(limit)
    (seq,) = position_of(after, (int,)) or (_LAST_SEQ,)
    params = {
        "account": scope.account,
        "units": list(scope.units),
        "hidden": list(scope.hidden),
        "roles": [role for role, _ in scope.duties],
        "role_units": [unit for _, unit in scope.duties],
        "supervised": [unit for role, unit in scope.duties if role is Role.SUPERVISOR],
        "seq": seq,
        "more": limit + 1,
    }
    page = paged(fetch(connection, _INBOX, params), limit, ("seq",))
    for row in page.items:
        tell_case(row, "case_title")
        tell_notice(row)
        row["action_title"] = ACTIONS[row["action"]]
    return page
