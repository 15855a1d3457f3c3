"""A kind of case as one package would declare it: a complaint (举报) and its answer.

Importing it registers it, so it is imported by the fixture that takes it away again.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Case, Counting, Duty, Figure, Indicator, Todo, owes
from domain.command import Command, Desk, Family
from domain.deadlines import Key
from domain.facts import Event, Fact, Role, takes
from domain.times import day

COMPLAINTS = Family("complaints", "举报", "complaint", readable=True)
ANSWER = Key("TR-APPR", "首次")
REPLY = Duty("answer-complaint", "answer-complaint", Role.APPROVER, "答复举报：{}")
MADE = "complaints-made"


class Complained(Fact):
    TOPIC: ClassVar[str] = "complaint/made"
    TITLE: ClassVar[str] = "收到举报"
    unit: UUID
    enterprise: UUID
    about: str

    def words(self) -> str:
        return f"收到举报：{self.about}"


class Answered(Fact):
    TOPIC: ClassVar[str] = "complaint/answered"
    TITLE: ClassVar[str] = "答复举报"
    answer: str


def _made(_fact: Complained, _case: Case, event: Event) -> Iterator[Figure]:
    yield MADE, 1, day(event.occurred_at)


class Complaint(Case):
    KIND: ClassVar[str] = "complaint"
    FAMILY: ClassVar[Family] = COMPLAINTS
    TITLE: ClassVar[str] = "举报件"
    WORKFLOW: ClassVar[str] = "ComplaintWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {"open": "待答复", "done": "已答复"}
    ENDINGS: ClassVar[Mapping[str, str]] = {"answered": "已办结"}
    TERMS: ClassVar[Mapping[str, str]] = {}
    INDICATORS: ClassVar[tuple[Indicator, ...]] = (Indicator(MADE, "举报（件）", "收到的举报。"),)
    COUNTS: ClassVar[Mapping[type[Fact], Counting]] = {Complained: _made}

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.about = ""
        self.clerk: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        return "done" if self.ending else "open"

    @property
    def handlers(self) -> tuple[str, ...]:
        return self.clerk

    def content(self) -> dict[str, Any]:
        return {"about": self.about, "length": len(self.about), "parts": [self.about]}

    @takes(Complained)
    def _complained(self, fact: Complained, event: Event) -> None:
        self.unit, self.enterprise, self.about = fact.unit, fact.enterprise, fact.about
        self.clerk = (event.by.account,)

    @takes(Answered)
    def _answered(self, _fact: Answered, _: Event) -> None:
        self.ending = "answered"

    @owes
    def _reply(self) -> Iterator[Todo]:
        due, key = self.due(ANSWER)
        yield Todo(REPLY, about=(self.about,), due=due, deadline=key, given={"answer": "已查"})


class MakeComplaint(Command):
    FAMILY: ClassVar[Family] = COMPLAINTS
    NAME: ClassVar[str] = "make-complaint"
    TITLE: ClassVar[str] = "登记举报"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.INSPECTOR})
    CREATES: ClassVar[bool] = True
    unit: UUID
    enterprise: UUID
    about: str

    def scope(self) -> UUID:
        return self.unit

    def decide(self, case: Complaint, desk: Desk) -> None:
        fact = Complained(unit=self.unit, enterprise=self.enterprise, about=self.about)
        case.record(fact, desk.act)
        due = desk.law.due(ANSWER.rule, day(desk.at))
        case.set_deadlines([ANSWER], due, desk.act)


class AnswerComplaint(Command):
    FAMILY: ClassVar[Family] = COMPLAINTS
    NAME: ClassVar[str] = "answer-complaint"
    TITLE: ClassVar[str] = "答复"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.APPROVER})
    answer: str = Field(min_length=1, description="答复内容")

    def decide(self, case: Complaint, desk: Desk) -> None:
        case.record(Answered(answer=self.answer), desk.act)
