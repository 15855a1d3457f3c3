"""The law (法): every answer about terms, limits and documents, from versioned data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from domain.errors import Refusal
from domain.law import counting, words
from domain.law.calendar import WorkCalendar
from domain.law.counting import Start
from domain.law.making import Own, Tools, make
from domain.law.model import Due
from domain.law.rules import (
    DocumentType,
    Ladders,
    Rule,
    Threshold,
    Versions,
    load_rules,
    load_thresholds,
)
from domain.law.tables import read
from domain.times import SHANGHAI


class Law:
    """Rules, thresholds, documents and the working calendar; immutable, shared by threads."""

    def __init__(
        self,
        *,
        rules: Versions[Rule],
        thresholds: Versions[Threshold],
        documents: Mapping[str, DocumentType],
        ladder_data: Ladders,
        calendar: WorkCalendar,
    ) -> None:
        self._rules, self._thresholds, self._documents = rules, thresholds, documents
        self._ladders = ladder_data
        self.calendar = calendar
        self._tools = Tools(calendar, ladder_data)

    @classmethod
    def load(cls) -> Law:
        """Read the data shipped with this version."""
        documents = [DocumentType.model_validate(d) for d in read("documents.json")["documents"]]
        return cls(
            rules=load_rules(),
            thresholds=load_thresholds(),
            documents={d.code: d for d in documents},
            ladder_data=Ladders.model_validate(read("ladders.json")),
            calendar=WorkCalendar.load(),
        )

    def with_calendar(self, calendar: WorkCalendar) -> Law:
        """The same law on another calendar, e.g. after a year's notice was entered."""
        return Law(
            rules=self._rules,
            thresholds=self._thresholds,
            documents=self._documents,
            ladder_data=self._ladders,
            calendar=calendar,
        )

    def rules(self) -> tuple[Rule, ...]:
        """Every version of every term."""
        return self._rules.all

    def thresholds(self) -> tuple[Threshold, ...]:
        """Every version of every threshold."""
        return self._thresholds.all

    def documents(self) -> tuple[DocumentType, ...]:
        """Every kind of document."""
        return tuple(self._documents.values())

    def rule(self, rule: str, on: date) -> Rule:
        """The version of ``rule`` in force on ``on``; refuses RULE-UNKNOWN."""
        return self._rules.on(rule, on)

    def title(self, rule: str) -> str:
        """What ``rule`` is called in its newest version; refuses RULE-UNKNOWN."""
        return self._rules.of(rule)[-1].title

    def in_force(self, rule: str, on: date) -> bool:
        """Whether ``rule`` was in force on ``on``: before its law there was no such term."""
        return any(version.in_force(on) for version in self._rules.of(rule))

    def threshold(self, name: str, on: date) -> Threshold:
        """The version of threshold ``name`` in force on ``on``; refuses RULE-UNKNOWN."""
        return self._thresholds.on(name, on)

    def document(self, code: str) -> DocumentType:
        """The kind of document ``code``; refuses DOCUMENT-UNKNOWN."""
        if kind := self._documents.get(code):
            return kind
        raise Refusal(
            "DOCUMENT-UNKNOWN",
            f"没有代码为 {code} 的文书种类，共有：{'、'.join(self._documents)}。",
        )

    def due(
        self,
        rule: str,
        day0: date | datetime,
        *,
        agreed: date | None = None,
        on: date | None = None,
        length: int | None = None,
    ) -> Due:
        """The due date of ``rule`` from ``day0``, which is not counted.

        Args:
            rule: id of the rule, e.g. ``HEAR-REQ``.
            day0: the trigger's day, or its instant (aware) where hours count.
            agreed: the date set in the document, for rules of unit ``date``.
            on: the day that picks the version of the law; the day of day 0 by default.
            length: the case's own length, within the law's bounds.

        Raises:
            Refusal: RULE-UNKNOWN, RULE-DATE, RULE-LENGTH, DATE-RANGE.
        """
        start = _start(day0)
        self.calendar.require(start.day)
        version = self._rules.on(rule, on or start.day)
        number = counting.length_of(version, length, agreed, start.day)
        return make(version, start, Own(number, agreed, on), self._tools)

    def day_off(self, day: date) -> str | None:
        """Why nobody works on ``day``, in words; None where it is a working day."""
        return None if self.calendar.is_workday(day) else words.off(day, self.calendar)

    def latest_before(self, rule: str, day: date, on: date) -> date:
        """The last day in time for a rule that counts backward from ``day`` (倒计的最迟日)."""
        return self.due(rule, day, on=on).due

    def recompute(self, due: Due) -> Due:
        """``due`` again on this law's calendar, under the version of the law it was made with.

        A date named in a document stays what it is; its reminders may move.
        """
        if due.unit == "h":
            return due
        rule = next(r for r in self._rules.of(due.rule) if r.law_version == due.law_version)
        agreed = due.due if due.unit == "date" else None
        return make(rule, Start(due.day0, None), Own(due.length, agreed, None), self._tools)


def _start(day0: date | datetime) -> Start:
    if not isinstance(day0, datetime):
        return Start(day0, None)
    if day0.tzinfo is None:
        raise ValueError("day 0 needs a time zone")
    local = day0.astimezone(SHANGHAI)
    return Start(local.date(), local)


@lru_cache(maxsize=1)
def law() -> Law:
    """The law shipped with this version, read once."""
    return Law.load()
