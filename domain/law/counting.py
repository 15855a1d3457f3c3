"""Counting of periods (期间计算): from day 0 to the last day, with the arithmetic in words."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from domain.errors import Refusal
from domain.law import words
from domain.law.calendar import WorkCalendar, next_day
from domain.law.rules import Rule
from domain.times import SHANGHAI

MONTHS = {"mo": 1, "y": 12}


class Count(NamedTuple):
    """Where a period ends (届满): last day, first instant too late, the way there."""

    due: date
    due_at: datetime
    steps: tuple[str, ...]
    provisional: bool


class Start(NamedTuple):
    """Where a period begins: day 0, and the instant when one is known."""

    day: date
    at: datetime | None


def count(
    rule: Rule, start: Start, number: int, agreed: date | None, calendar: WorkCalendar
) -> Count:
    """Count ``number`` units of ``rule`` from ``start``, or take the ``agreed`` date."""
    if rule.unit == "h":
        return _hours(start, number)
    if rule.counts == "before":
        return _backward(rule, start.day, number, calendar)
    if rule.unit == "wd":
        due = calendar.add_workdays(start.day, number)
        steps = words.day0(start.day), words.workdays(start.day, due, number, calendar)
        return _end(due, steps, provisional=not calendar.covers(next_day(start.day), due))
    raw, step = _raw(rule, start.day, number, agreed)
    due = calendar.roll(raw) if rule.roll else raw
    rolled = words.rolled(raw, due, calendar) if rule.roll else words.not_rolled(raw)
    provisional = rule.roll and not calendar.covers(raw, due)
    return _end(due, (words.day0(start.day), step, rolled), provisional=provisional)


def _raw(rule: Rule, day0: date, number: int, agreed: date | None) -> tuple[date, str]:
    """The last day before it is rolled."""
    if agreed is not None:
        return agreed, f"文书载明日期 {agreed}"
    if rule.unit == "cd":
        raw = day0 + timedelta(days=number)
        return raw, f"自次日起数 {number} 日，末日 {raw}"
    raw = add_months(day0, number * MONTHS[rule.unit])
    missing = "" if raw.day == day0.day else "（当月无对应日，取月末）"
    return raw, f"{number} {words.UNITS[rule.unit]}，对应日 {raw}{missing}"


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` later, else the month's end."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _hours(start: Start, number: int) -> Count:
    at = start.at or midnight(start.day)
    unknown = "" if start.at else "未给出时刻，从严自当日零时起算"
    due_at = (at + timedelta(hours=number)).astimezone(SHANGHAI)
    return Count(
        due_at.date(), due_at, (unknown, words.hours(at, due_at, number)), provisional=False
    )


def _backward(rule: Rule, day0: date, number: int, calendar: WorkCalendar) -> Count:
    """The last day that keeps the whole distance before ``day0``; rolling would shorten it.

    A window lies before ``day0`` and is over with it.
    """
    if rule.kind == "window":
        return _end(day0, (words.window_before(day0, number),), provisional=False)
    if rule.unit == "wd":
        anchor = day0 if calendar.is_workday(day0) else calendar.add_workdays(day0, -1)
        due = calendar.add_workdays(anchor, -number)
        steps = words.day0(day0), words.workdays_before(day0, anchor, due, number, calendar)
        return _end(due, steps, provisional=not calendar.covers(due, day0))
    due = day0 - timedelta(days=number)
    step = f"自前一日起倒数 {number} 日，最迟 {words.named(due)}；倒计的期间不顺延"
    return _end(due, (words.day0(day0), step), provisional=False)


def _end(due: date, steps: tuple[str, ...], *, provisional: bool) -> Count:
    return Count(due, midnight(next_day(due)), steps, provisional)


def midnight(day: date) -> datetime:
    """00:00 of ``day`` in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def length_of(rule: Rule, length: int | None, agreed: date | None, day0: date) -> int | None:
    """The length to count: the law's, or the case's own within the law's bounds."""
    if rule.unit == "date":
        return _agreed(rule, agreed, day0)
    if agreed is not None:
        raise _refused(rule, f"{rule.title}由法律规定期间，不得另行约定日期。")
    if length is None:
        return rule.length
    if rule.longest is not None and length > rule.longest:
        raise _refused(
            rule, f"{rule.title}最长 {rule.longest} {words.UNITS[rule.unit]}，不得定为 {length}。"
        )
    if length < (rule.shortest or 1):
        raise _refused(
            rule, f"{rule.title}不得少于 {rule.shortest or 1} {words.UNITS[rule.unit]}。"
        )
    return length


def _agreed(rule: Rule, agreed: date | None, day0: date) -> None:
    if agreed is None:
        raise Refusal(
            "RULE-DATE", f"{rule.title}没有法定日数，请给出文书载明的日期。", basis=rule.basis
        )
    if agreed < day0:
        raise Refusal("RULE-DATE", f"{rule.title}的日期 {agreed} 早于起算日 {day0}，请核对。")


def _refused(rule: Rule, sentence: str) -> Refusal:
    return Refusal("RULE-LENGTH", sentence, basis=rule.basis)
