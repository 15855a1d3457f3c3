"""What ``bihuan deadline`` answers."""

import json

import pytest

from domain.errors import Refusal
from domain.law import cli_deadline


def test_the_answer_is_json_with_its_reasons() -> None:
    answer = cli_deadline("hear-req", "2026-02-13")
    assert json.loads(json.dumps(answer)) == answer
    expected = {
        "rule": "HEAR-REQ",
        "title": "听证申请",
        "from": "2026-02-13",
        "due": "2026-02-27",
        "due_at": "2026-02-28T00:00:00+08:00",
        "unit": "wd",
        "length": 5,
        "basis": "《行政处罚法》第六十四条第一项",
        "law_version": "APL-2021",
        "calendar_version": "CN-2026.1",
        "provisional": False,
        "confidence": "H",
        "source": "V",
        "kind": "wait",
    }
    assert {key: answer[key] for key in expected} == expected
    assert [rung["name"] for rung in answer["rungs"]] == ["due"]
    assert "春节" in answer["arithmetic"]


def test_the_date_of_the_document_and_the_day_of_the_law_can_be_given() -> None:
    fixed = cli_deadline("FIX-DUE", "2019-04-26", agreed="2019-05-26")
    old = cli_deadline("DECIDE", "2026-03-02", on="2021-07-14")
    assert (fixed["due"], fixed["law_version"]) == ("2019-05-26", "WSL-2014")
    assert (old["length"], old["law_version"], old["source"]) == (30, "M15-2015", "R")


def test_an_instant_is_kept_with_its_zone() -> None:
    beijing = cli_deadline("TR-SEND", "2026-02-14T16:30")
    utc = cli_deadline("TR-SEND", "2026-02-14T08:30:00+00:00")
    assert beijing["from"] == "2026-02-14T16:30:00+08:00"
    assert beijing["due_at"] == utc["due_at"] == "2026-02-15T16:30:00+08:00"


@pytest.mark.parametrize("text", ["", "明天", "2026-2-3", "2026-02-30", "2026-02-13T25:00"])
def test_a_date_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="2026-01-31T09:00") as refused:
        cli_deadline("PAY", text)
    assert refused.value.rule == "DATE-FORM"


def test_a_wrong_day_of_the_law_is_refused_too() -> None:
    with pytest.raises(Refusal, match="无法识别"):
        cli_deadline("PAY", "2026-02-13", on="昨天")
