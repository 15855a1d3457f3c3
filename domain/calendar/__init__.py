"""Holiday notices (放假通知) entered after the program was shipped."""

from domain.calendar.calendar import CALENDAR_ID, Calendar, EnterCalendarYear, YearEntered
from domain.calendar.years import Years

__all__ = ["CALENDAR_ID", "Calendar", "EnterCalendarYear", "YearEntered", "Years"]
