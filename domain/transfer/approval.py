"""Commands on a proposal to transfer (移送审批)."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Forbidden, Refusal
from domain.facts import Role
from domain.inspection import Inspection, TransferDecided
from domain.law import Law
from domain.times import day
from domain.transfer.transfer import (
    DECISION,
    TRANSFERS,
    Transfer,
    TransferApproved,
    TransferRefused,
)


class _TransferCommand(Command):
    FAMILY: ClassVar[Family] = TRANSFERS
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.APPROVER})

    def reads(self, case: Transfer, law: Law, on: date) -> Iterable[UUID]:
        """The inspection."""
        del law, on
        return () if case.parent is None else (case.parent,)

    def settle(self, case: Transfer, desk: Desk, *, approved: bool) -> None:
        """What both answers share: open proposal, other person, and the inspection learns of it."""
        if case.status != "proposed" or case.parent is None:
            raise Refusal(
                "TRANSFER-DECIDED", "该移送建议已审批，不能重复办理。", status=case.status
            )
        if case.proposed_at is not None and desk.at < case.proposed_at:
            raise Refusal("TIME-ORDER", "审批时间早于提出建议的时间，请核对。")
        inspection = desk.get(Inspection, case.parent)
        involved = {*case.barred, *inspection.barred}
        if desk.by.account in involved:
            raise Forbidden(
                "SEPARATION",
                "专案组成员和本案执法人员不得审批移送，请由主要负责人办理。",
                basis=desk.law.rule(DECISION.rule, day(desk.at)).basis,
            )
        case.meet_deadlines([DECISION], desk.act)
        fact = TransferDecided(transfer=case.id, approved=approved)
        inspection.record(fact, desk.act)


class ApproveTransfer(_TransferCommand):
    """Approve the transfer (批准移送)."""

    NAME: ClassVar[str] = "approve-transfer"
    TITLE: ClassVar[str] = "批准移送"

    opinion: str = Field(default="同意移送", max_length=500, description="审批意见")

    def decide(self, case: Transfer, desk: Desk) -> None:
        """By the principal head."""
        self.settle(case, desk, approved=True)
        case.record(TransferApproved(opinion=self.opinion), desk.act)


class RefuseTransfer(_TransferCommand):
    """Do not approve the transfer; the reason is recorded (不批准移送)."""

    NAME: ClassVar[str] = "refuse-transfer"
    TITLE: ClassVar[str] = "不批准移送"

    reason: str = Field(min_length=1, max_length=1000, description="不批准的理由")

    def decide(self, case: Transfer, desk: Desk) -> None:
        """The reason stays in the history."""
        self.settle(case, desk, approved=False)
        case.record(TransferRefused(reason=self.reason), desk.act)
