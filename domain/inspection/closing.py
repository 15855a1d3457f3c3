"""Step ⑧ 闭环管理、执法到位: resumption, shutdown, publication, and the closing of the loop."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Desk, day
from domain.errors import Refusal
from domain.facts import Role
from domain.inspection import facts
from domain.inspection.base import APPROVERS, InspectionCommand
from domain.inspection.inspection import Inspection, Paper
from domain.inspection.orders import require_record
from domain.inspection.values import Step


class RequestResumption(InspectionCommand):
    """The enterprise asks to resume after a stop (申请恢复生产经营、使用)."""

    NAME: ClassVar[str] = "request-resumption"
    TITLE: ClassVar[str] = "登记恢复生产经营（使用）申请"

    document: UUID = Field(description="现场处理措施决定书")
    request: str = Field(min_length=1, max_length=2000, description="申请内容")

    def act(self, case: Inspection, desk: Desk) -> None:
        """The review's own term begins."""
        paper = _stopping(case, self.document)
        if paper.resumption_asked:
            raise Refusal("RESUME-ASKED", "恢复申请已登记，正在等待审查。")
        fact = facts.ResumptionRequested(document=self.document, request=self.request)
        case.record(fact, at=desk.at, by=desk.by)  # counts the request, which names its clock
        due = desk.law.due("RESUME", day(desk.at))
        case.set_deadline(_key(paper), paper.document.number, due, at=desk.at, by=desk.by)


class AgreeResumption(InspectionCommand):
    """Agree to resume after review on site (审查同意恢复): the measure is lifted."""

    NAME: ClassVar[str] = "agree-resumption"
    TITLE: ClassVar[str] = "审查同意恢复"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    document: UUID = Field(description="现场处理措施决定书")
    opinion: str = Field(default="同意", max_length=500, description="审查意见")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Only when every hazard behind the measure is gone."""
        paper = _asked(case, self.document)
        if still := [no for no in paper.hazards if not case.hazards[no].settled]:
            raise Refusal(
                "RESUME-HAZARDS",
                f"隐患{'、'.join(still)}尚未复查认定整改完成，不能同意恢复。",
                basis=desk.law.rule("RESUME", day(desk.at)).basis,
            )
        fact = facts.ResumptionAgreed(document=self.document, opinion=self.opinion)
        case.record(fact, at=desk.at, by=desk.by)
        case.meet_deadline(_key(paper), at=desk.at, by=desk.by)
        case.meet_deadline(f"SUSPEND/{self.document}", at=desk.at, by=desk.by)


class RefuseResumption(InspectionCommand):
    """Do not agree to resume (审查不同意恢复): the measure stays."""

    NAME: ClassVar[str] = "refuse-resumption"
    TITLE: ClassVar[str] = "审查不同意恢复"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    document: UUID = Field(description="现场处理措施决定书")
    reason: str = Field(min_length=1, max_length=500, description="不同意的理由")

    def act(self, case: Inspection, desk: Desk) -> None:
        """The request is answered; the stop goes on."""
        paper = _asked(case, self.document)
        fact = facts.ResumptionRefused(document=self.document, reason=self.reason)
        case.record(fact, at=desk.at, by=desk.by)
        case.meet_deadline(_key(paper), at=desk.at, by=desk.by)


class RecordShutdown(InspectionCommand):
    """The enterprise has closed down (企业关闭、停业)."""

    NAME: ClassVar[str] = "record-shutdown"
    TITLE: ClassVar[str] = "登记企业关闭（停业）"

    facts_seen: str = Field(min_length=1, max_length=2000, description="核实情况")
    evidence: list[UUID] = Field(min_length=1, description="证明材料")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Proved on site: nothing is left to rectify, publication is still owed."""
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        case.require_evidence(self.evidence)
        if case.shut_down:
            raise Refusal("SHUT-DOWN", "企业关闭（停业）已经登记，无需重复办理。")
        fact = facts.EnterpriseShutDown(facts=self.facts_seen, evidence=tuple(self.evidence))
        case.record(fact, at=desk.at, by=desk.by)
        for key in [k for k in case.deadlines if k != "PUB-INSP"]:
            case.void_deadline(key, "企业已关闭（停业）", at=desk.at, by=desk.by)
        case.enter(Step.CLOSE_LOOP, at=desk.at, by=desk.by)


