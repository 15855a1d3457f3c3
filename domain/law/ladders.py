"""Rungs of a due date (提醒阶梯): data turned into instants."""

from datetime import date, datetime, time, timedelta

from domain.law.calendar import WorkCalendar
from domain.law.model import Rung
from domain.law.rules import Step
from domain.times import SHANGHAI


class Ends:
    """The ends of a period that rungs hang on."""

    __slots__ = ("day0", "due", "due_at", "opens")

    def __init__(self, day0: date, due: date, due_at: datetime, opens: datetime | None) -> None:
        self.day0, self.due, self.due_at = day0, due, due_at
        self.opens = opens
        """End of day 0 (for hours, the start): a reminder at or before it would tell nothing."""


def rungs(
    steps: tuple[Step, ...], ends: Ends, calendar: WorkCalendar, at: time
) -> tuple[Rung, ...]:
    """The rungs of ``steps`` in order of time, without reminders too early or too late."""
    made: list[Rung] = []
    for step in steps:
        instant = _instant(step, ends, calendar, at)
        if step.action == "remind" and not _useful(instant, ends):
            continue
        made.append(
            Rung.model_construct(name=step.name, at=instant, action=step.action, to=step.to)
        )
    made.sort(key=lambda rung: rung.at)
    return tuple(made)


def _instant(step: Step, ends: Ends, calendar: WorkCalendar, at: time) -> datetime:
    if step.anchor == "expiry":
        return ends.due_at + timedelta(hours=step.offset)
    anchor = ends.due if step.anchor == "due" else ends.day0
    if step.unit == "wd":
        day = calendar.add_workdays(anchor, step.offset)
    else:
        day = anchor + timedelta(days=step.offset)
    return datetime.combine(day, at, SHANGHAI)


def _useful(instant: datetime, ends: Ends) -> bool:
    return instant < ends.due_at and (ends.opens is None or instant > ends.opens)
