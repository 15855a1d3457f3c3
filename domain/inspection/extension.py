"""Step ⑧, more time: extension of a rectification deadline, and its suspension."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, lacks, owes
from domain.command import Desk
from domain.deadlines import LIVE, Deadline, DeadlineMoved, DeadlineSuspended, Key, Status
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import APPROVERS, InspectionCommand, OnSiteCommand, require_sane
from domain.inspection.hazards import FIX_DUE, latest
from domain.inspection.orders import days_off
from domain.inspection.rectification import Rectification
from domain.times import day

ANSWER = "FIX-EXT-ANS"
GRANT = Duty("grant-extension", "grant-extension", Role.APPROVER, "答复延期申请{}")


class ExtensionRequested(Fact):
    """The enterprise asks for more time (延期申请)."""

    TOPIC: ClassVar[str] = "inspection/extension-requested"
    TITLE: ClassVar[str] = "申请延期整改"
    extension: str
    hazards: tuple[str, ...]
    due: date
    reason: str


class ExtensionGranted(Fact):
    """More time was given in writing (同意延期)."""

    TOPIC: ClassVar[str] = "inspection/extension-granted"
    TITLE: ClassVar[str] = "同意延期整改"
    extension: str
    due: date
    opinion: str


class ExtensionRefused(Fact):
    """More time was refused in writing (不同意延期)."""

    TOPIC: ClassVar[str] = "inspection/extension-refused"
    TITLE: ClassVar[str] = "不同意延期整改"
    extension: str
    reason: str


@dataclass
class Extension:
    """A request for more time."""

    hazards: tuple[str, ...]
    deadlines: tuple[Key, ...]
    due: date
    answered: bool = False


class Extensions(Rectification):
    """The part of the requests for more time."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.extensions: dict[str, Extension] = {}

    @takes(ExtensionRequested)
    def _asked_for_more(self, fact: ExtensionRequested, _: Event) -> None:
        keys = tuple(self.hazards[no].fix_key for no in fact.hazards)
        self.extensions[fact.extension] = Extension(fact.hazards, keys, fact.due)

    @takes(ExtensionGranted, ExtensionRefused)
    def _answered_for_more(self, fact: ExtensionGranted | ExtensionRefused, _: Event) -> None:
        self.extensions[fact.extension].answered = True

    @owes
    def _extensions(self) -> Iterator[Todo]:
        for name, extension in self.extensions.items():
            if not extension.answered:
                due, key = self.due(Key(ANSWER, name))
                yield Todo(GRANT, about=(name,), due=due, deadline=key, given={"extension": name})

    @lacks
    def _unanswered(self) -> Iterator[str]:
        if any(not e.answered for e in self.extensions.values()):
            yield "延期申请未答复"


class RequestExtension(OnSiteCommand):
    """The enterprise asks for more time (申请延期整改)."""

    NAME: ClassVar[str] = "request-extension"
    TITLE: ClassVar[str] = "登记延期整改申请"

    hazards: list[str] = Field(min_length=1, description="申请延期的隐患编号")
    due: date = Field(description="申请延至")
    force_majeure: bool = Field(description="是否因不可抗力无法按期完成")
    reason: str = Field(min_length=1, max_length=2000, description="理由")

    def rests_on(self, case: Extensions) -> datetime | None:
        """The service of the order, or the newest act on the same hazards."""
        return latest(*case.last_acts(self.hazards))

    def act(self, case: Extensions, desk: Desk) -> dict[str, Any]:
        """For force majeure only; after the due date the original date stands.

        A request older than the law's window does no harm, and a date that has passed is no bar to
        one that came in time and is entered late.
        """
        on = day(desk.at)
        basis = desk.law.rule("FIX-EXT", on).basis
        if not self.force_majeure:
            raise Refusal(
                "FIX-EXT-CAUSE",
                "仅因不可抗力无法按期完成的可以申请延期，原整改期限不变。",
                basis=basis,
            )
        hazards = tuple(dict.fromkeys(self.hazards))
        for deadline in _fixes(case, hazards, LIVE):
            latest = desk.law.latest_before("FIX-EXT", deadline.due.due, on)
            if on > latest:
                raise Refusal(
                    "FIX-EXT",
                    f"隐患{deadline.key.subject}的整改期限已于{latest.isoformat()}届满，"
                    "届满后不再受理延期申请，原整改期限不变。",
                    basis=basis,
                    latest=latest.isoformat(),
                )
            if self.due <= deadline.due.due:
                raise Refusal("FIX-EXT-DUE", f"申请的日期不晚于原期限{deadline.due.due}，请核对。")
        require_sane("整改期限", self.due, desk)
        name = f"E{len(case.extensions) + 1}"
        fact = ExtensionRequested(extension=name, hazards=hazards, due=self.due, reason=self.reason)
        case.record(fact, desk.act)
        answer = desk.law.due(ANSWER, on)
        case.set_deadlines([Key(ANSWER, name)], answer, desk.act)
        return {"extension": name}


