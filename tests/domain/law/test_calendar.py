"""The working calendar: its table, its edges, and new years as data."""

from datetime import date, timedelta

import holidays
import pytest
from pydantic import ValidationError

from domain.errors import Refusal
from domain.law import WorkCalendar, YearTable, law
from domain.law.tables import read
from tests.domain.law.seed_calendar import table

CALENDAR = WorkCalendar.load()

NOTICE_2027 = YearTable.model_validate(
    {
        "year": 2027,
        "holidays": [
            {"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
            {"name": "春节", "first": "2027-02-05", "last": "2027-02-11"},
        ],
        "workdays": ["2027-02-20"],
    }
)


def test_the_file_holds_what_the_seed_knows() -> None:
    seeded = {year["year"]: year for year in table()["years"]}
    stored = read("calendar.json")
    assert stored["version"] == CALENDAR.version == "CN-2026.1"
    assert [year["year"] for year in stored["years"]] == list(range(2004, 2027))
    assert all(seeded[year["year"]] == year for year in stored["years"])


def test_make_up_workdays_of_2026() -> None:
    days = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    makeups = [date.fromisoformat(f"2026-{d}") for d in days]
    assert [d for d in _days(2026) if CALENDAR.is_makeup(d)] == makeups
    assert not any(CALENDAR.is_holiday_for_rollover(d) for d in makeups)


def test_zero_working_days_is_the_same_day() -> None:
    assert CALENDAR.add_workdays(date(2026, 2, 15), 0) == date(2026, 2, 15)


def test_past_the_table_a_due_date_is_provisional_and_says_so() -> None:
    inside = law().due("PAY", date(2026, 12, 16))
    across = law().due("PAY", date(2026, 12, 17))
    assert (inside.due, inside.provisional) == (date(2026, 12, 31), False)
    assert (across.due, across.provisional) == (date(2027, 1, 4), True)
    assert "暂按周历推算" in across.arithmetic
    assert "暂按周历推算" not in inside.arithmetic


def test_working_days_that_cross_the_edge_are_provisional() -> None:
    due = law().due("HEAR-REQ", date(2026, 12, 29))
    assert (due.due, due.provisional) == (date(2027, 1, 6), True)
    assert "元旦放假 2027-01-01" in due.arithmetic


def test_before_the_table_days_are_guessed_too() -> None:
    assert law().due("PRESERVE", date(2003, 12, 20)).provisional
    assert law().due("PRESERVE", date(2003, 12, 28), on=date(2026, 1, 5)).provisional
    assert not law().due("PRESERVE", date(2003, 12, 31), on=date(2026, 1, 5)).provisional


def test_statutory_days_are_known_beforehand() -> None:
    ours = {d for year in range(2027, 2032) for d in _days(year) if any(CALENDAR.offs(d, d))}
    theirs = set(holidays.country_holidays("CN", years=range(2027, 2032), observed=False))
    assert ours == theirs


def test_loading_a_year_moves_a_provisional_date() -> None:
    newer = law().with_calendar(CALENDAR.with_years([NOTICE_2027], "CN-2027.1"))
    old = law().due("HEAR-REQ", date(2027, 2, 3))
    new = newer.recompute(old)
    assert (old.due, old.provisional, old.calendar_version) == (
        date(2027, 2, 12),
        True,
        "CN-2026.1",
    )
    assert (new.due, new.provisional, new.calendar_version) == (
        date(2027, 2, 17),
        False,
        "CN-2027.1",
    )
    assert new.law_version == old.law_version
    assert law().calendar.version == "CN-2026.1"


def test_an_agreed_date_is_the_documents_own_on_every_calendar() -> None:
    newer = law().with_calendar(CALENDAR.with_years([NOTICE_2027], "CN-2027.1"))
    old = law().due("FIX-DUE", date(2026, 12, 1), agreed=date(2027, 2, 20))
    assert (old.due, old.provisional) == (date(2027, 2, 20), False)
    assert newer.recompute(old).due == date(2027, 2, 20)


def test_hours_do_not_depend_on_the_calendar() -> None:
    due = law().due("EMERG", date(2026, 12, 31))
    assert law().recompute(due) is due


def test_a_year_can_be_corrected_but_not_skipped_nor_keep_its_version() -> None:
    corrected = CALENDAR.with_years([NOTICE_2027], "CN-2027.1").with_years(
        [NOTICE_2027.model_copy(update={"workdays": ()})], "CN-2027.2"
    )
    assert not corrected.is_workday(date(2027, 2, 20))
    with pytest.raises(ValueError, match="version"):
        CALENDAR.with_years([NOTICE_2027], CALENDAR.version)
    with pytest.raises(ValueError, match="gap"):
        CALENDAR.with_years([YearTable(year=2028, holidays=(), workdays=())], "CN-2028.1")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"workdays": ["2026-02-20"]}, "年内"),
        ({"workdays": ["2027-02-22"]}, "星期六或星期日"),
        ({"workdays": ["2027-02-06"]}, "列入两次"),
        ({"holidays": [{"name": "元旦", "first": "2027-01-03", "last": "2027-01-01"}]}, "止日"),
    ],
)
def test_a_wrong_notice_is_not_taken(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        YearTable.model_validate(NOTICE_2027.model_dump() | change)


def test_a_day_outside_the_index_is_refused() -> None:
    for day, n in ((date(1979, 12, 31), 1), (date(2100, 12, 30), 1), (date(1980, 1, 1), -1)):
        with pytest.raises(Refusal) as refused:
            CALENDAR.add_workdays(day, n)
        assert refused.value.rule == "DATE-RANGE"


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]