class PublishResult(InspectionCommand):
    """Make the result public (公示检查结果)."""

    NAME: ClassVar[str] = "publish-result"
    TITLE: ClassVar[str] = "公示检查结果"

    place: str = Field(min_length=1, max_length=300, description="公示平台或网址")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Once, when the record stands."""
        if "PUB-INSP" not in case.deadlines:
            raise Refusal("PUBLISH-EARLY", "现场检查记录尚未制作，没有可公示的检查结果。")
        if case.published:
            raise Refusal("PUBLISHED", "检查结果已经公示，无需重复办理。")
        case.record(facts.ResultPublished(place=self.place), at=desk.at, by=desk.by)
        case.meet_deadline("PUB-INSP", at=desk.at, by=desk.by)


class CloseInspection(InspectionCommand):
    """Close the loop (结案归档)."""

    NAME: ClassVar[str] = "close-inspection"
    TITLE: ClassVar[str] = "结案归档"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    opinion: str = Field(default="同意结案", max_length=500, description="结案意见")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Rectified, penalty ended, measures lifted, published; else told what is missing."""
        if missing := missing_for_closing(case):
            raise Refusal(
                "CLOSE",
                f"尚不能结案：{'；'.join(missing)}。",
                basis="八步工作法第八步",
                missing=missing,
            )
        case.record(facts.Closed(opinion=self.opinion), at=desk.at, by=desk.by)


def missing_for_closing(case: Inspection) -> list[str]:
    """What still stands between the case and its closing, in words."""
    missing: list[str] = []
    if Step.CLOSE_LOOP not in case.entered and not _never_inspected(case):
        missing.append(f"尚在第{case.step.value}步“{case.step.title}”")
    if still := [h.no for h in case.open_hazards()]:
        missing.append(f"隐患{'、'.join(still)}未整改")
    unserved = [p.document.number for p in case.unserved()]
    if unserved and not case.shut_down:
        missing.append(f"文书{'、'.join(unserved)}未送达")
    missing.extend(_pending_elsewhere(case))
    if "PUB-INSP" in case.deadlines and not case.published:
        missing.append("检查结果未公示")
    return missing


def _never_inspected(case: Inspection) -> bool:
    """The enterprise refused the visit and it went no further."""
    return case.entry_refused and case.step in {Step.SHOW_CERTIFICATES, Step.DIVIDE_WORK}


def _pending_elsewhere(case: Inspection) -> list[str]:
    missing: list[str] = []
    if any(p.stops_now for p in case.papers.values()):
        missing.append("暂时停产停业（停止使用）措施未解除")
    if "proposed" in case.proposals.values():
        missing.append("立案或移送建议待审批")
    if "approved" in case.proposals.values():
        missing.append("已立案（移送）案件未办结")
    if any(not e.answered for e in case.extensions.values()):
        missing.append("延期申请未答复")
    if "requested" in case.recusals.values():
        missing.append("回避申请未决定")
    return missing


def _stopping(case: Inspection, document: UUID) -> Paper:
    paper = case.paper(document)
    if not paper.stops_now:
        raise Refusal(
            "RESUME-MEASURE", "该文书不是已送达且未解除的停产停业（停止使用）决定，请核对。"
        )
    return paper


def _asked(case: Inspection, document: UUID) -> Paper:
    paper = _stopping(case, document)
    if not paper.resumption_asked:
        raise Refusal("RESUME-REQUEST", "企业尚未申请恢复，或申请已答复。")
    return paper


def _key(paper: Paper) -> str:
    return f"RESUME/{paper.document.id}/{paper.resumptions}"
