"""Registers (登记): units, people, enterprises. Personal data comes sealed."""

from uuid import UUID

from domain.application import Grant
from domain.facts import Role
from domain.store.pool import Connection
from projections.reads.paging import LIMIT, Page, Row, clamp, fetch, paged, position_of

_GRANTS = (
    "SELECT g.role, g.unit FROM read.people p JOIN read.grants g ON g.person = p.person"
    " WHERE p.account = %(account)s ORDER BY g.role, g.unit"
)
_PEOPLE = """
SELECT p.person, p.account, p.unit, u.name AS unit_name, p.name,
  (SELECT coalesce(json_agg(json_build_object('number', c.number, 'valid_from', c.valid_from,
     'valid_to', c.valid_to, 'revoked_on', c.revoked_on) ORDER BY c.number), '[]')
   FROM read.certificates c WHERE c.person = p.person) AS certificates,
  (SELECT coalesce(json_agg(json_build_object('role', g.role, 'unit', g.unit)
     ORDER BY g.role, g.unit), '[]') FROM read.grants g WHERE g.person = p.person) AS grants
FROM read.people p LEFT JOIN read.units u ON u.id = p.unit
WHERE p.unit = ANY(%(units)s) AND p.account > %(after)s ORDER BY p.account LIMIT %(more)s
"""
_ENTERPRISES = """
SELECT e.id, e.uscc, e.name, e.unit, u.name AS unit_name, e.industry, e.address,
       e.principal, e.phone
FROM read.enterprises e LEFT JOIN read.units u ON u.id = e.unit
WHERE e.unit = ANY(%(units)s) AND (%(text)s = '' OR e.uscc = %(text)s
  OR strpos(e.name, %(text)s) > 0) AND (e.name COLLATE "C", e.id) > (%(name)s, %(id)s)
ORDER BY e.name COLLATE "C", e.id LIMIT %(more)s
"""


def grants_of(connection: Connection, account: str) -> tuple[Grant, ...]:
    """Roles of an account, each for a unit."""
    found = fetch(connection, _GRANTS, {"account": account})
    return tuple(Grant(role=Role(row["role"]), unit=row["unit"]) for row in found)


def units(connection: Connection) -> list[Row]:
    """The tree of units, those above first."""
    return fetch(
        connection,
        "WITH RECURSIVE tree AS (SELECT u.*, 0 AS depth FROM read.units u WHERE parent IS NULL"
        " UNION ALL SELECT u.*, t.depth + 1 FROM read.units u JOIN tree t ON u.parent = t.id)"
        " SELECT * FROM tree ORDER BY depth, code, name",
        {},
    )


def people(
    connection: Connection, within: list[UUID], *, after: str | None = None, limit: int = LIMIT
) -> Page:
    """People of these units with certificates and grants; ``name`` is sealed."""
    limit = clamp(limit)
    (last,) = position_of(after, (str,)) or ("",)
    params = {"units": within, "after": last, "more": limit + 1}
    return paged(fetch(connection, _PEOPLE, params), limit, ("account",))


def enterprises(
    connection: Connection,
    within: list[UUID],
    text: str = "",
    *,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page:
    """Enterprises of these units whose name holds ``text`` or whose code it is."""
    limit = clamp(limit)
    name, last = position_of(after, (str, UUID)) or ("", UUID(int=0))
    params = {"units": within, "text": text, "name": name, "id": last, "more": limit + 1}
    return paged(fetch(connection, _ENTERPRISES, params), limit, ("name", "id"))
