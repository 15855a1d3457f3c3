"""Deadlines (期限): what each is about, what happens to it, and the clocks that fire on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal, NamedTuple

from domain.facts import Fact, Frozen, Names
from domain.law import law
from domain.law.model import Due, Rung
from domain.times import SHANGHAI, elapsed

SUBJECTS: dict[str, str] = {}
"""How the subjects of a rule are called, e.g. 隐患{}; each kind of case adds its own."""
SHOWN = 5
"""Subjects that are named one by one; of more only the first and how many there are."""
LATE_AFTER = timedelta(seconds=60)
_TEXT = re.compile(r"(?P<rule>[A-Z0-9-]+)(?:/(?P<subject>[^/]+))?(?:/(?P<number>\d+))?")


class Key(NamedTuple):
    """What a deadline is about (期限标识): a rule, its subject in the case, and the how-manieth."""

    rule: str
    subject: str = ""
    number: int = 0

    def __str__(self) -> str:
        """As addresses and running workflows write it, e.g. ``FIX-DUE/H1/1``."""
        parts = (self.rule, self.subject, str(self.number or ""))
        return "/".join(part for part in parts if part)

    @classmethod
    def read(cls, text: str) -> Key:
        """The key of that text; one that no case has where the text is none."""
        found = _TEXT.fullmatch(text)
        if found is None:
            return cls(text)
        return cls(found["rule"], found["subject"] or "", int(found["number"] or 0))


class LadderKey(NamedTuple):
    """A ladder (提醒阶梯): deadlines of one rule and one due instant climb it together."""

    rule: str
    due_at: datetime

    def __str__(self) -> str:
        """As running workflows write it."""
        return f"{self.rule}@{self.due_at.astimezone(SHANGHAI).isoformat()}"

    @classmethod
    def read(cls, text: str) -> LadderKey | None:
        """The ladder of that text; None where it names one deadline, as the first release did."""
        rule, at, instant = text.partition("@")
        return cls(rule, datetime.fromisoformat(instant)) if at else None


def about(keys: Sequence[Key], names: Names) -> str:
    """The subjects of deadlines of one rule in words, e.g. 隐患H1、H2."""
    subjects = [names.get(key.subject, key.subject) for key in keys]
    several = "、".join(subjects[:SHOWN])
    if len(subjects) > SHOWN:
        several += f"等{len(subjects)}项"
    return SUBJECTS.get(keys[0].rule, "{}").format(several) if keys else ""


def _upcast(data: dict[str, Any]) -> dict[str, Any]:
    """Shape 1 named one deadline by text."""
    rest = {name: value for name, value in data.items() if name not in {"deadline", "subject"}}
    return rest | {"deadlines": [Key.read(data["deadline"])]}


class DeadlineFact(Fact):
    """A fact about deadlines of one rule; ``deadlines`` names each of them."""

    VERSION: ClassVar[int] = 2
    deadlines: tuple[Key, ...]

    @classmethod
    def upcast(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Shape 1 named one deadline by text, and its subject in words."""
        del version
        return _upcast(data)

    def words(self) -> str:
        """Without names other than its own."""
        return self.words_with({})

    def of_what(self, names: Names, title: str = "") -> str:
        """Title of the rule, and its subjects where they say more."""
        title = title or law().title(self.deadlines[0].rule)
        subjects = about(self.deadlines, names)
        return title if subjects == title else f"{title}（{subjects}）"


class DeadlineSet(DeadlineFact):
    """Deadlines begin to run (期限起算)."""

    TOPIC: ClassVar[str] = "deadline/set"
    TITLE: ClassVar[str] = "期限起算"
    TELLS: ClassVar[bool] = True
    due: Due

    def words_with(self, names: Names) -> str:
        """Title, subject and date."""
        return f"期限起算：{self.of_what(names, self.due.title)}至 {self.due.due.isoformat()}"


class DeadlineMoved(DeadlineFact):
    """Deadlines have a new due date (期限变更)."""

    TOPIC: ClassVar[str] = "deadline/moved"
    TITLE: ClassVar[str] = "期限变更"
    TELLS: ClassVar[bool] = True
    due: Due
    reason: str

    def words_with(self, names: Names) -> str:
        """Title, subject and new date."""
        what = self.of_what(names, self.due.title)
        return f"期限变更：{what}改至 {self.due.due.isoformat()}（{self.reason}）"


