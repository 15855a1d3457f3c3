"""Step ⑧, rectification: report, recheck, and what an unremoved hazard leads to."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.clocked import Status
from domain.command import Desk, day
from domain.errors import Refusal
from domain.inspection import facts
from domain.inspection.base import InspectionCommand, new_paper, require_officers
from domain.inspection.inspection import Hazard, Inspection
from domain.inspection.orders import require_signature
from domain.inspection.reads import signed_paper
from domain.inspection.referral import propose_filing
from domain.inspection.values import RecheckResult, Signature
from domain.law import Law
from domain.organisation.numbers import told

UNREMOVED = "未按要求消除事故隐患"
"""Cause of the filing proposal that a failed recheck opens (案由)."""


class ReportRectification(InspectionCommand):
    """The enterprise reports rectification of some or all hazards (整改报告、复查申请)."""

    NAME: ClassVar[str] = "report-rectification"
    TITLE: ClassVar[str] = "登记企业整改报告"

    hazards: list[str] = Field(min_length=1, description="报告已整改的隐患编号")
    report: str = Field(min_length=1, max_length=5000, description="整改情况")
    evidence: list[UUID] = Field(default_factory=list[UUID], description="整改证据")

    def act(self, case: Inspection, desk: Desk) -> None:
        """The recheck's term begins with the request."""
        hazards = [_served_hazard(case, no) for no in dict.fromkeys(self.hazards)]
        case.require_evidence(self.evidence)
        fact = facts.RectificationReported(
            hazards=tuple(h.no for h in hazards),
            report=self.report,
            evidence=tuple(self.evidence),
        )
        case.record(fact, at=desk.at, by=desk.by)
        for hazard in hazards:
            case.start_recheck(hazard, day(desk.at), desk.law, at=desk.at, by=desk.by)


class Recheck(InspectionCommand):
    """Recheck hazards on site (整改复查); one opinion per hazard."""

    NAME: ClassVar[str] = "recheck"
    TITLE: ClassVar[str] = "整改复查"

    results: list[facts.Rechecked] = Field(min_length=1, description="逐项复查意见")
    officers: list[str] = Field(description="到场复查的执法人员账号，至少两名")
    signature: Signature = Field(description="签字或拒签情况")

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """Those who recheck, and the register."""
        return signed_paper(case, "RECHECK", self.officers, law, on)

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """Removed ends the clocks; not removed opens a filing proposal."""
        officers = require_officers(case, self.officers, day(desk.at), desk)
        require_signature(self.signature, desk)
        if len({r.hazard for r in self.results}) != len(self.results):
            raise Refusal("RECHECK-TWICE", "同一隐患出现两条复查意见，请合并。")
        for opinion in self.results:
            _require_fitting(case, opinion, desk)
        document = new_paper(case, desk, "RECHECK")
        fact = facts.RecheckMade(
            document=document,
            orders=_orders_of(case, [r.hazard for r in self.results]),
            officers=officers,
            results=tuple(self.results),
            signature=self.signature,
        )
        case.record(fact, at=desk.at, by=desk.by)
        for opinion in self.results:
            _settle_clocks(case, opinion, desk)
        return told(document) | self._refer(case, desk)

    def _refer(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        proposed = case.pursued(UNREMOVED)
        unremoved = [
            r.hazard
            for r in self.results
            if r.result is RecheckResult.NOT_REMOVED and r.hazard not in proposed
        ]
        if not unremoved:
            return {}
        penalty = propose_filing(
            case,
            desk,
            cause=UNREMOVED,
            facts_seen=f"复查认定隐患{'、'.join(unremoved)}未整改",
            hazards=unremoved,
        )
        return {"penalty": str(penalty)}


def _served_hazard(case: Inspection, no: str) -> Hazard:
    hazard = case.hazard(no)
    if hazard.settled:
        raise Refusal("HAZARD-SETTLED", f"隐患{no}{hazard.status.value}，无需再办理。")
    if not hazard.served:
        raise Refusal("HAZARD-UNSERVED", f"隐患{no}的指令或决定尚未送达，请先送达。")
    return hazard


def _require_fitting(case: Inspection, opinion: facts.Rechecked, desk: Desk) -> None:
    hazard = _served_hazard(case, opinion.hazard)
    deadline = case.deadlines.get(hazard.fix_key)
    suspended = deadline is not None and deadline.status is Status.SUSPENDED
    live = case.running(hazard.fix_key)
    running = suspended or (live is not None and desk.at < live.due.due_at)
    if opinion.result is RecheckResult.IN_PROGRESS and not running:
        raise Refusal(
            "RECHECK-EXPIRED",
            f"隐患{hazard.no}的整改期限已届满，复查意见只能是已整改或未整改。",
            basis=desk.law.rule("RECHECK", day(desk.at)).basis,
        )
    if (
        opinion.result is RecheckResult.NOT_REMOVED
        and running
        and (suspended or not hazard.reported)
    ):
        raise Refusal(
            "RECHECK-EARLY",
            f"隐患{hazard.no}尚在整改期限内且企业未报告整改完成，请选择“尚在期限内”。",
            basis=desk.law.rule("RECHECK", day(desk.at)).basis,
        )


def _settle_clocks(case: Inspection, opinion: facts.Rechecked, desk: Desk) -> None:
    hazard = case.hazards[opinion.hazard]
    case.meet_deadline(hazard.recheck_key, at=desk.at, by=desk.by)
    if opinion.result is RecheckResult.REMOVED:
        for key in hazard.fix_keys:
            case.meet_deadline(key, at=desk.at, by=desk.by)
    elif opinion.result is RecheckResult.NOT_REMOVED:
        deadline = case.running(hazard.fix_key)
        if deadline and desk.at >= deadline.due.due_at:
            case.void_deadline(hazard.fix_key, "复查认定未整改，转立案审批", at=desk.at, by=desk.by)


def _orders_of(case: Inspection, hazards: list[str]) -> tuple[str, ...]:
    papers = [p for p in case.papers.values() if p.hazards and p.served_on]
    return tuple(p.document.number for p in papers if set(p.hazards) & set(hazards))
