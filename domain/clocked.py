"""Deadlines of a case (期限台账): set, moved, suspended, met; and the clocks that fired on them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from domain.facts import Actor, Aggregate, Event, Fact, Frozen, Remembered
from domain.law.model import Due, Rung


class DeadlineSet(Fact):
    """A deadline begins to run (期限起算)."""

    TOPIC: ClassVar[str] = "deadline/set"
    TITLE: ClassVar[str] = "期限起算"
    deadline: str
    subject: str
    due: Due

    def words(self) -> str:
        """Title, subject and date."""
        return f"期限起算：{self.due.title}（{self.subject}）至 {self.due.due.isoformat()}"


class DeadlineMoved(Fact):
    """A deadline has a new due date (期限变更)."""

    TOPIC: ClassVar[str] = "deadline/moved"
    TITLE: ClassVar[str] = "期限变更"
    deadline: str
    due: Due
    reason: str

    def words(self) -> str:
        """Title and new date."""
        return f"期限变更：{self.due.title}改至 {self.due.due.isoformat()}（{self.reason}）"


class DeadlineSuspended(Fact):
    """A deadline stands still (期限中止)."""

    TOPIC: ClassVar[str] = "deadline/suspended"
    TITLE: ClassVar[str] = "期限中止"
    deadline: str
    reason: str
    basis: str

    def words(self) -> str:
        """Title and reason."""
        return f"期限中止：{self.deadline}（{self.reason}）"


class DeadlineMet(Fact):
    """What the deadline waited for has happened (期限内事项完成)."""

    TOPIC: ClassVar[str] = "deadline/met"
    TITLE: ClassVar[str] = "期限事项完成"
    deadline: str
    late: bool

    def words(self) -> str:
        """Title, and whether late."""
        return f"期限事项完成（{'届满后' if self.late else '期限内'}确认）：{self.deadline}"


class DeadlineVoided(Fact):
    """The deadline has lost its purpose (期限终止)."""

    TOPIC: ClassVar[str] = "deadline/voided"
    TITLE: ClassVar[str] = "期限终止"
    deadline: str
    reason: str

    def words(self) -> str:
        """Title and reason."""
        return f"期限终止：{self.deadline}（{self.reason}）"


class ClockFired(Fact):
    """A rung of a deadline's ladder was reached (到点提醒、届满、升级)."""

    TOPIC: ClassVar[str] = "clock/fired"
    TITLE: ClassVar[str] = "时钟触发"
    deadline: str
    due_version: int
    rung: Rung
    title: str
    subject: str
    due: datetime
    late_seconds: int

    def words(self) -> str:
        """What the clock says to whom."""
        act = {"remind": "提醒", "expire": "届满", "escalate": "逾期升级"}[self.rung.action]
        tail = f"（迟到 {self.late_seconds} 秒触发）" if self.late_seconds else ""
        return f"{act}：{self.title}（{self.subject}）{tail}"


class ClockNotNeeded(Fact):
    """The fact arrived before its clock (时钟无需触发)."""

    TOPIC: ClassVar[str] = "clock/not-needed"
    TITLE: ClassVar[str] = "时钟无需触发"
    deadline: str
    due_version: int
    rung: str


class Status(StrEnum):
    """Where a deadline stands."""

    OPEN = "open"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    MET = "met"
    VOID = "void"


FireOutcome = Literal["fired", "not-needed", "done", "early"]


class RungRef(Frozen):
    """A rung of one due version of one deadline: what a timer stands for."""

    deadline: str
    due_version: int
    rung: str


LIVE = frozenset({Status.OPEN, Status.EXPIRED})
"""Their clocks run."""
UNSETTLED = LIVE | {Status.SUSPENDED}
"""A suspended one stands still but is still owed."""
LATE_AFTER = timedelta(seconds=60)


class Deadline:
    """State of one deadline (期限)."""

    def __init__(self, key: str, subject: str, due: Due) -> None:
        self.key = key
        self.subject = subject
        self.due = due
        self.version = 1
        self.status = Status.OPEN
        self.fired: set[str] = set()
        self.unneeded: set[tuple[int, str]] = set()
        self.suspended_at: datetime | None = None

    @property
    def rungs(self) -> list[Rung]:
        """Rungs still to come, in order of time."""
        return [rung for rung in self.due.rungs if rung.name not in self.fired]


