"""The inspection (执法检查): a kind of case, made of its parts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.case import Counting, Indicator, Progress
from domain.command import Family
from domain.facts import Fact
from domain.inspection.base import INSPECTIONS
from domain.inspection.closing import Closing
from domain.inspection.hazards import FIX_DUE, RECHECK, Hazard
from domain.inspection.month import COUNTS, INDICATORS
from domain.inspection.recusal import Recusal
from domain.inspection.referral import Referral
from domain.inspection.shutdown import Shutdown
from domain.inspection.values import Grade, Step


class Inspection(Closing, Recusal, Shutdown, Referral):
    """One closed-loop inspection."""

    KIND: ClassVar[str] = "inspection"
    FAMILY: ClassVar[Family] = INSPECTIONS
    TITLE: ClassVar[str] = "执法检查"
    WORKFLOW: ClassVar[str] = "InspectionWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {str(step.value): step.title for step in Step}
    ENDINGS: ClassVar[Mapping[str, str]] = {
        "plan-refused": "方案不予批准",
        "cancelled": "已取消",
        "closed": "已结案",
    }
    TERMS: ClassVar[Mapping[str, str]] = {
        FIX_DUE: "隐患{}",
        RECHECK: "隐患{}",
        "FIX-EXT-ANS": "延期申请{}",
        "PUB-INSP": "检查结果",
    }
    INDICATORS: ClassVar[tuple[Indicator, ...]] = INDICATORS
    COUNTS: ClassVar[Mapping[type[Fact], Counting]] = COUNTS

    def progress(self) -> Progress:
        """The eight steps; ⑥ and ⑦ last as long as a proposal or the case that it led to."""
        answers = list(self.proposals.values())
        return Progress(
            entered=tuple(sorted(step.value for step in self.entered)),
            undecided=answers.count("proposed"),
            pursued=answers.count("approved"),
        )

    def content(self) -> dict[str, Any]:
        """Steps, hazards, documents."""
        hazards = self.hazards.values()
        return {
            "steps": [{"step": s, "entered_at": at} for s, at in sorted(self.entered.items())],
            "papers": [paper.content() for paper in self.papers.values()],
            "hazards": [self._hazard(hazard) for hazard in hazards],
            "hazard_count": len(hazards),
            "major_count": sum(h.grade is Grade.MAJOR for h in hazards),
            "open_count": len(self.open_hazards()),
        }

    def _hazard(self, hazard: Hazard) -> dict[str, Any]:
        deadline = self.deadlines.get(hazard.fix_key)
        return {
            "hazard": hazard.no,
            "description": hazard.description,
            "standard": hazard.standard,
            "breached": hazard.breached,
            "item": hazard.item,
            "grade": hazard.grade,
            "status": hazard.status,
            "rounds": hazard.rounds,
            "served": hazard.served,
            "reported": hazard.reported,
            "due": deadline and deadline.due.due,
            "evidence": sorted(str(e) for e in hazard.evidence),
        }
