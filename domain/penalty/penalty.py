"""The penalty case (行政处罚案件), so far from the proposal to file (立案) to its answer."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain import inspection
from domain.case import Case, Counting, Duty, Figure, Follower, Indicator, Todo, owes
from domain.command import Desk, Family
from domain.deadlines import Key
from domain.document import Document
from domain.facts import Event, Fact, Role, takes
from domain.inspection import Inspection
from domain.times import day

PENALTIES = Family("penalties", "立案", "penalty", readable=True)
FILE_LATE = Key("FILE-LATE")
"""Evidence taken first in urgency: the filing is made up within this term."""
APPROVE = Duty("approve-filing", "approve-filing", Role.APPROVER, "立案审批：{}")


class FilingProposed(Fact):
    """A proposal to file (立案建议)."""

    TOPIC: ClassVar[str] = "penalty/filing-proposed"
    TITLE: ClassVar[str] = "提出立案建议"
    TELLS: ClassVar[bool] = True
    unit: UUID
    inspection: UUID
    enterprise: UUID
    handlers: tuple[str, ...]
    cause: str
    facts_seen: str
    hazards: tuple[str, ...]
    urgent: bool
    involved: tuple[str, ...] = ()
    """Whoever had ever handled the inspection by then."""

    def words(self) -> str:
        """Title and cause."""
        return f"提出立案建议：{self.cause}"


class FilingApproved(Fact):
    """The case is filed (准予立案)."""

    TOPIC: ClassVar[str] = "penalty/filing-approved"
    TITLE: ClassVar[str] = "准予立案"
    ENDS: ClassVar[bool] = True
    document: Document
    opinion: str

    def words(self) -> str:
        """Title and number."""
        return f"准予立案：{self.document.number}"


class FilingRefused(Fact):
    """The case is not filed, with reasons (不予立案)."""

    TOPIC: ClassVar[str] = "penalty/filing-refused"
    TITLE: ClassVar[str] = "不予立案"
    ENDS: ClassVar[bool] = True
    reason: str


def open_filing(fact: inspection.FilingProposed, event: Event, desk: Desk) -> None:
    """An inspection proposes: the case opens, its deadline with it where evidence came first."""
    source = desk.get(Inspection, event.originator_id)
    case = desk.get_or_new(PenaltyCase, fact.penalty)
    proposed = FilingProposed(
        unit=fact.unit or source.belongs_to or event.by.unit,
        inspection=source.id,
        enterprise=source.drawn_up.enterprise,
        handlers=source.handlers,
        cause=fact.cause,
        facts_seen=fact.facts_seen,
        hazards=fact.hazards,
        urgent=fact.urgent,
        involved=source.barred,
    )
    case.record(proposed, desk.act)
    if fact.urgent:
        due = desk.law.due(FILE_LATE.rule, day(event.occurred_at))
        case.set_deadlines([FILE_LATE], due, desk.act)


PROPOSED, FILED = "filings-proposed", "filings-approved"
FILING = "document/FILING"


def _proposed(_fact: FilingProposed, _case: object, event: Event) -> Iterator[Figure]:
    yield PROPOSED, 1, day(event.occurred_at)


def _approved(fact: FilingApproved, _case: object, event: Event) -> Iterator[Figure]:
    yield FILING, 1, fact.document.dated
    yield FILED, 1, day(event.occurred_at)


class PenaltyCase(Case):
    """A penalty case (行政处罚案件)."""

    KIND: ClassVar[str] = "penalty"
    FAMILY: ClassVar[Family] = PENALTIES
    TITLE: ClassVar[str] = "行政处罚案件"
    WORKFLOW: ClassVar[str] = "PenaltyWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {
        "proposed": "立案待审批",
        "approved": "已立案",
        "refused": "不予立案",
    }
    ENDINGS: ClassVar[Mapping[str, str]] = {"refused": "不予立案"}
    TERMS: ClassVar[Mapping[str, str]] = {FILE_LATE.rule: "补办立案"}
    FOLLOWS: ClassVar[Mapping[type[Fact], Follower]] = {inspection.FilingProposed: open_filing}
    INDICATORS: ClassVar[tuple[Indicator, ...]] = (
        Indicator(
            FILING,
            "立案审批表（份）",
            "已编号的有效文书，按文书日期归月；作废的从其日期所在月扣除。",
        ),
        Indicator(PROPOSED, "立案建议（件）", "提出的立案建议，按提出日期归月，含后来不予立案的。"),
        Indicator(FILED, "立案（件）", "准予立案的案件，按批准日期归月。"),
    )
    COUNTS: ClassVar[Mapping[type[Fact], Counting]] = {
        FilingProposed: _proposed,
        FilingApproved: _approved,
    }

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.proposers: tuple[str, ...] = ()
        self.involved: tuple[str, ...] = ()
        self.hazards: tuple[str, ...] = ()
        self.status = ""
        self.proposed_at: datetime | None = None

    @property
    def stage(self) -> str:
        """Proposed, approved or refused."""
        return self.status

    @property
    def awaited(self) -> bool:
        """So far up to the answer to the proposal."""
        return self.status == "proposed"

    @property
    def handlers(self) -> tuple[str, ...]:
        """Officers of the inspection at the time."""
        return self.proposers

    @property
    def barred(self) -> tuple[str, ...]:
        """Whoever had handled the inspection."""
        return tuple(dict.fromkeys((*self.proposers, *self.involved)))

    @takes(FilingProposed)
    def _proposed(self, fact: FilingProposed, event: Event) -> None:
        self.unit, self.parent, self.proposers = fact.unit, fact.inspection, fact.handlers
        self.enterprise, self.subject = fact.enterprise, fact.cause
        self.involved = fact.involved
        self.hazards, self.status = fact.hazards, "proposed"
        self.proposed_at = event.occurred_at

    @takes(FilingApproved)
    def _approved(self, fact: FilingApproved, _: Event) -> None:
        self.status, self.number = "approved", fact.document.number

    @takes(FilingRefused)
    def _refused(self, _fact: FilingRefused, _: Event) -> None:
        self.status = self.ending = "refused"

    @owes
    def _decision(self) -> Iterator[Todo]:
        if self.status == "proposed":
            due, key = self.due(FILE_LATE)
            yield Todo(APPROVE, about=(self.subject,), due=due, deadline=key)
