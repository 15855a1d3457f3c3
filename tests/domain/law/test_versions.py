"""Which version of the law applies: the one in force on the day of the step."""

import itertools
from datetime import date, timedelta

import pytest

from domain.errors import Refusal
from domain.law import law

PINS = [
    ("HEAR-REQ", "2021-07-14", "APL-2017", "cd", 3),
    ("HEAR-REQ", "2021-07-15", "APL-2021", "wd", 5),
    ("DECIDE", "2021-07-14", "M15-2015", "cd", 30),
    ("DECIDE", "2021-07-15", "APL-2021", "cd", 90),
    ("STATE", "2021-07-14", "APL-2017", "cd", 3),
    ("STATE", "2021-07-15", "APL-2021", "wd", 5),
    ("RECHECK", "2026-01-31", "M15-2015", "cd", 10),
    ("RECHECK", "2026-02-01", "M15-2015→O18-provisional", "cd", 10),
    ("SERVE-PUB", "2021-12-31", "CPL-2017", "cd", 60),
    ("SERVE-PUB", "2022-01-01", "CPL-2021", "cd", 30),
    ("SERVE-PUB", "2024-01-01", "CPL-2023", "cd", 30),
    ("TR-SEND", "2020-08-07", "R310-2020", "h", 24),
    ("TR-SEND", "2019-04-15", "R310-2001", "h", 24),
    ("TR-SEND", "2019-04-16", "J54-2019", "h", 24),
    ("FIX-DUE", "2019-04-26", "WSL-2014", "date", None),
    ("SEIZE", "2014-11-30", "WSL-2002", "cd", 15),
    ("SEIZE", "2014-12-01", "ACL-2012", "cd", 30),
]


@pytest.mark.parametrize(("rule", "on", "version", "unit", "length"), PINS)
def test_the_day_of_the_step_picks_the_version(
    rule: str, on: str, version: str, unit: str, length: int | None
) -> None:
    found = law().rule(rule, date.fromisoformat(on))
    assert (found.law_version, found.unit, found.length) == (version, unit, length)


def test_the_pin_may_differ_from_day_zero() -> None:
    old = law().due("HEAR-REQ", date(2021, 7, 14))
    new = law().due("HEAR-REQ", date(2021, 7, 14), on=date(2021, 7, 15))
    assert (old.due, new.due) == (date(2021, 7, 19), date(2021, 7, 21))


def test_the_unread_rule_says_so() -> None:
    rule = law().rule("RECHECK", date(2026, 2, 1))
    assert "第18号" in rule.basis
    assert "条文未核实" in rule.basis
    assert (rule.confidence, rule.source) == ("M", "R")


def test_before_its_law_there_is_no_term() -> None:
    with pytest.raises(Refusal, match="2021-07-15 至 今") as refused:
        law().rule("PUB-UNDO", date(2020, 1, 1))
    assert refused.value.rule == "RULE-UNKNOWN"
    assert not law().in_force("PUB-UNDO", date(2020, 1, 1))
    assert law().in_force("PUB-UNDO", date(2021, 7, 15))


def test_an_unknown_rule_lists_near_names() -> None:
    with pytest.raises(Refusal, match="HEAR-REQ") as refused:
        law().due("HEAR-RQE", date(2026, 1, 5))
    assert refused.value.rule == "RULE-UNKNOWN"
    assert "HEAR-REQ" in refused.value.extra["near"]


def test_a_beginning_of_a_name_is_enough_to_be_helped() -> None:
    with pytest.raises(Refusal, match="TR-POL-ECON"):
        law().rule("TR", date(2026, 1, 5))


def test_versions_follow_each_other_without_gap_or_overlap() -> None:
    for entries in (law().rules(), law().thresholds()):
        for earlier, later in itertools.pairwise(entries):
            if earlier.id != later.id:
                assert earlier.valid_to is None, f"{earlier.id} ends and nothing follows"
            else:
                assert earlier.valid_to is not None
                assert later.valid_from == earlier.valid_to + timedelta(days=1), later.id
        assert entries[-1].valid_to is None


def test_a_law_version_names_one_version_of_a_rule() -> None:
    names = [(r.id, r.law_version) for r in law().rules()]
    assert len(names) == len(set(names))
