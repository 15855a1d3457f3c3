"""Document numbers (文书编号) without gaps: per unit, kind and year of the document's date."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.command import Desk
from domain.facts import Aggregate, Event, Fact
from domain.identity import named
from domain.law import format_number


class NumberTaken(Fact):
    """The next number went to a document (取号)."""

    TOPIC: ClassVar[str] = "number/taken"
    TITLE: ClassVar[str] = "文书取号"
    unit: UUID
    word: str
    year: int
    n: int
    document: UUID
    case: UUID


class NumberRegister(Aggregate):
    """Register of one unit, kind and year; committed together with the case that takes a number."""

    KIND: ClassVar[str] = "number-register"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.last = 0

    def evolve(self, event: Event) -> None:
        """Remember the last number."""
        match event.fact:
            case NumberTaken(n=n):
                self.last = n
            case _:
                pass


def take_number(desk: Desk, *, unit: UUID, word: str, on: date, document: UUID, case: UUID) -> str:
    """Take the next number, e.g. （鲁枣）应急检记〔2026〕7号, for a document dated ``on``."""
    register = desk.get_or_new(NumberRegister, named("number", unit, word, on.year))
    n = register.last + 1
    fact = NumberTaken(unit=unit, word=word, year=on.year, n=n, document=document, case=case)
    register.record(fact, at=desk.at, by=desk.by)
    return format_number(desk.unit(unit).abbr, word, on.year, n)
