"""Commands on a proposal to transfer (移送审批)."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, day
from domain.errors import Forbidden, Refusal
from domain.facts import Aggregate, Role
from domain.inspection import facts
from domain.inspection.inspection import Inspection
from domain.law import Law
from domain.transfer.transfer import Transfer, TransferApproved, TransferRefused


class _TransferCommand(Command):
    FAMILY: ClassVar[str] = "transfers"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.APPROVER})
    TARGET: ClassVar[type[Aggregate]] = Transfer

    def reads(self, case: Transfer, law: Law, on: date) -> Iterable[UUID]:
        """The inspection."""
        del law, on
        return () if case.inspection is None else (case.inspection,)

    def settle(self, case: Transfer, desk: Desk, *, approved: bool) -> None:
        """What both answers share: open proposal, other person, and the inspection learns of it."""
        if case.status != "proposed" or case.inspection is None:
            raise Refusal(
                "TRANSFER-DECIDED", "该移送建议已审批，不能重复办理。", status=case.status
            )
        if case.proposed_at is not None and desk.at < case.proposed_at:
            raise Refusal("TIME-ORDER", "审批时间早于提出建议的时间，请核对。")
        inspection = desk.get(Inspection, case.inspection)
        involved = {*case.team, *(o.account for o in inspection.officers)}
        if desk.by.account in involved:
            raise Forbidden(
                "SEPARATION",
                "专案组成员和本案执法人员不得审批移送，请由主要负责人办理。",
                basis=desk.law.rule("TR-APPR", day(desk.at)).basis,
            )
        case.meet_deadline("TR-APPR", at=desk.at, by=desk.by)
        fact = facts.TransferDecided(transfer=case.id, approved=approved)
        inspection.record(fact, at=desk.at, by=desk.by)


class ApproveTransfer(_TransferCommand):
    """Approve the transfer (批准移送)."""

    NAME: ClassVar[str] = "approve-transfer"
    TITLE: ClassVar[str] = "批准移送"

    opinion: str = Field(default="同意移送", max_length=500, description="审批意见")

    def decide(self, case: Transfer, desk: Desk) -> None:
        """By the principal head."""
        self.settle(case, desk, approved=True)
        case.record(TransferApproved(opinion=self.opinion), at=desk.at, by=desk.by)


class RefuseTransfer(_TransferCommand):
    """Do not approve the transfer; the reason is recorded (不批准移送)."""

    NAME: ClassVar[str] = "refuse-transfer"
    TITLE: ClassVar[str] = "不批准移送"

    reason: str = Field(min_length=1, max_length=1000, description="不批准的理由")

    def decide(self, case: Transfer, desk: Desk) -> None:
        """The reason stays in the history."""
        self.settle(case, desk, approved=False)
        case.record(TransferRefused(reason=self.reason), at=desk.at, by=desk.by)
