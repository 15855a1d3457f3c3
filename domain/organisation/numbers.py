"""Document numbers (文书编号) without gaps: per unit, kind and year of the document's date."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.command import Desk
from domain.document import Document
from domain.facts import Aggregate, Event, Fact, Remembered, takes
from domain.identity import named
from domain.law import format_number
from domain.times import day


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
    REMEMBERED: ClassVar[Remembered] = "copied"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.last = 0

    @takes(NumberTaken)
    def _taken(self, fact: NumberTaken, _: Event) -> None:
        self.last = fact.n


def register_id(unit: UUID, word: str, on: date) -> UUID:
    """Id of the register in which a document dated ``on`` gets its number."""
    return named("number", unit, word, on.year)


def take_number(desk: Desk, *, unit: UUID, word: str, on: date, document: UUID, case: UUID) -> str:
    """Take the next number, e.g. （鲁枣）应急检记〔2026〕7号, for a document dated ``on``."""
    register = desk.get_or_new(NumberRegister, register_id(unit, word, on))
    n = register.last + 1
    fact = NumberTaken(unit=unit, word=word, year=on.year, n=n, document=document, case=case)
    register.record(fact, desk.act)
    return format_number(desk.unit(unit).abbr, word, on.year, n)


def new_document(desk: Desk, code: str, *, unit: UUID, case: UUID) -> Document:
    """A document of type ``code`` dated the day of the act, with the unit's next number."""
    kind = desk.law.document(code)
    dated = day(desk.at)
    document = uuid5(desk.command_id, code)
    number = take_number(desk, unit=unit, word=kind.word, on=dated, document=document, case=case)
    return Document(id=document, code=code, title=kind.title, number=number, dated=dated)


def told(document: Document) -> dict[str, Any]:
    """What the person needs to know of a new document."""
    return {"document": str(document.id), "number": document.number}
