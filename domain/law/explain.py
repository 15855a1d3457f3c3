"""``bihuan deadline``: a due date with its reasons, for people and programs."""

from datetime import date, datetime
from typing import Any

from domain.errors import Refusal
from domain.law.book import law
from domain.times import SHANGHAI


def cli_deadline(
    rule: str, from_: str, agreed: str | None = None, on: str | None = None
) -> dict[str, Any]:
    """The due date of ``rule`` from ``from_``: a day or an instant, without zone Beijing time.

    Raises:
        Refusal: DATE-FORM, and those of ``Law.due``.
    """
    day0 = _moment(from_)
    pinned = None if on is None else _day(on)
    due = law().due(rule.upper(), day0, agreed=None if agreed is None else _day(agreed), on=pinned)
    version = law().rule(due.rule, pinned or due.day0)
    shown = due.model_dump(mode="json")
    shown["from"] = day0.isoformat()
    about = {"trigger", "kind", "counts", "confidence", "source", "note"}
    return shown | version.model_dump(mode="json", include=about)


def _moment(text: str) -> date | datetime:
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _form(text) from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _form(text) from None


def _form(text: str) -> Refusal:
    return Refusal("DATE-FORM", f"无法识别日期“{text}”，请写成 2026-01-31 或 2026-01-31T09:00。")
