"""Terms in hours, and independence of the machine's time zone."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from domain.law import cli_deadline, law

AT = datetime.fromisoformat("2026-02-14T16:30:00+08:00")


@pytest.fixture(params=["America/New_York", "UTC", "Pacific/Kiritimati"])
def _elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def test_hours_run_through_the_night_and_the_holiday() -> None:
    due = law().due("TR-SEND", AT)
    assert due.due_at.isoformat() == "2026-02-15T16:30:00+08:00"
    assert due.due == date(2026, 2, 15)
    assert "自 2026-02-14 16:30 起连续计算 24 小时至 2026-02-15 16:30" in due.arithmetic


def test_the_ladder_of_hours() -> None:
    rungs = [(r.name, r.at.isoformat()) for r in law().due("EMERG", AT).rungs]
    assert rungs == [
        ("-4h", "2026-02-15T12:30:00+08:00"),
        ("due", "2026-02-15T16:30:00+08:00"),
        ("+24h", "2026-02-16T16:30:00+08:00"),
    ]


def test_hours_from_a_bare_day_are_counted_strictly() -> None:
    due = law().due("EMERG", date(2026, 2, 14))
    assert due.due_at.isoformat() == "2026-02-15T00:00:00+08:00"
    assert "未给出时刻，从严自当日零时起算" in due.arithmetic


def test_the_day_of_an_instant_is_the_day_in_beijing() -> None:
    late_evening_utc = datetime(2026, 2, 12, 17, 0, tzinfo=UTC)
    assert law().due("HEAR-REQ", late_evening_utc).day0 == date(2026, 2, 13)


def test_an_instant_without_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        law().due("EMERG", datetime(2026, 2, 14, 16, 30))  # noqa: DTZ001 - that is the point


@pytest.mark.usefixtures("_elsewhere")
def test_the_machines_zone_changes_nothing() -> None:
    assert law().due("EMERG", AT).due_at == datetime.fromisoformat("2026-02-15T16:30:00+08:00")
    assert law().due("PAY", date(2026, 2, 5)).due_at.isoformat() == "2026-02-25T00:00:00+08:00"
    assert cli_deadline("EMERG", "2026-02-14T16:30")["due_at"] == "2026-02-15T16:30:00+08:00"
