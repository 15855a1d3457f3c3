"""Terms that run backward from a day: FIX-EXT, HEAR-NTC."""

from datetime import date

import pytest

from domain.law import law


def test_an_extension_may_be_asked_until_the_date_itself() -> None:
    """law.md FIX-EXT: within the last ten days before the date; an earlier request does no harm."""
    assert law().latest_before("FIX-EXT", date(2026, 6, 30), date(2026, 6, 1)) == date(2026, 6, 30)
    due = law().due("FIX-EXT", date(2026, 6, 30), on=date(2026, 6, 1))
    assert due.due_at.isoformat() == "2026-07-01T00:00:00+08:00"
    assert "2026-06-30（星期二）前 10 日内，自 2026-06-20 起" in due.arithmetic


def test_a_window_before_a_day_off_ends_with_that_day() -> None:
    due = law().due("FIX-EXT", date(2026, 10, 4), on=date(2026, 9, 1))
    assert (due.due, due.provisional) == (date(2026, 10, 4), False)
    assert "不顺延" in due.arithmetic


@pytest.mark.parametrize("hearing", [date(2026, 3, 16), date(2026, 10, 9), date(2026, 3, 15)])
def test_seven_whole_working_days_lie_before_a_hearing(hearing: date) -> None:
    calendar = law().calendar
    notice = law().latest_before("HEAR-NTC", hearing, date(2026, 1, 5))
    assert calendar.is_workday(notice)
    assert calendar.add_workdays(notice, 7) <= hearing
    assert calendar.add_workdays(calendar.add_workdays(notice, 1), 7) > hearing


def test_a_hearing_on_a_day_off_is_counted_from_the_working_day_before() -> None:
    due = law().due("HEAR-NTC", date(2026, 3, 15), on=date(2026, 3, 2))
    assert due.due == date(2026, 3, 4)
    assert "按前一工作日 2026-03-13 起倒计" in due.arithmetic


def test_holidays_passed_over_are_named_backward_too() -> None:
    due = law().due("HEAR-NTC", date(2026, 10, 9), on=date(2026, 9, 1))
    assert "国庆节放假 2026-10-01 至 2026-10-07" in due.arithmetic


def test_reminders_come_after_the_day_the_hearing_was_fixed() -> None:
    due = law().due("HEAR-NTC", date(2026, 3, 27), on=date(2026, 3, 13))
    assert [r.name for r in due.rungs] == ["-1wd", "due", "+1wd", "+3wd"]
