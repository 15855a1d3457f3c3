"""Step ⑧ 闭环管理、执法到位: the closing of the loop."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import APPROVERS, InspectionCommand
from domain.inspection.steps import Steps

CLOSE = Duty("close-inspection", "close-inspection", Role.APPROVER, "结案归档")


class Closed(Fact):
    """The loop is closed (结案归档)."""

    TOPIC: ClassVar[str] = "inspection/closed"
    TITLE: ClassVar[str] = "结案归档"
    ENDS: ClassVar[bool] = True
    opinion: str


class Closing(Steps):
    """The part of the closing: whatever any part still misses stands in its way."""

    @takes(Closed)
    def _closed(self, _fact: Closed, _: Event) -> None:
        self.ending = "closed"

    @owes
    def _close(self) -> Iterator[Todo]:
        if not self.missing():
            yield Todo(CLOSE)


class CloseInspection(InspectionCommand):
    """Close the loop (结案归档)."""

    NAME: ClassVar[str] = "close-inspection"
    TITLE: ClassVar[str] = "结案归档"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    opinion: str = Field(default="同意结案", max_length=500, description="结案意见")

    def act(self, case: Closing, desk: Desk) -> None:
        """Rectified, penalty ended, measures lifted, published; else told what is missing."""
        if missing := case.missing():
            raise Refusal(
                "CLOSE",
                f"尚不能结案：{'；'.join(missing)}。",
                basis="八步工作法第八步",
                missing=missing,
            )
        case.record(Closed(opinion=self.opinion), desk.act)
