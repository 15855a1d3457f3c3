"""How near a date is (剩余工作日): in working days, in a word, in data."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import Refusal
from domain.law import WorkCalendar
from projections.data import near_workdays


class Urgency(StrEnum):
    """Status word; never colour alone."""

    NORMAL = "正常"
    NEAR = "临期"
    OVERDUE = "已逾期"


@dataclass(frozen=True)
class Horizon:
    """Dates that part the work of a day: before ``today`` is overdue, up to ``near_until`` near."""

    today: date
    near_until: date
    calendar: WorkCalendar

    @classmethod
    def of(cls, today: date, calendar: WorkCalendar) -> "Horizon":
        """Horizon of a day; ``near_until`` is the last date with few enough working days left."""
        beyond = calendar.add_workdays(today, near_workdays() + 1)
        return cls(today, beyond - timedelta(days=1), calendar)

    def tell(self, due: date | None) -> dict[str, object]:
        """Working days left (negative: overdue since), the status word and a text."""
        if due is None:
            return {"remaining": None, "urgency": Urgency.NORMAL, "remaining_text": ""}
        if due < self.today:
            late = self.calendar.workdays_between(due, self.today)
            text = f"已逾期 {late} 个工作日" if late else "已逾期"
            return {"remaining": -late, "urgency": Urgency.OVERDUE, "remaining_text": text}
        try:
            left = self.calendar.workdays_between(self.today, due)
        except Refusal:
            # Beyond the days the calendar counts: one odd date must not take a list away.
            return self.tell(None)
        urgency = Urgency.NEAR if due <= self.near_until else Urgency.NORMAL
        text = "今日到期" if due == self.today else f"剩余 {left} 个工作日"
        return {"remaining": left, "urgency": urgency, "remaining_text": text}
