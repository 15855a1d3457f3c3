"""Texts that a paper would show otherwise, and times that no calendar has, in every command."""

from typing import Any

import pytest

from domain.errors import Refusal
from domain.inspection.plan import PlanInspection
from domain.organisation.people import IssueCertificate, RegisterPerson
from tests.domain import world

PERSON: dict[str, Any] = {"account": "insp7", "unit": world.TOWN}
TERM: dict[str, Any] = {"number": "15049001", "valid_to": "2026-12-31"}
ALLOWED = {*"\t\n"}
CONTROLS = [chr(n) for n in (*range(32), *range(0x7F, 0xA0))]
TURNS = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("odd", [c for c in CONTROLS + TURNS if c not in ALLOWED])
def test_what_cannot_be_seen_is_refused(odd: str) -> None:
    with pytest.raises(Refusal, match="name 含有控制字符") as refused:
        RegisterPerson(name=f"柏{odd}林", **PERSON)
    assert refused.value.rule == "TEXT-CONTROL"


@pytest.mark.parametrize("usual", ["柏\n林", "柏\t林", "柏\r\n林", "柏　林·阿里", "𠮷"])
def test_lines_and_rare_characters_are_text(usual: str) -> None:
    assert RegisterPerson(name=usual, **PERSON).name == usual


@pytest.mark.parametrize("first", ["0001-01-01", 0, "1999-12-31", "9999-12-31"])
def test_a_day_that_nobody_means_is_refused(first: Any) -> None:
    with pytest.raises(Refusal, match="valid_from 应在2000年至2999年之间") as refused:
        IssueCertificate(valid_from=first, **TERM)
    assert refused.value.rule == "TIME-RANGE"


@pytest.mark.parametrize("at", [0, "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_nobody_means_is_refused(at: Any) -> None:
    with pytest.raises(Refusal, match="at 应在2000年至2999年之间"):
        RegisterPerson(name="柏林", at=at, **PERSON)


def test_parts_are_looked_through() -> None:
    plan = {
        "items": [{"no": "1", "title": "消防\u202e通道"}],
        "enterprise": world.TOWN,
        "source": "年度计划",
        "visit_from": "2026-03-02",
        "visit_to": "2026-03-03",
        "officers": ["insp1", "insp2"],
        "basis": "年度监督检查计划",
        "cap_checked": True,
    }
    with pytest.raises(Refusal, match="items/0/title 含有"):
        PlanInspection.model_validate(plan)
