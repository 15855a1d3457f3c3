"""Working days of China (工作日历): our own versioned table with make-up workdays (调休)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from domain.errors import Refusal
from domain.law.tables import CalendarTable, Statutory, YearTable, read

RANGE = range(date(1980, 1, 1).toordinal(), date(2100, 12, 31).toordinal())
"""Days the index holds: wide enough for every period of the law, small enough for memory."""

_BASE = RANGE.start


class Off(NamedTuple):
    """A named stretch of days off, clipped to the days asked about (放假区间)."""

    name: str
    first: int
    last: int


class WorkCalendar:
    """Which days are working days.

    Inside the table the State Council's notices decide; outside it Monday to Friday without the
    statutory days known beforehand, and the answer counts as provisional (暂按周历推算).
    """

    def __init__(self, table: CalendarTable, statutory: Statutory) -> None:
        years = sorted(table.years, key=lambda y: y.year)
        if [y.year for y in years] != list(range(years[0].year, years[-1].year + 1)):
            raise ValueError("the years of a calendar follow one another without a gap")
        self.version = table.version
        self.first = date(years[0].year, 1, 1)
        self.until = date(years[-1].year, 12, 31)
        self._table, self._statutory = table, statutory
        self._covered = range(self.first.toordinal(), self.until.toordinal() + 1)
        self._offs = sorted(
            [
                Off(h.name, h.first.toordinal(), h.last.toordinal())
                for y in years
                for h in y.holidays
            ]
            + list(_joined(statutory.after(self.until))),
            key=lambda off: off.first,
        )
        self._off_ends = [off.last for off in self._offs]
        self._makeups = sorted(d.toordinal() for y in years for d in y.workdays)
        # An ordinal leaves 6 or 0 on division by 7 for Saturday and Sunday.
        work = bytearray(o % 7 not in {6, 0} for o in RANGE)
        for off in self._offs:
            for o in range(off.first, off.last + 1):
                work[o - _BASE] = 0
        for o in self._makeups:
            work[o - _BASE] = 1
        self._work = work
        self._days = [o for o, w in zip(RANGE, work, strict=True) if w]
        self._rank = list(accumulate(work))

    @classmethod
    def load(cls) -> WorkCalendar:
        """The calendar shipped with this version."""
        table = CalendarTable.model_validate(read("calendar.json"))
        return cls(table, Statutory.model_validate(read("statutory.json")))

    def with_years(self, years: Iterable[YearTable], version: str) -> WorkCalendar:
        """This calendar with more years, or corrected ones, under a new version."""
        if version == self.version:
            raise ValueError("another table needs another version")
        newest = {y.year: y for y in (*self._table.years, *years)}
        table = self._table.model_copy(update={"version": version, "years": tuple(newest.values())})
        return WorkCalendar(table, self._statutory)

    @property
    def basis(self) -> str:
        """What makes days statutory holidays."""
        return self._statutory.basis

    def forgotten(self, year: YearTable) -> list[str]:
        """Statutory days known beforehand that a table does not let off; a slip in entering it."""
        off = {o for h in year.holidays for o in range(h.first.toordinal(), h.last.toordinal() + 1)}
        known = self._statutory.after(date(year.year - 1, 12, 31))
        days = sorted((o, name) for name, o in known if date.fromordinal(o).year == year.year)
        return [f"{name}{date.fromordinal(o)}" for o, name in days if o not in off]

    def require(self, day: date) -> None:
        """Refuse DATE-RANGE for days no case can have."""
        _index(day.toordinal())

    def is_workday(self, day: date) -> bool:
        """Whether offices work on ``day``, make-up workdays included."""
        return bool(self._work[_index(day.toordinal())])

    def is_holiday_for_rollover(self, day: date) -> bool:
        """Whether a period that ends on ``day`` rolls (民诉法第八十五条); not on make-up days."""
        return not self.is_workday(day)

    def is_makeup(self, day: date) -> bool:
        """Whether ``day`` is a weekend day on which offices work (调休上班日)."""
        o = day.toordinal()
        at = bisect_left(self._makeups, o)
        return at < len(self._makeups) and self._makeups[at] == o

    def add_workdays(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, or before it when negative; 0 is ``day``."""
        if n == 0:
            return day
        o = _index(day.toordinal())
        at = self._rank[o] + n - 1 if n > 0 else self._rank[o] - self._work[o] + n
        if not 0 <= at < len(self._days):
            raise _out_of_range()
        return date.fromordinal(self._days[at])

    def workdays_between(self, after: date, until: date) -> int:
        """How many working days lie after ``after`` up to and including ``until``."""
        return self._rank[_index(until.toordinal())] - self._rank[_index(after.toordinal())]

    def roll(self, day: date) -> date:
        """``day``, or the next working day when ``day`` is off (末日顺延)."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def covers(self, first: date, last: date) -> bool:
        """Whether the table holds every day from ``first`` to ``last``."""
        return first.toordinal() in self._covered and last.toordinal() in self._covered

    def offs(self, first: date, last: date) -> list[Off]:
        """Named days off from ``first`` to ``last``."""
        low, high = first.toordinal(), last.toordinal()
        found: list[Off] = []
        for off in self._offs[bisect_left(self._off_ends, low) :]:
            if off.first > high:
                break
            found.append(Off(off.name, max(off.first, low), min(off.last, high)))
        return found

    def makeups(self, first: date, last: date) -> list[int]:
        """Make-up workdays from ``first`` to ``last``, as ordinals."""
        low = bisect_left(self._makeups, first.toordinal())
        return self._makeups[low : bisect_right(self._makeups, last.toordinal())]


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


def _joined(days: Iterable[tuple[str, int]]) -> Iterator[Off]:
    """Days in a row under one name as one stretch."""
    stretch: Off | None = None
    for name, day in sorted(days, key=itemgetter(1)):
        if stretch and stretch.name == name and stretch.last + 1 == day:
            stretch = stretch._replace(last=day)
            continue
        if stretch:
            yield stretch
        stretch = Off(name, day, day)
    if stretch:
        yield stretch


def _index(ordinal: int) -> int:
    if ordinal not in RANGE:
        raise _out_of_range()
    return ordinal - _BASE


def _out_of_range() -> Refusal:
    first, last = date.fromordinal(RANGE.start), date.fromordinal(RANGE.stop - 1)
    return Refusal("DATE-RANGE", f"日期须在 {first} 至 {last} 之间，请核对年份。")
