"""What a person may read (查看范围): the one place where it is decided.

Every read of cases takes a ``Scope`` and there is no other way to one than ``scope_of``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.application import Grant
from domain.facts import Role
from domain.organisation import ORGANISATION_ID
from domain.store.pool import Connection

READERS = frozenset({Role.INSPECTOR, Role.APPROVER, Role.SUPERVISOR, Role.AUDITOR})
"""Roles that read cases; administrators keep accounts and units and see no case."""

# Cases that the person has withdrawn from, and those they led to.
_HIDDEN = """
WITH own AS (
  SELECT id FROM read.cases WHERE hidden <> '{}' AND hidden @> ARRAY[%(account)s::text]
) SELECT id FROM own UNION SELECT c.id FROM read.cases c JOIN own ON c.parent = own.id
"""
_COVERED = """
WITH RECURSIVE below(unit) AS (
  SELECT id FROM read.units WHERE id = %(unit)s OR (parent IS NULL AND %(all)s)
  UNION SELECT u.id FROM read.units u JOIN below b ON u.parent = b.unit
) SELECT unit FROM below ORDER BY unit
"""
# Down from each of the person's units, stopping where somebody else holds the role.
_RESPONSIBLE = """
WITH RECURSIVE down(unit) AS (
  SELECT %(unit)s::uuid
  UNION SELECT u.id FROM read.units u JOIN down d
    ON u.parent = d.unit OR (d.unit = %(organisation)s AND u.parent IS NULL)
  WHERE NOT EXISTS (SELECT FROM read.grants g WHERE g.role = %(role)s AND g.unit = u.id)
) SELECT unit FROM down ORDER BY unit
"""


@dataclass(frozen=True)
class Scope:
    """Who reads, and what: units whose cases are seen, and grants that get work and notices."""

    account: str
    units: tuple[UUID, ...]
    """Units whose cases may be read."""
    work: tuple[tuple[Role, UUID], ...]
    """Role and unit, of every unit a grant covers: work for anybody with the role."""
    duties: tuple[tuple[Role, UUID], ...]
    """Role and unit, down to where somebody nearer holds the role: notices to the role."""

    hidden: tuple[UUID, ...] = ()
    """Cases the person may not see whatever the unit: he has withdrawn from them (回避)."""

    def sees(self, unit: UUID) -> bool:
        """Whether cases of ``unit`` may be read."""
        return unit in self.units


def scope_of(connection: Connection, account: str, grants: Iterable[Grant]) -> Scope:
    """The scope of a person with these grants, by the tree of units as it is now."""
    reading = sorted({(g.role, g.unit) for g in grants if g.role in READERS})
    work = [(role, u) for role, unit in reading for u in units_covered_by(connection, unit)]
    duties = [(role, u) for role, unit in reading for u in _responsible(connection, role, unit)]
    return Scope(
        account=account,
        units=tuple(sorted({unit for _, unit in work})),
        work=tuple(dict.fromkeys(work)),
        duties=tuple(dict.fromkeys(duties)),
        hidden=tuple(row[0] for row in connection.execute(_HIDDEN, {"account": account})),
    )


def units_covered_by(connection: Connection, unit: UUID) -> list[UUID]:
    """The unit and every unit below it; the whole organisation covers all."""
    found = connection.execute(_COVERED, {"unit": unit, "all": unit == ORGANISATION_ID}).fetchall()
    return [row[0] for row in found]


def _responsible(connection: Connection, role: Role, unit: UUID) -> list[UUID]:
    params = {"unit": unit, "role": role, "organisation": ORGANISATION_ID}
    return [row[0] for row in connection.execute(_RESPONSIBLE, params).fetchall()]
