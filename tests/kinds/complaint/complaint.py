"""The complaint (投诉举报): received, or due for its answer after an inspection it led to."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.case import Case, Counting, Duty, Figure, Follower, Indicator, Todo, owes
from domain.command import Desk, Family
from domain.deadlines import Key
from domain.facts import Event, Fact, Role, takes
from domain.inspection import Closed, Inspection
from domain.inspection.values import Source
from domain.times import day

COMPLAINTS = Family("complaints", "投诉举报", "complaint", readable=True)
REPLY = Key("RECON-ANS")
"""A term that no other kind uses; the data has none for complaints."""
ANSWER = Duty("answer-complaint", "answer-complaint", Role.APPROVER, "答复投诉举报：{}")


class ComplaintReceived(Fact):
    """A complaint came in (收到投诉举报)."""

    TOPIC: ClassVar[str] = "complaint/received"
    TITLE: ClassVar[str] = "收到投诉举报"
    TELLS: ClassVar[bool] = True
    unit: UUID
    enterprise: UUID
    about: str
    clerks: tuple[str, ...]
    inspection: UUID | None = None

    def words(self) -> str:
        """What it is about."""
        return f"收到投诉举报：{self.about}"


class ComplaintAnswered(Fact):
    """The complainant has his answer (答复投诉举报)."""

    TOPIC: ClassVar[str] = "complaint/answered"
    TITLE: ClassVar[str] = "答复投诉举报"
    ENDS: ClassVar[bool] = True
    answer: str

    def words(self) -> str:
        """The answer."""
        return f"答复投诉举报：{self.answer}"


def receive(case: "Complaint", fact: ComplaintReceived, desk: Desk) -> None:
    """A complaint begins, and its term with it."""
    case.record(fact, desk.act)
    case.set_deadlines([REPLY], desk.law.due(REPLY.rule, day(desk.at)), desk.act)


def follow_closing(fact: Closed, event: Event, desk: Desk) -> None:
    """An inspection that came of a complaint is closed: whoever complained is to hear of it."""
    source = desk.get(Inspection, event.originator_id)
    if source.drawn_up.source is not Source.COMPLAINT:
        return
    received = ComplaintReceived(
        unit=source.belongs_to or event.by.unit,
        enterprise=source.drawn_up.enterprise,
        about=f"检查已结案（{fact.opinion}）",
        clerks=source.handlers,
        inspection=source.id,
    )
    receive(desk.get_or_new(Complaint, uuid5(source.id, "complaint")), received, desk)


RECEIVED, ANSWERED = "complaints-received", "complaints-answered"


def _received(_fact: ComplaintReceived, _case: object, event: Event) -> Iterator[Figure]:
    yield RECEIVED, 1, day(event.occurred_at)


def _answered(_fact: ComplaintAnswered, _case: object, event: Event) -> Iterator[Figure]:
    yield ANSWERED, 1, day(event.occurred_at)


class Complaint(Case):
    """A complaint (投诉举报)."""

    KIND: ClassVar[str] = "complaint"
    FAMILY: ClassVar[Family] = COMPLAINTS
    TITLE: ClassVar[str] = "投诉举报件"
    WORKFLOW: ClassVar[str] = "ComplaintWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {"open": "待答复", "done": "已答复"}
    ENDINGS: ClassVar[Mapping[str, str]] = {"answered": "已办结"}
    TERMS: ClassVar[Mapping[str, str]] = {REPLY.rule: "投诉举报"}
    FOLLOWS: ClassVar[Mapping[type[Fact], Follower]] = {Closed: follow_closing}
    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        Indicator(RECEIVED, "收到投诉举报（件）", "收到的投诉举报，按收到日期归月。"),
        Indicator(ANSWERED, "答复投诉举报（件）", "答复的投诉举报，按答复日期归月。"),
    )
    COUNTS: ClassVar[Mapping[type[Fact], Counting]] = {
        ComplaintReceived: _received,
        ComplaintAnswered: _answered,
    }

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.about = ""
        self.clerks: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """Open or done."""
        return "done" if self.ending else "open"

    @property
    def handlers(self) -> tuple[str, ...]:
        """Whoever received it."""
        return self.clerks

    def content(self) -> dict[str, Any]:
        """What it is about."""
        return {"about": self.about}

    @takes(ComplaintReceived)
    def _received(self, fact: ComplaintReceived, _: Event) -> None:
        self.unit, self.enterprise, self.about = fact.unit, fact.enterprise, fact.about
        self.clerks, self.parent = fact.clerks, fact.inspection

    @takes(ComplaintAnswered)
    def _answered(self, _fact: ComplaintAnswered, _: Event) -> None:
        self.ending = "answered"

    @owes
    def _answer(self) -> Iterator[Todo]:
        due, key = self.due(REPLY)
        given = {"answer": "已查处"}
        yield Todo(ANSWER, about=(self.about,), due=due, deadline=key, given=given)
