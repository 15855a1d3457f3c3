"""Counting checked against an independent calendar, day by day."""

from datetime import date, timedelta

import holidays
from hypothesis import given
from hypothesis import strategies as st

from domain.law import WorkCalendar, law

ONE = timedelta(days=1)
CALENDAR = WorkCalendar.load()
OTHER = holidays.country_holidays("CN", years=range(2018, 2027))

days = st.dates(date(2019, 3, 1), date(2026, 6, 1))
lengths = st.integers(1, 120)


def _brute(day: date, n: int) -> date:
    step = ONE if n > 0 else -ONE
    for _ in range(abs(n)):
        day += step
        while not OTHER.is_working_day(day):
            day += step
    return day


def test_the_two_calendars_agree_on_every_day() -> None:
    span = (date(2026, 12, 31) - date(2019, 1, 1)).days + 1
    every = [date(2019, 1, 1) + timedelta(days=n) for n in range(span)]
    assert [d for d in every if CALENDAR.is_workday(d) != OTHER.is_working_day(d)] == []


@given(days, st.integers(-40, 120))
def test_working_days_are_counted_one_by_one(day: date, n: int) -> None:
    assert CALENDAR.add_workdays(day, n) == _brute(day, n)


@given(days, lengths)
def test_working_days_between_undo_the_count(day: date, n: int) -> None:
    assert CALENDAR.workdays_between(day, CALENDAR.add_workdays(day, n)) == n


@given(days, lengths)
def test_calendar_days_roll_only_at_the_end_and_only_when_off(day: date, n: int) -> None:
    due = law().due("PAY", day, length=n)
    raw = day + timedelta(days=n)
    expected = raw if OTHER.is_working_day(raw) else _brute(raw, 1)
    assert due.due == expected
    assert ("顺延至" in due.arithmetic) == (due.due != raw)
    assert not due.provisional


@given(days, lengths)
def test_a_due_date_is_a_working_day_after_day_zero_and_grows_with_the_length(
    day: date, n: int
) -> None:
    for rule in ("PAY", "PRESERVE"):
        due = law().due(rule, day, on=date(2026, 1, 5), length=n)
        later = law().due(rule, day, on=date(2026, 1, 5), length=n + 1)
        assert OTHER.is_working_day(due.due)
        assert day < due.due <= later.due
        assert due.due_at.date() == due.due + ONE


@given(days, st.sampled_from(["RECHECK", "HEAR-REQ", "DECIDE", "PAY", "COURT", "TR-APPR", "URGE"]))
def test_rungs_are_in_order_and_reminders_lie_between_day_zero_and_the_end(
    day: date, rule: str
) -> None:
    due = law().due(rule, day)
    assert [r.at for r in due.rungs] == sorted(r.at for r in due.rungs)
    assert len({r.name for r in due.rungs}) == len(due.rungs)
    for rung in due.rungs:
        if rung.action == "remind":
            assert day < rung.at.date() <= due.due
        elif rung.action == "expire":
            assert rung.at == due.due_at
        else:
            assert rung.at > due.due_at


@given(days, st.integers(1, 15))
def test_a_backward_count_keeps_the_distance(day: date, n: int) -> None:
    latest = law().due("HEAR-NTC", day, on=date(2026, 1, 5), length=n).due
    assert _brute(latest, n) <= day
    assert _brute(_brute(latest, 1), n) > day
