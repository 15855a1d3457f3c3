"""What commands of an inspection will read (预读): officers, and registers of document numbers."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from domain.inspection.officers import Officers
from domain.law import Law
from domain.organisation.numbers import register_id
from domain.organisation.people import person_id


def people(accounts: Iterable[str]) -> Iterator[UUID]:
    """The people of these accounts."""
    return map(person_id, accounts)


def paper(case: Officers, code: str, law: Law, on: date) -> Iterator[UUID]:
    """The register in which the case's document of type ``code`` gets its number."""
    if case.unit is not None:
        yield register_id(case.unit, law.document(code).word, on)


def signed_paper(
    case: Officers, code: str, accounts: Iterable[str], law: Law, on: date
) -> Iterator[UUID]:
    """Besides the register those who sign: the ones named, else the officers of the case."""
    yield from people(accounts or case.handlers)
    yield from paper(case, code, law, on)
