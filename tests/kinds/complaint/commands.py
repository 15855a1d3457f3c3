"""Commands on complaints (办理投诉举报)."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.enterprise import Enterprise
from domain.errors import Forbidden, Refusal
from domain.facts import Role
from tests.kinds.complaint.complaint import (
    COMPLAINTS,
    REPLY,
    Complaint,
    ComplaintAnswered,
    ComplaintReceived,
    receive,
)


class ReceiveComplaint(Command):
    """Take a complaint in (登记投诉举报)."""

    FAMILY: ClassVar[Family] = COMPLAINTS
    NAME: ClassVar[str] = "receive-complaint"
    TITLE: ClassVar[str] = "登记投诉举报"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.INSPECTOR})
    CREATES: ClassVar[bool] = True

    enterprise: UUID = Field(description="被投诉举报的企业")
    about: str = Field(min_length=1, max_length=500, description="投诉举报事项")

    def decide(self, case: Complaint, desk: Desk) -> dict[str, Any]:
        """The enterprise is known and in the unit's area."""
        desk.get(Enterprise, self.enterprise).require_area(desk.by.unit, desk)
        fact = ComplaintReceived(
            unit=desk.by.unit,
            enterprise=self.enterprise,
            about=self.about,
            clerks=(desk.by.account,),
        )
        receive(case, fact, desk)
        return {"complaint": str(case.id)}


class AnswerComplaint(Command):
    """Answer it (答复投诉举报)."""

    FAMILY: ClassVar[Family] = COMPLAINTS
    NAME: ClassVar[str] = "answer-complaint"
    TITLE: ClassVar[str] = "答复投诉举报"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.APPROVER})

    answer: str = Field(min_length=1, max_length=500, description="答复内容")

    def decide(self, case: Complaint, desk: Desk) -> None:
        """Once, and by another than who received it."""
        if case.terminal:
            raise Refusal("COMPLAINT-ANSWERED", "该投诉举报已答复，不能重复办理。")
        if desk.by.account in case.barred:
            raise Forbidden("SEPARATION", "登记人不得审批答复，请由其他审批人办理。")
        case.meet_deadlines([REPLY], desk.act)
        case.record(ComplaintAnswered(answer=self.answer), desk.act)
