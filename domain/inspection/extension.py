"""Step ⑧, more time: extension of a rectification deadline, and its suspension."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from pydantic import Field

from domain.clocked import Deadline, DeadlineMoved, DeadlineSuspended, Status
from domain.command import Desk, day
from domain.errors import Refusal
from domain.facts import Role
from domain.inspection import facts
from domain.inspection.base import APPROVERS, InspectionCommand
from domain.inspection.inspection import Extension, Inspection


class RequestExtension(InspectionCommand):
    """The enterprise asks for more time (申请延期整改)."""

    NAME: ClassVar[str] = "request-extension"
    TITLE: ClassVar[str] = "登记延期整改申请"

    hazards: list[str] = Field(min_length=1, description="申请延期的隐患编号")
    due: date = Field(description="申请延至")
    force_majeure: bool = Field(description="是否因不可抗力无法按期完成")
    reason: str = Field(min_length=1, max_length=2000, description="理由")

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """In time and for force majeure only; late means that the original date stands."""
        on = day(desk.at)
        basis = desk.law.rule("FIX-EXT", on).basis
        if not self.force_majeure:
            raise Refusal(
                "FIX-EXT-CAUSE",
                "仅因不可抗力无法按期完成的可以申请延期，原整改期限不变。",
                basis=basis,
            )
        hazards = tuple(dict.fromkeys(self.hazards))
        for deadline in _open_fixes(case, hazards):
            latest = desk.law.latest_before("FIX-EXT", deadline.due.due, on)
            if on > latest:
                raise Refusal(
                    "FIX-EXT",
                    f"延期申请应不晚于{latest.isoformat()}提出（{deadline.subject}），现已逾期，原整改期限不变。",
                    basis=basis,
                    latest=latest.isoformat(),
                )
            if self.due <= deadline.due.due:
                raise Refusal("FIX-EXT-DUE", f"申请的日期不晚于原期限{deadline.due.due}，请核对。")
        name = f"E{len(case.extensions) + 1}"
        fact = facts.ExtensionRequested(
            extension=name, hazards=hazards, due=self.due, reason=self.reason
        )
        case.record(fact, at=desk.at, by=desk.by)
        answer = desk.law.due("FIX-EXT-ANS", on)
        case.set_deadline(f"FIX-EXT-ANS/{name}", f"延期申请{name}", answer, at=desk.at, by=desk.by)
        return {"extension": name}


class GrantExtension(InspectionCommand):
    """Give more time in writing (同意延期整改)."""

    NAME: ClassVar[str] = "grant-extension"
    TITLE: ClassVar[str] = "同意延期整改"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    extension: str = Field(description="延期申请编号")
    due: date = Field(description="同意延至")
    opinion: str = Field(default="同意", max_length=500, description="审批意见")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Not beyond what was asked; the clocks move at once."""
        extension = _unanswered(case, self.extension)
        if self.due > extension.due:
            raise Refusal(
                "FIX-EXT-BEYOND", f"同意的日期不得晚于申请的{extension.due.isoformat()}。"
            )
        deadlines = [d for key in extension.deadlines if (d := case.running(key))]
        if not deadlines:
            raise Refusal("FIX-NOT-RUNNING", "申请延期的整改期限已经结束或中止，不能同意延期。")
        if any(self.due <= d.due.due for d in deadlines):
            raise Refusal("FIX-EXT-DUE", "同意的日期不晚于原整改期限，请核对。")
        fact = facts.ExtensionGranted(extension=self.extension, due=self.due, opinion=self.opinion)
        case.record(fact, at=desk.at, by=desk.by)
        case.meet_deadline(f"FIX-EXT-ANS/{self.extension}", at=desk.at, by=desk.by)
        for deadline in deadlines:
            move(case, deadline, self.due, f"同意延期{self.extension}", desk)


class RefuseExtension(InspectionCommand):
    """Refuse more time in writing (不同意延期整改)."""

    NAME: ClassVar[str] = "refuse-extension"
    TITLE: ClassVar[str] = "不同意延期整改"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    extension: str = Field(description="延期申请编号")
    reason: str = Field(min_length=1, max_length=500, description="不同意的理由")

    def act(self, case: Inspection, desk: Desk) -> None:
        """The original date stands."""
        _unanswered(case, self.extension)
        fact = facts.ExtensionRefused(extension=self.extension, reason=self.reason)
        case.record(fact, at=desk.at, by=desk.by)
        case.meet_deadline(f"FIX-EXT-ANS/{self.extension}", at=desk.at, by=desk.by)


class SuspendRectification(InspectionCommand):
    """Stop the rectification clock (中止整改期限), e.g. execution stopped in a reconsideration."""

    NAME: ClassVar[str] = "suspend-rectification"
    TITLE: ClassVar[str] = "中止整改期限"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    reason: str = Field(min_length=1, max_length=500, description="中止事由")
    basis: str = Field(min_length=1, max_length=200, description="法律依据，如停止执行决定")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Only clocks that run."""
        for deadline in _open_fixes(case, self.hazards):
            fact = DeadlineSuspended(deadline=deadline.key, reason=self.reason, basis=self.basis)
            case.record(fact, at=desk.at, by=desk.by)


class ResumeRectification(InspectionCommand):
    """Let the rectification clock run again (恢复整改期限), with the days it stood still added."""

    NAME: ClassVar[str] = "resume-rectification"
    TITLE: ClassVar[str] = "恢复整改期限"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    reason: str = Field(min_length=1, max_length=500, description="恢复事由")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Only clocks that stand still."""
        for no in self.hazards:
            deadline = case.deadlines.get(case.hazard(no).fix_key)
            if deadline is None or deadline.suspended_at is None:
                raise Refusal("FIX-NOT-SUSPENDED", f"隐患{no}的整改期限没有中止，无需恢复。")
            stood: timedelta = day(desk.at) - day(deadline.suspended_at)
            move(case, deadline, deadline.due.due + stood, f"恢复计算，顺延{stood.days}日", desk)


def move(case: Inspection, deadline: Deadline, due: date, reason: str, desk: Desk) -> None:
    """Move a rectification deadline; a recheck clock that its passing had started ends."""
    hazard = case.hazards[deadline.key.split("/")[1]]
    moved = desk.law.due("FIX-DUE", deadline.due.day0, agreed=due)
    case.record(
        DeadlineMoved(deadline=deadline.key, due=moved, reason=reason), at=desk.at, by=desk.by
    )
    if not hazard.reported:
        case.void_deadline(hazard.recheck_key, reason, at=desk.at, by=desk.by)


def _open_fixes(case: Inspection, hazards: Iterable[str]) -> list[Deadline]:
    found: list[Deadline] = []
    for no in dict.fromkeys(hazards):
        deadline = case.deadlines.get(case.hazard(no).fix_key)
        if deadline is None or deadline.status is not Status.OPEN:
            raise Refusal("FIX-NOT-RUNNING", f"隐患{no}没有正在计算的整改期限，请核对。")
        found.append(deadline)
    return found


def _unanswered(case: Inspection, name: str) -> Extension:
    extension = case.extensions.get(name)
    if extension is None or extension.answered:
        raise Refusal("FIX-EXT-ANSWERED", f"延期申请{name}不存在或已答复，请核对。")
    return extension