class Clocked(Aggregate):
    """An aggregate with deadlines. ``fire`` decides what a timer means when it goes off."""

    REMEMBERED: ClassVar[Remembered] = "lent"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.deadlines: dict[str, Deadline] = {}

    @property
    def terminal(self) -> bool:
        """Whether nothing more can happen to the case."""
        raise NotImplementedError(type(self))

    def open_deadlines(self) -> list[Deadline]:
        """Deadlines whose clocks run."""
        if self.terminal:
            return []
        return [d for d in self.deadlines.values() if d.status in LIVE]

    def evolve(self, event: Event) -> None:
        """Keep the ledger."""
        match event.fact:
            case DeadlineSet() as f:
                self.deadlines[f.deadline] = Deadline(f.deadline, f.subject, f.due)
            case DeadlineMoved() as f:
                deadline = self.deadlines[f.deadline]
                deadline.due, deadline.status = f.due, Status.OPEN
                deadline.version += 1
                deadline.fired, deadline.suspended_at = set(), None
            case DeadlineSuspended() as f:
                self.deadlines[f.deadline].status = Status.SUSPENDED
                self.deadlines[f.deadline].suspended_at = event.occurred_at
            case DeadlineMet(deadline=key):
                self.deadlines[key].status, self.deadlines[key].suspended_at = Status.MET, None
            case DeadlineVoided(deadline=key):
                self.deadlines[key].status, self.deadlines[key].suspended_at = Status.VOID, None
            case ClockFired() as f:
                deadline = self.deadlines[f.deadline]
                deadline.fired.add(f.rung.name)
                if f.rung.action == "expire":
                    deadline.status = Status.EXPIRED
            case ClockNotNeeded() as f:
                self.deadlines[f.deadline].unneeded.add((f.due_version, f.rung))
            case _:
                self.evolve_case(event)

    def evolve_case(self, event: Event) -> None:
        """Assign facts that are not about deadlines."""
        raise NotImplementedError(type(self))

    def set_deadline(self, key: str, subject: str, due: Due, *, at: datetime, by: Actor) -> None:
        """Start a deadline, once."""
        if key not in self.deadlines:
            self.record(DeadlineSet(deadline=key, subject=subject, due=due), at=at, by=by)

    def meet_deadline(self, key: str, *, at: datetime, by: Actor) -> None:
        """Note that what a running deadline waited for happened at ``at``."""
        deadline = self.deadlines.get(key)
        if deadline and deadline.status in UNSETTLED:
            self.record(DeadlineMet(deadline=key, late=at >= deadline.due.due_at), at=at, by=by)

    def void_deadline(self, key: str, reason: str, *, at: datetime, by: Actor) -> None:
        """End a deadline that has lost its purpose, if it runs."""
        deadline = self.deadlines.get(key)
        if deadline and deadline.status in UNSETTLED:
            self.record(DeadlineVoided(deadline=key, reason=reason), at=at, by=by)

    def fire(
        self, key: str, due_version: int, rung_name: str, *, at: datetime, by: Actor
    ) -> FireOutcome:
        """Decide a timer: once, never early, late when late, not needed after the fact."""
        deadline = self.deadlines.get(key)
        if deadline is None or self.terminal:
            return "done"
        if deadline.version != due_version or deadline.status not in LIVE:
            if rung_name in deadline.fired or (due_version, rung_name) in deadline.unneeded:
                return "done"
            self.record(
                ClockNotNeeded(deadline=key, due_version=due_version, rung=rung_name), at=at, by=by
            )
            return "not-needed"
        rung = next((r for r in deadline.rungs if r.name == rung_name), None)
        if rung is None:
            return "done"
        if at < rung.at:
            return "early"
        late = at - rung.at
        self.record(
            ClockFired(
                deadline=key,
                due_version=due_version,
                rung=rung,
                title=deadline.due.title,
                subject=deadline.subject,
                due=deadline.due.due_at,
                late_seconds=int(late.total_seconds()) if late > LATE_AFTER else 0,
            ),
            at=at,
            by=by,
        )
        self.after_firing(deadline, rung, at=at, by=by)
        return "fired"

    def after_firing(self, deadline: Deadline, rung: Rung, *, at: datetime, by: Actor) -> None:
        """What follows in law when a clock fires; nothing unless the case says so."""
