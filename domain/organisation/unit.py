"""The tree of units as one aggregate: small, read by every command, never derived from codes."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Refusal
from domain.facts import Aggregate, Event, Fact, Remembered, Role, takes
from domain.identity import named
from domain.unit import Unit

ORGANISATION_ID = named("organisation")
ORGANISATION = Family("organisation", "机构", "organisation", alone=True)


def unit_id(*path: str) -> UUID:
    """Id of a unit by its names from the city down, e.g. ``unit_id("枣庄市", "滕州市")``."""
    return named("unit", *path)


class UnitAdded(Fact):
    """A unit was entered (机构登记)."""

    TOPIC: ClassVar[str] = "organisation/unit-added"
    TITLE: ClassVar[str] = "机构登记"
    unit: Unit

    def words(self) -> str:
        """Title and name."""
        return f"机构登记：{self.unit.name}"


class UnitChanged(Fact):
    """A unit has new particulars (机构变更)."""

    TOPIC: ClassVar[str] = "organisation/unit-changed"
    TITLE: ClassVar[str] = "机构变更"
    unit: Unit

    def words(self) -> str:
        """Title and name."""
        return f"机构变更：{self.unit.name}"


class Organisation(Aggregate):
    """All units of the city (机构树)."""

    KIND: ClassVar[str] = "organisation"
    REMEMBERED: ClassVar[Remembered] = "shared"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.units: dict[UUID, Unit] = {}

    @takes(UnitAdded, UnitChanged)
    def _newest(self, fact: UnitAdded | UnitChanged, _: Event) -> None:
        self.units[fact.unit.id] = fact.unit

    def covers(self, unit: UUID, other: UUID) -> bool:
        """Whether ``unit`` is ``other`` or stands above it; a top unit covers the whole tree."""
        if ORGANISATION_ID in {other, unit}:
            top = self.units.get(unit)
            return unit == ORGANISATION_ID or (top is not None and top.parent is None)
        seen: UUID | None = other
        while seen is not None:
            if seen == unit:
                return True
            found = self.units.get(seen)
            seen = found.parent if found else None
        return False

    def punishing(self, unit: UUID) -> UUID | None:
        """The unit itself or the nearest one above it that may punish."""
        found = self.units.get(unit)
        while found is not None and not found.punishes:
            found = self.units.get(found.parent) if found.parent else None
        return found.id if found else None

    def unit(self, wanted: UUID) -> Unit:
        """The unit, or a refusal that says to import it."""
        if wanted not in self.units:
            raise Refusal(
                "UNIT-UNKNOWN", "该单位尚未登记，请先导入机构数据（bihuan import units）。"
            )
        return self.units[wanted]


class ImportUnits(Command):
    """Enter or update units (导入机构): all of them or none."""

    FAMILY: ClassVar[Family] = ORGANISATION
    NAME: ClassVar[str] = "import-units"
    TITLE: ClassVar[str] = "导入机构"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.ADMINISTRATOR})
    MERGES: ClassVar[bool] = True

    units: list[Unit] = Field(min_length=1, description="机构列表，上级在前")

    def decide(self, case: Organisation, desk: Desk) -> dict[str, Any]:
        """Parents must be known; what is already there and equal is left alone."""
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        for unit in self.units:
            if unit.parent is not None and unit.parent not in case.units:
                raise Refusal("UNIT-PARENT", f"{unit.name}的上级单位不存在，请把上级单位排在前面。")
            if unit.parent is not None and case.covers(unit.id, unit.parent):
                raise Refusal("UNIT-PARENT", f"{unit.name}不能以自己或下级为上级，请核对。")
            known = case.units.get(unit.id)
            if known == unit:
                counts["unchanged"] += 1
            elif known is None:
                case.record(UnitAdded(unit=unit), desk.act)
                counts["added"] += 1
            else:
                case.record(UnitChanged(unit=unit), desk.act)
                counts["changed"] += 1
        return counts
