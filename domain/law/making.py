"""A due date in full (期限): counted, explained, with its ladder."""

from datetime import date, datetime
from typing import NamedTuple

from domain.law import ladders, words
from domain.law.calendar import WorkCalendar, next_day
from domain.law.counting import Count, Start, count, midnight
from domain.law.model import Due, Rung
from domain.law.rules import Ladders, Rule


class Tools(NamedTuple):
    """What every due date is made with."""

    calendar: WorkCalendar
    ladders: Ladders


class Own(NamedTuple):
    """What this case says itself: its length, its agreed date, the day a backward term is known."""

    length: int | None
    agreed: date | None
    opens: date | None


def make(rule: Rule, start: Start, own: Own, tools: Tools) -> Due:
    """The due date; its parts are our own and not validated again (hot path of commands)."""
    counted = count(rule, start, own.length or 0, own.agreed, tools.calendar)
    return Due.model_construct(
        rule=rule.id,
        title=rule.title,
        law_version=rule.law_version,
        calendar_version=tools.calendar.version,
        day0=start.day,
        due=counted.due,
        due_at=counted.due_at,
        unit=rule.unit,
        length=own.length,
        basis=rule.basis,
        provisional=counted.provisional,
        arithmetic=_arithmetic(rule, own.length, counted, tools.calendar),
        rungs=_rungs(rule, start, counted, own.opens, tools),
    )


def _arithmetic(rule: Rule, length: int | None, counted: Count, calendar: WorkCalendar) -> str:
    own = "" if length == rule.length else f"本案定为 {length} {words.UNITS[rule.unit]}"
    end = "" if rule.unit == "h" else f"{counted.due} 24时届满（北京时间）"
    guess = words.guess(calendar) if counted.provisional else ""
    sentence = "；".join(part for part in (own, *counted.steps, end, guess) if part)
    return f"{sentence}。法规版本 {rule.law_version}，日历版本 {calendar.version}。"


def _rungs(
    rule: Rule, start: Start, counted: Count, opens: date | None, tools: Tools
) -> tuple[Rung, ...]:
    ends = ladders.Ends(start.day, counted.due, counted.due_at, _opens(rule, start, opens))
    steps = tools.ladders.ladders[rule.ladder].rungs
    return ladders.rungs(steps, ends, tools.calendar, tools.ladders.time)


def _opens(rule: Rule, start: Start, opens: date | None) -> datetime | None:
    """From when a reminder tells something new; a backward term opens when it becomes known."""
    if rule.counts == "before":
        return midnight(next_day(opens)) if opens else None
    if rule.unit == "h":
        return start.at or midnight(start.day)
    return midnight(next_day(start.day))
