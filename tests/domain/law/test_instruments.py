"""No version of the law rests on an instrument (法律文件) that did not exist yet."""

from datetime import date

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from domain.law import Rule, Threshold, law
from domain.law.tables import read


class Instrument(BaseModel):
    """A state of a law: how versions name it, how a basis cites it, from when it is in force.

    ``since`` is null for what is no instrument but a practice, or where no date is known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: str
    cited: str
    since: date | None
    confidence: str
    source: str
    note: str = ""


INSTRUMENTS = TypeAdapter(list[Instrument]).validate_python(read("instruments.json"))
BY_VERSION = {i.version: i for i in INSTRUMENTS if i.version}
NEWEST_FIRST = sorted(INSTRUMENTS, key=lambda i: i.since or date.max, reverse=True)
OLDEST_CITED = {i.cited: i for i in NEWEST_FIRST}
NAMES = sorted(OLDEST_CITED, key=len, reverse=True)
ENTRIES: list[Rule | Threshold] = [*law().rules(), *law().thresholds()]


def citations(basis: str) -> list[Instrument]:
    """What a basis cites; the longest names first, for some begin like others."""
    found: list[Instrument] = []
    for name in NAMES:
        if name in basis:
            found.append(OLDEST_CITED[name])
            basis = basis.replace(name, "")
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.id}@{e.valid_from}")
def test_no_version_rests_on_an_instrument_of_later(entry: Rule | Threshold) -> None:
    assert all(part.startswith(tuple(NAMES)) for part in entry.basis.split("；"))
    resting_on = [BY_VERSION[entry.law_version], *citations(entry.basis)]
    assert not [i for i in resting_on if i.since and i.since > entry.valid_from]


def test_every_instrument_is_cited_and_a_missing_date_is_explained() -> None:
    cited = {i.cited for entry in ENTRIES for i in citations(entry.basis)}
    assert cited == {i.cited for i in INSTRUMENTS}
    assert {e.law_version for e in ENTRIES} == set(BY_VERSION)
    assert all(i.note for i in INSTRUMENTS if i.since is None)
