"""Recusal (回避): the party or the officer asks, the head decides, another officer takes over."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Desk, day
from domain.errors import Forbidden, Refusal
from domain.facts import Role
from domain.inspection import facts
from domain.inspection.base import APPROVERS, InspectionCommand, certified
from domain.inspection.inspection import Inspection
from domain.inspection.reads import people
from domain.law import Law


class RequestRecusal(InspectionCommand):
    """Enter a request that an officer withdraw (登记回避申请); the inspection goes on meanwhile."""

    NAME: ClassVar[str] = "request-recusal"
    TITLE: ClassVar[str] = "登记回避申请"

    officer: str = Field(description="被申请回避的执法人员账号")
    own: bool = Field(default=False, description="是否由该执法人员自行申请；否则为当事人申请")
    grounds: str = Field(min_length=1, max_length=1000, description="申请回避的理由")

    def act(self, case: Inspection, desk: Desk) -> None:
        """About an officer of the case, once."""
        basis = desk.law.threshold("RECUSAL", day(desk.at)).basis
        if case.present_or_planned(self.officer) is None:
            raise Refusal(
                "RECUSAL-OFFICER", f"{self.officer}不是本检查的执法人员，请核对账号。", basis=basis
            )
        if self.officer in case.recusals:
            raise Refusal(
                "RECUSAL-ASKED",
                f"{self.officer}的回避申请已经登记或决定，无需重复办理。",
                basis=basis,
            )
        fact = facts.RecusalRequested(officer=self.officer, own=self.own, grounds=self.grounds)
        case.record(fact, at=desk.at, by=desk.by)


class GrantRecusal(InspectionCommand):
    """The officer withdraws and is replaced (同意回避)."""

    NAME: ClassVar[str] = "grant-recusal"
    TITLE: ClassVar[str] = "同意回避"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    officer: str = Field(description="被申请回避的执法人员账号")
    replacement: str = Field(description="接替的执法人员账号")
    opinion: str = Field(default="同意回避", max_length=500, description="决定意见")

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """Who takes over."""
        del case, law, on
        return people([self.replacement])

    def act(self, case: Inspection, desk: Desk) -> None:
        """There are as many officers as before; the new one shows the certificate on site."""
        _require_asked(case, self.officer)
        if case.present_or_planned(self.replacement) is not None:
            raise Refusal(
                "RECUSAL-REPLACEMENT", f"{self.replacement}已是本检查的执法人员，请另行指定。"
            )
        if self.replacement == desk.by.account:
            raise Forbidden("SEPARATION", "审批人不得指定自己接替，请另行指定。", basis="职责分离")
        (officer,) = certified(case, [self.replacement], day(desk.at), desk)
        fact = facts.RecusalGranted(officer=self.officer, replacement=officer, opinion=self.opinion)
        case.record(fact, at=desk.at, by=desk.by)


class RefuseRecusal(InspectionCommand):
    """The officer stays, with reasons (驳回回避申请)."""

    NAME: ClassVar[str] = "refuse-recusal"
    TITLE: ClassVar[str] = "驳回回避申请"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    officer: str = Field(description="被申请回避的执法人员账号")
    reason: str = Field(min_length=1, max_length=1000, description="驳回的理由")

    def act(self, case: Inspection, desk: Desk) -> None:
        """The request is answered."""
        _require_asked(case, self.officer)
        fact = facts.RecusalRefused(officer=self.officer, reason=self.reason)
        case.record(fact, at=desk.at, by=desk.by)


def _require_asked(case: Inspection, account: str) -> None:
    if case.recusals.get(account) != "requested":
        raise Refusal("RECUSAL-REQUEST", f"没有待决定的{account}回避申请，请先登记。")