class GrantExtension(InspectionCommand):
    """Give more time in writing (同意延期整改)."""

    NAME: ClassVar[str] = "grant-extension"
    TITLE: ClassVar[str] = "同意延期整改"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    extension: str = Field(description="延期申请编号")
    due: date = Field(description="同意延至")
    opinion: str = Field(default="同意", max_length=500, description="审批意见")

    def act(self, case: Extensions, desk: Desk) -> dict[str, Any]:
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
        if self.due <= day(desk.at):
            raise Refusal("FIX-EXT-DUE", "同意的日期已到或已过，请不同意延期或由企业重新申请。")
        require_sane("整改期限", self.due, desk)
        fact = ExtensionGranted(extension=self.extension, due=self.due, opinion=self.opinion)
        case.record(fact, desk.act)
        case.meet_deadlines([Key(ANSWER, self.extension)], desk.act)
        move(case, [(d, self.due) for d in deadlines], f"同意延期{self.extension}", desk)
        return {"warnings": days_off([self.due], desk)}


class RefuseExtension(InspectionCommand):
    """Refuse more time in writing (不同意延期整改)."""

    NAME: ClassVar[str] = "refuse-extension"
    TITLE: ClassVar[str] = "不同意延期整改"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    extension: str = Field(description="延期申请编号")
    reason: str = Field(min_length=1, max_length=500, description="不同意的理由")

    def act(self, case: Extensions, desk: Desk) -> None:
        """The original date stands."""
        _unanswered(case, self.extension)
        fact = ExtensionRefused(extension=self.extension, reason=self.reason)
        case.record(fact, desk.act)
        case.meet_deadlines([Key(ANSWER, self.extension)], desk.act)


class SuspendRectification(InspectionCommand):
    """Stop the rectification clock (中止整改期限), e.g. execution stopped in a reconsideration."""

    NAME: ClassVar[str] = "suspend-rectification"
    TITLE: ClassVar[str] = "中止整改期限"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    reason: str = Field(min_length=1, max_length=500, description="中止事由")
    basis: str = Field(min_length=1, max_length=200, description="法律依据，如停止执行决定")

    def act(self, case: Extensions, desk: Desk) -> None:
        """Only clocks that run."""
        keys = tuple(d.key for d in _fixes(case, self.hazards, frozenset({Status.OPEN})))
        fact = DeadlineSuspended(deadlines=keys, reason=self.reason, basis=self.basis)
        case.record(fact, desk.act)


class ResumeRectification(InspectionCommand):
    """Let the rectification clock run again (恢复整改期限), with the days it stood still added."""

    NAME: ClassVar[str] = "resume-rectification"
    TITLE: ClassVar[str] = "恢复整改期限"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    reason: str = Field(min_length=1, max_length=500, description="恢复事由")

    def act(self, case: Extensions, desk: Desk) -> None:
        """Only clocks that stand still."""
        standing: dict[int, list[tuple[Deadline, date]]] = {}
        for no in dict.fromkeys(self.hazards):
            deadline = case.deadlines.get(case.hazard(no).fix_key)
            if deadline is None or deadline.suspended_at is None:
                raise Refusal("FIX-NOT-SUSPENDED", f"隐患{no}的整改期限没有中止，无需恢复。")
            stood: timedelta = day(desk.at) - day(deadline.suspended_at)
            standing.setdefault(stood.days, []).append((deadline, deadline.due.due + stood))
        for days, deadlines in standing.items():
            move(case, deadlines, f"恢复计算，顺延{days}日", desk)


def move(
    case: Extensions, deadlines: Iterable[tuple[Deadline, date]], reason: str, desk: Desk
) -> None:
    """Move rectification deadlines; a recheck clock that their passing had started ends."""
    together: dict[tuple[date, date], list[Key]] = {}
    for deadline, due in deadlines:
        together.setdefault((deadline.due.day0, due), []).append(deadline.key)
    for (day0, due), keys in together.items():
        moved = desk.law.due(FIX_DUE, day0, agreed=due)
        fact = DeadlineMoved(deadlines=tuple(keys), due=moved, reason=reason)
        case.record(fact, desk.act)
        hazards = [case.hazards[key.subject] for key in keys]
        begun = [h.recheck_key for h in hazards if not h.reported]
        case.void_deadlines(begun, reason, desk.act)


def _fixes(case: Extensions, hazards: Iterable[str], wanted: frozenset[Status]) -> list[Deadline]:
    found: list[Deadline] = []
    for no in dict.fromkeys(hazards):
        deadline = case.deadlines.get(case.hazard(no).fix_key)
        if deadline is None or deadline.status not in wanted:
            raise Refusal("FIX-NOT-RUNNING", f"隐患{no}没有正在计算的整改期限，请核对。")
        found.append(deadline)
    return found


def _unanswered(case: Extensions, name: str) -> Extension:
    extension = case.extensions.get(name)
    if extension is None or extension.answered:
        raise Refusal("FIX-EXT-ANSWERED", f"延期申请{name}不存在或已答复，请核对。")
    return extension
