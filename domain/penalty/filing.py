"""Commands on a proposal to file (立案审批)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Forbidden, Refusal
from domain.facts import Role
from domain.inspection import FilingDecided, Inspection, Step
from domain.law import Law
from domain.organisation.numbers import new_document, register_id, told
from domain.penalty.penalty import (
    FILE_LATE,
    PENALTIES,
    FilingApproved,
    FilingRefused,
    PenaltyCase,
)


class _FilingCommand(Command):
    FAMILY: ClassVar[Family] = PENALTIES
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.APPROVER})

    def reads(self, case: PenaltyCase, law: Law, on: date) -> Iterable[UUID]:
        """The inspection, and the register in which a filed case gets its number."""
        if case.parent is not None and case.unit is not None:
            yield case.parent
            yield register_id(case.unit, law.document("FILING").word, on)

    def settle(self, case: PenaltyCase, desk: Desk, *, approved: bool) -> Inspection:
        """What both answers share: open proposal, other person, and the inspection learns of it."""
        if case.status != "proposed":
            raise Refusal("FILING-DECIDED", "该立案建议已审批，不能重复办理。", status=case.status)
        if case.proposed_at is not None and desk.at < case.proposed_at:
            raise Refusal("TIME-ORDER", "审批时间早于提出建议的时间，请核对。")
        inspection = desk.get(Inspection, _known(case.parent))
        if desk.by.account in {*case.barred, *inspection.barred}:
            raise Forbidden(
                "SEPARATION",
                "承办人（含曾经承办、被更换或已回避的）不得审批本案立案，请由其他审批人办理。",
                basis="职责分离",
            )
        case.meet_deadlines([FILE_LATE], desk.act)
        fact = FilingDecided(penalty=case.id, approved=approved)
        inspection.record(fact, desk.act)
        return inspection


class ApproveFiling(_FilingCommand):
    """File the case (准予立案); step ⑦ begins."""

    NAME: ClassVar[str] = "approve-filing"
    TITLE: ClassVar[str] = "准予立案"

    opinion: str = Field(default="同意立案", max_length=500, description="审批意见")

    def decide(self, case: PenaltyCase, desk: Desk) -> dict[str, Any]:
        """The case gets its number."""
        inspection = self.settle(case, desk, approved=True)
        paper = new_document(desk, "FILING", unit=_known(case.unit), case=case.id)
        case.record(FilingApproved(document=paper, opinion=self.opinion), desk.act)
        inspection.enter(Step.HANDLE_BY_LAW, desk.act)
        return told(paper)


class RefuseFiling(_FilingCommand):
    """Do not file the case, with reasons (不予立案)."""

    NAME: ClassVar[str] = "refuse-filing"
    TITLE: ClassVar[str] = "不予立案"

    reason: str = Field(min_length=1, max_length=1000, description="不予立案的理由")

    def decide(self, case: PenaltyCase, desk: Desk) -> None:
        """The reason stays in the history."""
        self.settle(case, desk, approved=False)
        case.record(FilingRefused(reason=self.reason), desk.act)


def _known(value: UUID | None) -> UUID:
    if value is None:
        raise Refusal("FILING-EMPTY", "该案尚无立案建议。")
    return value
