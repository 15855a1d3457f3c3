"""The arithmetic reads like an officer's note and names what was passed over."""

from datetime import date

from domain.law import law


def test_working_days_name_holidays_weekends_and_make_up_days() -> None:
    due = law().due("PRESERVE", date(2026, 2, 13))
    assert due.arithmetic == (
        "起算日 2026-02-13 不计入；自次日起数 7 个工作日至 2026-03-02（星期一），"
        "跳过春节放假 2026-02-15 至 2026-02-23、周末 1 天，调休上班 2026-02-14、2026-02-28 计入；"
        "2026-03-02 24时届满（北京时间）。法规版本 APL-2021，日历版本 CN-2026.1。"
    )


def test_calendar_days_name_the_roll() -> None:
    due = law().due("PAY", date(2026, 2, 5))
    assert due.arithmetic == (
        "起算日 2026-02-05 不计入；自次日起数 15 日，末日 2026-02-20；"
        "末日 2026-02-20（星期五）为春节放假，顺延至其后第一个工作日 2026-02-24（星期二）；"
        "2026-02-24 24时届满（北京时间）。法规版本 APL-2021，日历版本 CN-2026.1。"
    )


def test_a_weekend_is_called_a_weekend() -> None:
    assert "2026-05-31（星期日）为周末" in law().due("DECIDE", date(2026, 3, 2)).arithmetic


def test_a_make_up_workday_is_named_and_does_not_roll() -> None:
    arithmetic = law().due("PAY", date(2026, 1, 30)).arithmetic
    assert "2026-02-14（星期六）为调休上班日，末日为工作日，不顺延" in arithmetic


def test_a_plain_week_passes_over_nothing() -> None:
    assert "跳过" not in law().due("PUB-UNDO", date(2026, 3, 2)).arithmetic


def test_months_name_the_corresponding_day() -> None:
    assert "6 个月，对应日 2026-10-03" in law().due("SUIT", date(2026, 4, 3)).arithmetic


def test_a_holiday_of_one_day_is_named_by_its_day() -> None:
    assert "元旦放假 2025-01-01，" not in law().due("RECON-ACC", date(2024, 12, 27)).arithmetic
    assert "元旦放假 2025-01-01、周末 4 天" in law().due("RECON-ACC", date(2024, 12, 27)).arithmetic


def test_statutory_days_in_a_row_are_one_stretch() -> None:
    due = law().due("HEAR-REQ", date(2027, 2, 3))
    assert "春节放假 2027-02-05 至 2027-02-08" in due.arithmetic
