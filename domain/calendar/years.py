"""The law with the years entered (现行日历)."""

from domain.calendar.calendar import Calendar
from domain.law import Law


class Years:
    """The law on the shipped calendar and on newer ones; safe to share between threads."""

    def __init__(self, shipped: Law) -> None:
        self.shipped = shipped
        """With the years that the program brings along."""
        self._newest = shipped

    def law_on(self, calendar: Calendar) -> Law:
        """The law with the years that were entered; made anew only when there is another one."""
        if not calendar.edition:
            return self.shipped
        version = f"{self.shipped.calendar.version}+{calendar.edition}"
        known = self._newest
        if known.calendar.version != version:
            table = self.shipped.calendar.with_years(calendar.years.values(), version)
            known = self._newest = self.shipped.with_calendar(table)
        return known
