"""The monthly table (月度表): each unit's own figures and those of its whole subtree."""

from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from domain.case import Indicator
from domain.inspection.month import ENTERPRISES, VISITS
from domain.registry import KINDS
from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, Row, clamp, fetch, paged, position_of
from projections.reads.scope import Scope, units_covered_by

# An enterprise counts once a month, for the unit whose visit ended first: one owner per count.
_OWNERS = (
    "SELECT DISTINCT ON (enterprise) seq, unit, 1 AS amount FROM read.month_contributions"
    " WHERE month = %(month)s AND indicator = %(visits)s ORDER BY enterprise, at, seq"
)
_FIGURES = (
    "SELECT unit, indicator, sum(amount)::integer AS amount FROM read.month_contributions"  # noqa: S608 - constants
    " WHERE month = %(month)s GROUP BY unit, indicator"
    f" UNION ALL SELECT unit, %(enterprises)s, count(*)::integer FROM ({_OWNERS}) o GROUP BY unit"
)
_UNITS = """
WITH RECURSIVE tree(id, parent, name, kind, depth, path) AS (
  SELECT id, parent, name, kind, 0, ARRAY[coalesce(code, ''), name]
  FROM read.units WHERE id = %(unit)s
  UNION ALL
  SELECT u.id, u.parent, u.name, u.kind, t.depth + 1, t.path || coalesce(u.code, '') || u.name
  FROM read.units u JOIN tree t ON u.parent = t.id
) SELECT id, parent, name, kind, depth FROM tree ORDER BY path
"""
_STORED = (
    "SELECT seq, unit, amount FROM read.month_contributions"
    " WHERE month = %(month)s AND indicator = %(indicator)s"
)


def indicators() -> list[Indicator]:
    """Indicators of all kinds of case, in the order they are printed."""
    return [one for kind in KINDS.values() for one in kind.INDICATORS]


def month_table(
    connection: Connection, scope: Scope, month: date, unit: UUID
) -> dict[str, Any] | None:
    """Rows for ``unit`` and every unit below it, in order of the tree, zeros printed.

    Each row has ``own`` figures and ``total`` ones that add up the tree. None where the scope does
    not hold the unit.
    """
    if not scope.sees(unit):
        return None
    month = month.replace(day=1)
    params = {"month": month, "unit": unit, "visits": VISITS, "enterprises": ENTERPRISES}
    codes = [one.code for one in indicators()]
    own: defaultdict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(codes, 0))
    for found in fetch(connection, _FIGURES, params):
        if found["indicator"] in own[found["unit"]]:
            own[found["unit"]][found["indicator"]] = found["amount"]
    rows = fetch(connection, _UNITS, params)
    return {
        "month": month,
        "indicators": [asdict(one) for one in indicators()],
        "rows": _added_up(rows, own),
    }


def contributions(
    connection: Connection,
    scope: Scope,
    month: date,
    unit: UUID,
    indicator: str,
    *,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """The events that make one figure of ``unit`` and all below it."""
    limit = clamp(limit)
    (seq,) = position_of(after, (int,)) or (0,)
    covered = units_covered_by(connection, unit)
    params = {
        "month": month.replace(day=1),
        "indicator": indicator,
        "visits": VISITS,
        "stored": VISITS if indicator == ENTERPRISES else indicator,
        "units": [u for u in covered if scope.sees(u)],
        "hidden": list(scope.hidden),
        "seq": seq,
        "more": limit + 1,
    }
    source = _OWNERS if indicator == ENTERPRISES else _STORED
    return paged(fetch(connection, _events(source), params), limit, ("seq",))


def _events(source: str) -> str:
    return (
        "SELECT m.seq, m.unit, u.name AS unit_name, f.amount, m.on_day, m.reason, m.case_id,"  # noqa: S608 - constants
        f" c.kind, c.number, c.enterprise, e.name AS enterprise_name FROM ({source}) f"
        " JOIN read.month_contributions m ON m.seq = f.seq AND m.indicator = %(stored)s"
        " JOIN read.cases c ON c.id = m.case_id"
        " LEFT JOIN read.enterprises e ON e.id = c.enterprise"
        " LEFT JOIN read.units u ON u.id = m.unit"
        " WHERE f.unit = ANY(%(units)s) AND m.case_id <> ALL(%(hidden)s::uuid[])"
        " AND f.seq > %(seq)s ORDER BY f.seq LIMIT %(more)s"
    )


def _added_up(rows: list[Row], own: dict[UUID, dict[str, int]]) -> list[Row]:
    """Totals from the leaves up: children stand after their parents."""
    totals = {row["id"]: dict(own[row["id"]]) for row in rows}
    for row in reversed(rows):
        if row["depth"]:
            above = totals[row["parent"]]
            for code, amount in totals[row["id"]].items():
                above[code] += amount
    return [row | {"own": own[row["id"]], "total": totals[row["id"]]} for row in rows]
