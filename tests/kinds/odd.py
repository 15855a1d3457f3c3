"""Odd kinds of case, made in a test's body, as a stranger might declare them."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID, uuid4

from domain.case import Case, Duty, Todo, owes
from domain.command import COMMANDS, Command, Desk, Family
from domain.deadlines import Key
from domain.facts import Event, Fact, Role, takes
from domain.times import day
from tests.domain.given import Play

FIRST, SECOND, LATER = (Key("RECON-ANS", subject) for subject in ("甲", "乙", "丙"))


def odd(**declared: Any) -> type[Case]:
    """A kind without steps, end, handlers and words for its subjects; ``declared`` changes it.

    Its ``submit-plan`` has the name of another kind's command.
    """
    family = Family("oddities", "怪件", "odd", readable=True)
    duty = Duty("mend", "submit-plan", Role.INSPECTOR, "答复{}关于{}的来信")

    class Begun(Fact):
        TOPIC: ClassVar[str] = "odd/begun"
        TITLE: ClassVar[str] = "怪件开始"
        TELLS: ClassVar[bool] = True
        unit: UUID

    class Odd(Case):
        KIND: ClassVar[str] = "odd"
        FAMILY: ClassVar[Family] = family
        TITLE: ClassVar[str] = "怪件"
        WORKFLOW: ClassVar[str] = "OddWorkflow"
        STAGES: ClassVar = {"open": "在办"}
        ENDINGS: ClassVar = {}
        vars().update(declared)

        @property
        def stage(self) -> str:
            return "open"

        @property
        def handlers(self) -> tuple[str, ...]:
            return ()

        @takes(Begun)
        def _begun(self, fact: Begun, _: Event) -> None:
            self.unit = fact.unit

        @owes
        def _mend(self) -> Iterator[Todo]:
            yield Todo(duty, about=("张某", "噪声", "粉尘"))

    class Begin(Command):
        FAMILY: ClassVar[Family] = family
        NAME: ClassVar[str] = "begin-oddity"
        TITLE: ClassVar[str] = "登记怪件"
        ROLES: ClassVar[frozenset[Role]] = frozenset({Role.INSPECTOR})
        CREATES: ClassVar[bool] = True

        def decide(self, case: Odd, desk: Desk) -> None:
            case.record(Begun(unit=desk.by.unit), desk.act)
            today = day(desk.at)
            due, later = (desk.law.due("RECON-ANS", d) for d in (today, today.replace(day=20)))
            case.set_deadlines([FIRST, SECOND], due, desk.act)
            case.set_deadlines([LATER], later, desk.act)

    class SubmitPlan(Begin):
        NAME: ClassVar[str] = "submit-plan"
        CREATES: ClassVar[bool] = False

    return Odd


def begun(play: Play) -> Case:
    """An odd case, in the log of ``play``."""
    command = COMMANDS["oddities", "begin-oddity"]()
    asked = {"person": play.person("insp1"), "target": None}
    receipt = play.app.execute(command, command_id=uuid4(), request_hash=b"", **asked)
    return play.app.clocks("odd", receipt.id)
