"""Ladders: who is told when."""

from datetime import date

from domain.law import Due, law


def _ladder(due: Due) -> list[tuple[str, str, str]]:
    return [(r.name, r.to, r.at.strftime("%m-%d %H:%M")) for r in due.rungs]


def test_the_ladder_most_terms_have() -> None:
    assert _ladder(law().due("PAY", date(2026, 3, 2))) == [
        ("-3wd", "handler", "03-12 09:00"),
        ("-1wd", "handler", "03-16 09:00"),
        ("due", "handler", "03-18 00:00"),
        ("+1wd", "supervisor", "03-18 09:00"),
        ("+3wd", "supervisor", "03-20 09:00"),
    ]


def test_a_forgotten_recheck_keeps_firing_to_higher_levels() -> None:
    assert _ladder(law().due("RECHECK", date(2015, 6, 30))) == [
        ("-3wd", "handler", "07-07 09:00"),
        ("-1wd", "handler", "07-09 09:00"),
        ("due", "handler", "07-11 00:00"),
        ("+1wd", "supervisor", "07-13 09:00"),
        ("+3wd", "supervisor", "07-15 09:00"),
        ("+10wd", "superior", "07-24 09:00"),
        ("+30wd", "superior", "08-21 09:00"),
        ("+60wd", "superior", "10-10 09:00"),
    ]


def test_the_decision_is_called_for_at_day_60_75_and_85() -> None:
    due = law().due("DECIDE", date(2026, 3, 2))
    assert _ladder(due) == [
        ("d60", "handler", "05-01 09:00"),
        ("d75", "handler", "05-16 09:00"),
        ("d85", "approver", "05-26 09:00"),
        ("due", "handler", "06-02 00:00"),
        ("+1wd", "supervisor", "06-02 09:00"),
        ("+3wd", "supervisor", "06-04 09:00"),
    ]


def test_the_old_thirty_days_have_the_common_ladder() -> None:
    assert law().due("DECIDE", date(2018, 5, 4)).rungs[0].name == "-3wd"


def test_a_short_term_loses_the_reminders_that_would_come_on_day_zero() -> None:
    names = [r.name for r in law().due("PUB-UNDO", date(2026, 3, 2)).rungs]
    assert names == ["-1wd", "due", "+1wd", "+3wd"]


def test_a_shortened_term_loses_the_alerts_after_its_end() -> None:
    names = [r.name for r in law().due("DECIDE", date(2026, 3, 2), length=70).rungs]
    assert names == ["d60", "due", "+1wd", "+3wd"]


def test_others_time_simply_ends() -> None:
    assert [r.name for r in law().due("HEAR-REQ", date(2026, 3, 2)).rungs] == ["due"]


def test_a_hard_stop_is_announced_early() -> None:
    names = [r.name for r in law().due("COURT", date(2026, 3, 2)).rungs]
    assert names == ["-30wd", "-10wd", "-3wd", "-1wd", "due", "+1wd"]


def test_reminders_are_sent_on_make_up_workdays_not_in_the_holiday() -> None:
    due = law().due("PAY", date(2026, 2, 5))
    assert [r.at.date() for r in due.rungs[:2]] == [date(2026, 2, 12), date(2026, 2, 14)]
