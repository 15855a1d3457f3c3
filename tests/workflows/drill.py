"""A new kind of case in one file, as somebody might add it: a drill (应急演练), to be held in time.

Importing it registers it; only the fixture ``drill`` does, which takes it away again.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from domain.case import Case, Duty, Todo, owes
from domain.command import Command, Desk, Family
from domain.deadlines import Key
from domain.facts import Event, Fact, Role, takes
from domain.times import day

DRILLS = Family("drills", "演练", "drill")
HOLD = Key("TR-APPR")
HELD = Duty("hold-drill", "hold-drill", Role.INSPECTOR, "组织演练：{}")


class DrillOrdered(Fact):
    TOPIC: ClassVar[str] = "drill/ordered"
    TELLS: ClassVar[bool] = True
    unit: UUID


class DrillHeld(Fact):
    TOPIC: ClassVar[str] = "drill/held"
    ENDS: ClassVar[bool] = True


class Drill(Case):
    KIND: ClassVar[str] = "drill"
    FAMILY: ClassVar[Family] = DRILLS
    TITLE: ClassVar[str] = "应急演练"
    WORKFLOW: ClassVar[str] = "DrillWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {"ordered": "待演练"}
    ENDINGS: ClassVar[Mapping[str, str]] = {"held": "已演练"}

    @property
    def stage(self) -> str:
        return "ordered"

    @property
    def handlers(self) -> tuple[str, ...]:
        return ()

    @takes(DrillOrdered)
    def _ordered(self, fact: DrillOrdered, _: Event) -> None:
        self.unit = fact.unit

    @takes(DrillHeld)
    def _held(self, _fact: DrillHeld, _: Event) -> None:
        self.ending = "held"

    @owes
    def _hold(self) -> Iterator[Todo]:
        yield Todo(HELD, about=("仓库",))


class DrillCommand(Command):
    FAMILY: ClassVar[Family] = DRILLS
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.INSPECTOR})


class OrderDrill(DrillCommand):
    NAME: ClassVar[str] = "order-drill"
    CREATES: ClassVar[bool] = True

    def decide(self, case: Drill, desk: Desk) -> dict[str, Any] | None:
        case.record(DrillOrdered(unit=desk.by.unit), desk.act)
        due = desk.law.due(HOLD.rule, day(desk.at))
        case.set_deadlines([HOLD], due, desk.act)


class HoldDrill(DrillCommand):
    NAME: ClassVar[str] = "hold-drill"

    def decide(self, case: Drill, desk: Desk) -> dict[str, Any] | None:
        case.meet_deadlines([HOLD], desk.act)
        case.record(DrillHeld(), desk.act)
