"""The calendar's years that were entered (放假安排录入): one stream, read by every decision."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Refusal
from domain.facts import Aggregate, Event, Fact, Remembered, Role, takes
from domain.identity import named
from domain.law import YearTable
from domain.organisation import ORGANISATION_ID

CALENDAR_ID = named("calendar")
CALENDAR = Family("calendar", "工作日历", "calendar", alone=True)


class YearEntered(Fact):
    """A year's holiday notice was entered, or entered again (录入放假安排)."""

    TOPIC: ClassVar[str] = "calendar/year-entered"
    TITLE: ClassVar[str] = "录入放假安排"
    table: YearTable
    notice: str

    def words(self) -> str:
        """Year and notice."""
        return f"录入{self.table.year}年放假安排（{self.notice}）"


class Calendar(Aggregate):
    """The years entered; the newest table of a year counts."""

    KIND: ClassVar[str] = "calendar"
    REMEMBERED: ClassVar[Remembered] = "shared"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.years: dict[int, YearTable] = {}
        self.edition = ""
        """Names what was entered last, e.g. ``2027.1``; empty before anything was."""

    @takes(YearEntered)
    def _entered(self, fact: YearEntered, event: Event) -> None:
        self.years[fact.table.year] = fact.table
        self.edition = f"{fact.table.year}.{event.originator_version}"


class EnterCalendarYear(Command):
    """Enter a year's holidays and make-up workdays as the State Council's notice has them."""

    FAMILY: ClassVar[Family] = CALENDAR
    NAME: ClassVar[str] = "enter-calendar-year"
    TITLE: ClassVar[str] = "录入放假安排"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.ADMINISTRATOR})
    CREATES: ClassVar[bool] = True

    table: YearTable = Field(description="该年的放假和调休上班日")
    notice: str = Field(min_length=1, max_length=100, description="放假通知的文号")

    def target_id(self, fresh: UUID) -> UUID:
        """There is one calendar."""
        del fresh
        return CALENDAR_ID

    def scope(self) -> UUID:
        """Only a top unit's administrator: the calendar is everybody's."""
        return ORGANISATION_ID

    def decide(self, case: Calendar, desk: Desk) -> dict[str, Any]:
        """Years follow one another; the same table again changes nothing."""
        calendar, year = desk.law.calendar, self.table.year
        if not calendar.first.year <= year <= calendar.until.year + 1:
            raise Refusal(
                "CALENDAR-GAP",
                f"日历现有{calendar.first.year}至{calendar.until.year}年，"
                f"只能更正其中的年份或录入{calendar.until.year + 1}年。",
            )
        if forgotten := calendar.forgotten(self.table):
            raise Refusal(
                "CALENDAR-STATUTORY",
                f"法定节日{'、'.join(forgotten)}未列为放假，请对照通知核对。",
                basis=calendar.basis,
            )
        entered = case.years.get(year) != self.table
        if entered:
            case.record(YearEntered(table=self.table, notice=self.notice), desk.act)
        return {"year": year, "entered": entered}
