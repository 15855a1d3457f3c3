"""Shapes of the calendar's data files, and how data files are read."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Self

from pydantic import model_validator

from domain.facts import Frozen


def read(name: str) -> Any:  # noqa: ANN401 - JSON; the models that follow check it
    """One JSON file of ``domain/law/data``."""
    return json.loads(files("domain.law").joinpath("data", name).read_text(encoding="utf-8"))


def read_all(folder: str) -> Iterator[Any]:
    """Every JSON file of a folder of ``domain/law/data``, in order of their names."""
    found = files("domain.law").joinpath("data", folder).iterdir()
    for name in sorted(entry.name for entry in found):
        yield read(f"{folder}/{name}")


class Holiday(Frozen):
    """Days off in a row under one name (放假)."""

    name: str
    first: date
    last: date


class YearTable(Frozen):
    """One year as the State Council's notice arranges it (放假通知)."""

    year: int
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        off = [
            h.first + timedelta(days=n)
            for h in self.holidays
            for n in range((h.last - h.first).days + 1)
        ]
        if any(d.year != self.year for d in (*off, *self.workdays)):
            raise ValueError(f"每一天都应在{self.year}年内")
        if any(d.isoweekday() not in {6, 7} for d in self.workdays):
            raise ValueError("调休上班日应是星期六或星期日")
        if len(set(off)) != len(off) or set(off) & set(self.workdays):
            raise ValueError("同一天不能列入两次")
        if any(h.last < h.first for h in self.holidays):
            raise ValueError("放假的止日不能早于起日")
        return self


class CalendarTable(Frozen):
    """The years known, under one version (日历版本)."""

    version: str
    source: str
    years: tuple[YearTable, ...]


class FixedDay(Frozen):
    """A holiday on the same days of every year."""

    name: str
    days: tuple[str, ...]


class LunarDay(Frozen):
    """A holiday whose date follows the lunar calendar or the solar terms."""

    name: str
    days: tuple[date, ...]


class Statutory(Frozen):
    """Statutory days known before the notice of their year (法定节日)."""

    basis: str
    from_year: int
    until_year: int
    fixed: tuple[FixedDay, ...]
    lunar: tuple[LunarDay, ...]

    def after(self, until: date) -> Iterator[tuple[str, int]]:
        """Name and ordinal of each statutory day later than ``until``, each day once."""
        days = {
            date.fromisoformat(f"{year}-{day}"): holiday.name
            for year in range(max(until.year + 1, self.from_year), self.until_year + 1)
            for holiday in self.fixed
            for day in holiday.days
        }
        days |= {d: holiday.name for holiday in self.lunar for d in holiday.days if d > until}
        return ((name, d.toordinal()) for d, name in days.items())
