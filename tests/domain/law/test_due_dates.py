"""Due dates of the law reference and of public cases."""

from datetime import date

import pytest

from domain.errors import Refusal
from domain.law import law

REFERENCE = [
    ("HEAR-REQ", "2026-02-13", "2026-02-27"),
    ("PRESERVE", "2026-02-13", "2026-03-02"),
    ("PUB-UNDO", "2026-04-30", "2026-05-08"),
    ("CASH", "2026-09-30", "2026-10-09"),
    ("URGE", "2026-09-21", "2026-10-12"),
    ("PAY", "2026-02-05", "2026-02-24"),
    ("PAY", "2026-01-30", "2026-02-14"),
    ("PAY", "2026-09-05", "2026-09-20"),
    ("DECIDE", "2026-03-02", "2026-06-01"),
    ("SUIT", "2026-04-03", "2026-10-08"),
]

CASES = [
    ("G01", "RECHECK", "2018-05-14", "2018-05-24"),
    ("G01", "DECIDE", "2018-05-04", "2018-06-04"),
    ("G05", "TR-POL", "2021-03-18", "2021-03-22"),
    ("G05", "TR-POL-7", "2021-03-18", "2021-03-25"),
    ("G05", "SEIZE", "2021-03-17", "2021-04-16"),
    ("G06", "TR-SEND", "2021-03-08", "2021-03-09"),
    ("G06", "TR-POL", "2021-03-09", "2021-03-12"),
    ("G06", "SEIZE", "2021-03-08", "2021-04-07"),
    ("G09", "SEIZE", "2019-04-23", "2019-05-23"),
    ("G11", "SEIZE", "2021-03-24", "2021-04-23"),
    ("G12", "RECHECK", "2015-06-30", "2015-07-10"),
    ("G18", "DECIDE", "2024-03-15", "2024-06-13"),
    ("T02", "HEAR-REQ", "2017-11-23", "2017-11-27"),
]


@pytest.mark.parametrize(("rule", "day0", "due"), REFERENCE)
def test_counts_as_the_reference_does(rule: str, day0: str, due: str) -> None:
    assert law().due(rule, date.fromisoformat(day0)).due.isoformat() == due


@pytest.mark.parametrize(("case", "rule", "day0", "due"), CASES)
def test_counts_as_in_the_public_case(case: str, rule: str, day0: str, due: str) -> None:
    assert law().due(rule, date.fromisoformat(day0)).due.isoformat() == due, case


def test_the_ninety_days_of_today_on_the_old_case() -> None:
    due = law().due("DECIDE", date(2018, 5, 4), on=date(2026, 5, 4))
    assert (due.due, due.length) == (date(2018, 8, 2), 90)


def test_one_order_with_two_dates_keeps_both_even_on_a_sunday() -> None:
    """law.md FIX-DUE: a named date stands even on a holiday, only a period is rolled."""
    served = date(2019, 4, 26)
    ten_days = law().due("FIX-DUE", served, agreed=date(2019, 5, 6))
    one_month = law().due("FIX-DUE", served, agreed=date(2019, 5, 26))
    assert (ten_days.due, one_month.due) == (date(2019, 5, 6), date(2019, 5, 26))
    assert "文书载明日期 2019-05-26" in one_month.arithmetic
    assert "2019-05-26（星期日），本期间末日不顺延" in one_month.arithmetic


def test_acceptance_on_the_fifth_working_day_needs_new_years_day_off() -> None:
    assert law().due("RECON-ACC", date(2024, 12, 27)).due == date(2025, 1, 6)


@pytest.mark.parametrize(
    ("day0", "due"),
    [("2026-08-31", "2027-03-01"), ("2027-08-31", "2028-02-29"), ("2026-03-31", "2026-09-30")],
)
def test_months_end_at_the_months_end(day0: str, due: str) -> None:
    """2026-08-31 and six months is 2027-02-28, a Sunday."""
    assert law().due("SUIT", date.fromisoformat(day0)).due.isoformat() == due


def test_a_leap_day_and_years() -> None:
    due = law().due("PRESCRIBE", date(2024, 2, 29))
    assert due.due == date(2026, 2, 28)
    assert "当月无对应日，取月末" in due.arithmetic


def test_prescription_is_not_rolled_against_the_party() -> None:
    due = law().due("PRESCRIBE", date(2026, 9, 30))
    assert due.due == date(2028, 9, 30)
    assert due.due.isoweekday() == 6
    assert not due.provisional
    assert "不顺延" in due.arithmetic


def test_the_late_fee_reaches_the_fine_on_day_34() -> None:
    on = date(2026, 3, 2)
    rate, cap = (law().threshold(t, on).number for t in ("LATEFEE-RATE", "LATEFEE-CAP"))
    length = law().rule("LATEFEE", on).length
    assert length is not None
    assert (length - 1) * rate < cap <= length * rate


def test_due_at_is_the_next_midnight_in_beijing() -> None:
    due = law().due("PAY", date(2026, 2, 5))
    assert due.due_at.isoformat() == "2026-02-25T00:00:00+08:00"


def test_an_agreed_date_is_needed_and_not_before_day_zero() -> None:
    with pytest.raises(Refusal, match="请给出文书载明的日期") as missing:
        law().due("FIX-DUE", date(2026, 3, 2))
    with pytest.raises(Refusal, match="早于起算日") as early:
        law().due("FIX-DUE", date(2026, 3, 2), agreed=date(2026, 3, 1))
    assert missing.value.rule == early.value.rule == "RULE-DATE"


def test_a_term_of_the_law_cannot_be_agreed() -> None:
    with pytest.raises(Refusal, match="不得另行约定") as refused:
        law().due("HEAR-REQ", date(2026, 3, 2), agreed=date(2026, 3, 3))
    assert refused.value.rule == "RULE-LENGTH"


@pytest.mark.parametrize(
    ("rule", "length"), [("SEIZE", 31), ("SEIZE-EXT", 61), ("URGE", 9), ("PAY", 0)]
)
def test_the_bounds_of_the_law_hold(rule: str, length: int) -> None:
    with pytest.raises(Refusal) as refused:
        law().due(rule, date(2026, 3, 2), length=length)
    assert refused.value.rule == "RULE-LENGTH"


def test_a_case_may_have_its_own_length_and_says_so() -> None:
    due = law().due("STATE", date(2026, 3, 2), length=3)
    assert (due.due, due.length) == (date(2026, 3, 5), 3)
    assert "本案定为 3 个工作日" in due.arithmetic


@pytest.mark.parametrize("day0", [date(1979, 12, 31), date(2101, 1, 1), date(9999, 12, 31)])
def test_days_no_case_can_have_are_refused(day0: date) -> None:
    with pytest.raises(Refusal) as refused:
        law().due("PRESCRIBE", day0, on=date(2026, 1, 1))
    assert refused.value.rule == "DATE-RANGE"
