"""The arithmetic of a due date in Chinese sentences (期限计算说明)."""

from datetime import date, datetime, timedelta

from domain.law.calendar import WorkCalendar, next_day
from domain.law.model import Unit
from domain.times import SHANGHAI

UNITS: dict[Unit, str] = {
    "wd": "个工作日",
    "cd": "日",
    "mo": "个月",
    "y": "年",
    "h": "小时",
    "date": "（文书载明日期）",
}
_WEEK = "一二三四五六日"


def named(day: date) -> str:
    """A day with its weekday."""
    return f"{day}（星期{_WEEK[day.weekday()]}）"


def day0(day: date) -> str:
    """Day 0 is not counted."""
    return f"起算日 {day} 不计入"


def workdays(start: date, due: date, number: int, calendar: WorkCalendar) -> str:
    """Working days after ``start``, and what was passed over."""
    over = passed(next_day(start), due, number, calendar)
    return f"自次日起数 {number} 个工作日至 {named(due)}{over}"


def workdays_before(
    start: date, anchor: date, due: date, number: int, calendar: WorkCalendar
) -> str:
    """Working days back from ``start``; from the working day before it, when it is off."""
    moved = "" if anchor == start else f"（{start} 为休息日，按前一工作日 {anchor} 起倒计）"
    between = calendar.workdays_between(due, anchor)
    over = passed(next_day(due), anchor, between, calendar)
    return f"向前倒数 {number} 个工作日{moved}，最迟 {named(due)}{over}"


def window_before(day: date, number: int) -> str:
    """The last calendar days before ``day``, which ends the window."""
    return f"{named(day)}前 {number} 日内，自 {day - timedelta(days=number)} 起，倒计的期间不顺延"


def passed(first: date, last: date, worked: int, calendar: WorkCalendar) -> str:
    """Days off and make-up workdays from ``first`` to ``last``."""
    off = last.toordinal() - first.toordinal() + 1 - worked
    pieces: list[str] = []
    for stretch in calendar.offs(first, last):
        off -= stretch.last - stretch.first + 1
        pieces.append(f"{stretch.name}放假 {_span(stretch.first, stretch.last)}")
    if off:
        pieces.append(f"周末 {off} 天")
    text = f"，跳过{'、'.join(pieces)}" if pieces else ""
    if makeups := calendar.makeups(first, last):
        text += f"，调休上班 {'、'.join(str(date.fromordinal(o)) for o in makeups)} 计入"
    return text


def rolled(raw: date, due: date, calendar: WorkCalendar) -> str:
    """Whether the last day moved, and why."""
    if raw == due:
        makeup = f"{named(raw)}为调休上班日，" if calendar.is_makeup(raw) else ""
        return f"{makeup}末日为工作日，不顺延"
    return f"末日 {off(raw, calendar)}，顺延至其后第一个工作日 {named(due)}"


def off(day: date, calendar: WorkCalendar) -> str:
    """Why nobody works on ``day``."""
    offs = calendar.offs(day, day)
    return f"{named(day)}为{f'{offs[0].name}放假' if offs else '周末'}"


def not_rolled(raw: date) -> str:
    """The rule does not roll."""
    return f"{named(raw)}，本期间末日不顺延"


def guess(calendar: WorkCalendar) -> str:
    """The table does not reach so far."""
    years = f"{calendar.first.year}—{calendar.until.year}年"
    return f"超出日历已有年份（{years}）的部分暂按周历推算，待该年放假通知录入后重算"


def hours(start: datetime, end: datetime, number: int) -> str:
    """Hours run on without a break."""
    return f"自 {_minute(start)} 起连续计算 {number} 小时至 {_minute(end)}，不扣除休息日，不顺延"


def _minute(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _span(first: int, last: int) -> str:
    start = date.fromordinal(first)
    return f"{start}" if first == last else f"{start} 至 {date.fromordinal(last)}"