class DeadlineSuspended(DeadlineFact):
    """Deadlines stand still (期限中止)."""

    TOPIC: ClassVar[str] = "deadline/suspended"
    TITLE: ClassVar[str] = "期限中止"
    TELLS: ClassVar[bool] = True
    reason: str
    basis: str

    def words_with(self, names: Names) -> str:
        """Title and reason."""
        return f"期限中止：{self.of_what(names)}，{self.reason}"


class DeadlineMet(DeadlineFact):
    """What the deadlines waited for has happened (期限内事项完成)."""

    TOPIC: ClassVar[str] = "deadline/met"
    TITLE: ClassVar[str] = "期限事项完成"
    TELLS: ClassVar[bool] = True
    late: bool
    entered_late: bool = False
    """In time by the day it happened, but entered only after the deadline had passed (补录)."""

    def words_with(self, names: Names) -> str:
        """Title, and whether late."""
        in_time = "期限内（补录）" if self.entered_late else "期限内确认"
        return f"期限事项完成（{'届满后确认' if self.late else in_time}）：{self.of_what(names)}"


class DeadlineVoided(DeadlineFact):
    """The deadlines have lost their purpose (期限终止)."""

    TOPIC: ClassVar[str] = "deadline/voided"
    TITLE: ClassVar[str] = "期限终止"
    TELLS: ClassVar[bool] = True
    reason: str

    def words_with(self, names: Names) -> str:
        """Title and reason."""
        return f"期限终止：{self.of_what(names)}，{self.reason}"


class ClockFired(DeadlineFact):
    """A rung of a ladder was reached (到点提醒、届满、升级), for all deadlines on it."""

    TOPIC: ClassVar[str] = "clock/fired"
    TITLE: ClassVar[str] = "时钟触发"
    rung: Rung
    title: str
    due: datetime
    late_seconds: int

    @classmethod
    def upcast(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Shape 1 also counted the due dates of its one deadline."""
        del version
        return {name: value for name, value in _upcast(data).items() if name != "due_version"}

    def words_with(self, names: Names) -> str:
        """What the clock says to whom."""
        act = {"remind": "提醒", "expire": "届满", "escalate": "逾期升级"}[self.rung.action]
        tail = f"（迟到 {elapsed(self.late_seconds)}触发）" if self.late_seconds else ""
        return f"{act}：{self.of_what(names, self.title)}{tail}"


class ClockNotNeeded(DeadlineFact):
    """The fact arrived before its clock (时钟无需触发)."""

    TOPIC: ClassVar[str] = "clock/not-needed"
    TITLE: ClassVar[str] = "时钟无需触发"
    rung: str
    due: datetime | None = None
    """The instant the ladder led to; None where the log was written before ladders were shared."""

    @classmethod
    def upcast(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Shape 1 counted the due dates of its one deadline instead of naming the instant."""
        del version
        return {name: value for name, value in _upcast(data).items() if name != "due_version"}

    def words_with(self, names: Names) -> str:
        """Title and subjects."""
        return f"时钟无需触发：{self.of_what(names)}"


class Status(StrEnum):
    """Where a deadline stands."""

    OPEN = "open"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    MET = "met"
    VOID = "void"


FireOutcome = Literal["fired", "not-needed", "done", "early"]
LIVE = frozenset({Status.OPEN, Status.EXPIRED})
"""Their clocks run."""
UNSETTLED = LIVE | {Status.SUSPENDED}
"""A suspended one stands still but is still owed."""


class RungRef(Frozen):
    """What a timer stands for: a rung of a ladder.

    Timers of the first release name one deadline and count its due dates instead.
    """

    deadline: str
    due_version: int = 0
    rung: str


class Deadline:
    """State of one deadline (期限)."""

    def __init__(self, key: Key, due: Due, begun_at: datetime) -> None:
        self.key = key
        self.due = due
        self.begun_at = begun_at
        self.version = 1
        self.status = Status.OPEN
        self.fired: set[str] = set()
        self.suspended_at: datetime | None = None

    @property
    def ladder(self) -> LadderKey:
        """The ladder it climbs now."""
        return LadderKey(self.due.rule, self.due.due_at)

    @property
    def rungs(self) -> list[Rung]:
        """Rungs still to come, in order of time."""
        return [rung for rung in self.due.rungs if rung.name not in self.fired]


class Ladder:
    """Running deadlines of one rule and date, and the rungs still to come for any of them."""

    def __init__(self, key: LadderKey, deadlines: Sequence[Deadline]) -> None:
        self.key = key
        self.deadlines = deadlines
        rungs = {(rung.at, rung.name): rung for d in deadlines for rung in d.rungs}
        self.rungs = [rungs[place] for place in sorted(rungs)]
