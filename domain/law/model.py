"""Shapes of the law as data: a due date with its arithmetic, and the ladder of clocks on it."""

from datetime import date, datetime
from typing import Literal

from domain.facts import Frozen

Unit = Literal["wd", "cd", "mo", "y", "h", "date"]
"""Working days, calendar days, months, years, hours, or a date set in the document."""


class Rung(Frozen):
    """One clock of a ladder (提醒阶梯): reminder before, expiry at, escalation after."""

    name: str
    at: datetime
    action: Literal["remind", "expire", "escalate"]
    to: Literal["handler", "approver", "supervisor", "superior"]


class Due(Frozen):
    """A due date and how it was reached (期限及其计算).

    ``due`` is the last day in Asia/Shanghai; ``due_at`` the first instant that is too late
    (00:00 of the next day; for hours, the instant itself).
    """

    rule: str
    title: str
    law_version: str
    calendar_version: str
    day0: date
    due: date
    due_at: datetime
    unit: Unit
    length: int | None
    basis: str
    provisional: bool
    arithmetic: str
    rungs: tuple[Rung, ...]
