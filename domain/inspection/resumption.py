"""Step ⑧, resumption (恢复生产经营、使用): asked after a stop, agreed after a review on site."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, lacks, owes
from domain.command import Desk
from domain.deadlines import Key
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import APPROVERS, InspectionCommand, OnSiteCommand
from domain.inspection.extension import Extensions
from domain.inspection.hazards import latest
from domain.inspection.papers import Paper
from domain.inspection.service import suspend_key
from domain.times import day

RESUME = "RESUME"
REVIEW = Duty("agree-resumption", "agree-resumption", Role.APPROVER, "审查恢复申请（{}）")


class ResumptionRequested(Fact):
    """The enterprise asks to resume (恢复生产经营、使用申请)."""

    TOPIC: ClassVar[str] = "inspection/resumption-requested"
    TITLE: ClassVar[str] = "申请恢复生产经营（使用）"
    document: UUID
    request: str


class ResumptionAgreed(Fact):
    """Review passed, the measure is lifted (审查同意恢复)."""

    TOPIC: ClassVar[str] = "inspection/resumption-agreed"
    TITLE: ClassVar[str] = "审查同意恢复生产经营（使用）"
    document: UUID
    opinion: str


class ResumptionRefused(Fact):
    """Review not passed, the measure stays (审查不同意恢复)."""

    TOPIC: ClassVar[str] = "inspection/resumption-refused"
    TITLE: ClassVar[str] = "审查不同意恢复"
    document: UUID
    reason: str


class Resumption(Extensions):
    """The part of resumption."""

    @takes(ResumptionRequested)
    def _resumption_asked(self, fact: ResumptionRequested, _: Event) -> None:
        self.papers[fact.document].resumption_asked = True
        self.papers[fact.document].resumptions += 1

    @takes(ResumptionAgreed)
    def _resumed(self, fact: ResumptionAgreed, _: Event) -> None:
        self.papers[fact.document].lifted = True
        self.papers[fact.document].resumption_asked = False

    @takes(ResumptionRefused)
    def _not_resumed(self, fact: ResumptionRefused, event: Event) -> None:
        self.papers[fact.document].resumption_asked = False
        self.papers[fact.document].answered_at = event.occurred_at

    @owes
    def _reviews(self) -> Iterator[Todo]:
        for paper in self.papers.values():
            if paper.resumption_asked:
                due, key = self.due(_key(paper))
                given = {"document": str(paper.document.id)}
                number = (paper.document.number,)
                yield Todo(REVIEW, about=number, due=due, deadline=key, given=given)

    @lacks
    def _stopped(self) -> Iterator[str]:
        if any(p.stops_now for p in self.papers.values()):
            yield "暂时停产停业（停止使用）措施未解除"


class RequestResumption(OnSiteCommand):
    """The enterprise asks to resume after a stop (申请恢复生产经营、使用)."""

    NAME: ClassVar[str] = "request-resumption"
    TITLE: ClassVar[str] = "登记恢复生产经营（使用）申请"

    document: UUID = Field(description="现场处理措施决定书")
    request: str = Field(min_length=1, max_length=2000, description="申请内容")

    def rests_on(self, case: Resumption) -> datetime | None:
        """The service of the decision, or the answer to the last request."""
        paper = case.papers.get(self.document)
        return paper and latest(paper.served_at, paper.answered_at)

    def act(self, case: Resumption, desk: Desk) -> None:
        """The review's own term begins."""
        paper = _stopping(case, self.document)
        if paper.resumption_asked:
            raise Refusal("RESUME-ASKED", "恢复申请已登记，正在等待审查。")
        fact = ResumptionRequested(document=self.document, request=self.request)
        case.record(fact, desk.act)  # counts the request, which names its clock
        due = desk.law.due(RESUME, day(desk.at))
        case.set_deadlines([_key(paper)], due, desk.act)


class AgreeResumption(InspectionCommand):
    """Agree to resume after review on site (审查同意恢复): the measure is lifted."""

    NAME: ClassVar[str] = "agree-resumption"
    TITLE: ClassVar[str] = "审查同意恢复"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    document: UUID = Field(description="现场处理措施决定书")
    opinion: str = Field(default="同意", max_length=500, description="审查意见")

    def act(self, case: Resumption, desk: Desk) -> None:
        """Only when every hazard behind the measure is gone."""
        paper = _asked(case, self.document)
        if still := [no for no in paper.hazards if not case.hazards[no].settled]:
            raise Refusal(
                "RESUME-HAZARDS",
                f"隐患{'、'.join(still)}尚未复查认定整改完成，不能同意恢复。",
                basis=desk.law.rule(RESUME, day(desk.at)).basis,
            )
        fact = ResumptionAgreed(document=self.document, opinion=self.opinion)
        case.record(fact, desk.act)
        case.meet_deadlines([_key(paper), suspend_key(paper)], desk.act)


class RefuseResumption(InspectionCommand):
    """Do not agree to resume (审查不同意恢复): the measure stays."""

    NAME: ClassVar[str] = "refuse-resumption"
    TITLE: ClassVar[str] = "审查不同意恢复"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    document: UUID = Field(description="现场处理措施决定书")
    reason: str = Field(min_length=1, max_length=500, description="不同意的理由")

    def act(self, case: Resumption, desk: Desk) -> None:
        """The request is answered; the stop goes on."""
        paper = _asked(case, self.document)
        fact = ResumptionRefused(document=self.document, reason=self.reason)
        case.record(fact, desk.act)
        case.meet_deadlines([_key(paper)], desk.act)


def _stopping(case: Resumption, document: UUID) -> Paper:
    paper = case.paper(document)
    if not paper.stops_now:
        raise Refusal(
            "RESUME-MEASURE", "该文书不是已送达且未解除的停产停业（停止使用）决定，请核对。"
        )
    return paper


def _asked(case: Resumption, document: UUID) -> Paper:
    paper = _stopping(case, document)
    if not paper.resumption_asked:
        raise Refusal("RESUME-REQUEST", "企业尚未申请恢复，或申请已答复。")
    return paper


def _key(paper: Paper) -> Key:
    return Key(RESUME, str(paper.document.id), paper.resumptions)
