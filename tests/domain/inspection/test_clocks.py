"""Deadlines and their clocks: early, late, not needed, twice, moved, suspended, after the end."""

import pytest

from domain.deadlines import ClockFired, ClockNotNeeded, DeadlineSet, Key, RungRef
from tests.domain import walk
from tests.domain.given import Play, strike

FIX = "FIX-DUE/H1/1"


@pytest.fixture
def running(play: Play) -> Play:
    """One hazard to be removed by Friday, 20 March 2026."""
    return walk.served(play, due="2026-03-20")


def test_the_default_ladder(running: Play) -> None:
    gone = [(g.at, g.rung) for g in running.until("2026-03-31") if g.deadline == FIX]
    assert gone == [
        ("2026-03-17T09:00", "-3wd"),
        ("2026-03-19T09:00", "-1wd"),
        ("2026-03-21T00:00", "due"),
        ("2026-03-23T09:00", "+1wd"),
        ("2026-03-25T09:00", "+3wd"),
    ]
    to = [f.rung.to for f in running.all_of(ClockFired) if Key.read(FIX) in f.deadlines]
    assert to == ["handler", "handler", "handler", "supervisor", "supervisor"]


def test_never_early(running: Play) -> None:
    running.at("2026-03-17T08:59:59")
    assert running.fire(FIX, "-3wd") == "early"
    assert running.facts == []
    running.at("2026-03-17T09:00")
    assert running.fire(FIX, "-3wd") == "fired"


def test_late_says_by_how_much(running: Play) -> None:
    running.at("2026-03-17T09:01")
    assert running.fire(FIX, "-3wd") == "fired"
    assert running.fact(ClockFired).late_seconds == 0
    running.at("2026-03-21T02:00")
    assert running.fire(FIX, "due") == "fired"
    assert running.fact(ClockFired).late_seconds == 7200


def test_twice_finds_nothing_to_do(running: Play) -> None:
    running.at("2026-03-17T09:00")
    assert running.fire(FIX, "-3wd") == "fired"
    assert running.fire(FIX, "-3wd") == "done"
    assert running.facts == []


def test_after_the_fact_it_is_not_needed(running: Play) -> None:
    running.at("2026-03-12")
    walk.recheck(running, "已整改", "H1")
    running.at("2026-03-17T09:00")
    assert running.fire(FIX, "-3wd") == "not-needed"
    assert running.facts == [ClockNotNeeded]


def test_not_needed_is_noted_once(running: Play) -> None:
    """Timers come at least once, in any company: each rung leaves one fact."""
    running.at("2026-03-12")
    walk.recheck(running, "已整改", "H1")
    running.at("2026-03-21T00:00")
    first, second = (RungRef(deadline=FIX, due_version=1, rung=r) for r in ("-3wd", "-1wd"))
    for rungs in ([first], [first], [first, second]):
        strike(running.app, "inspection", running.case, rungs, running.log.now)
    assert [f.rung for f in running.all_of(ClockNotNeeded)] == ["-3wd", "-1wd"]


def test_an_unknown_deadline_or_rung_does_nothing(running: Play) -> None:
    running.at("2026-04-30")
    assert running.fire("FIX-DUE/H9/1", "due") == "done"
    assert running.fire(FIX, "+99wd") == "done"


def test_a_moved_deadline_leaves_its_old_rungs_behind(play: Play) -> None:
    walk.served(play, due="2026-03-30")
    play.at("2026-03-20")
    ask = {"hazards": ["H1"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-20")
    play.at("2026-03-31")
    assert play.fire(FIX, "due", due_version=1) == "not-needed"
    gone = [(g.at, g.rung) for g in play.until("2026-05-01") if g.deadline == FIX]
    # Around the Labour Day holidays nothing changes: +3wd of Monday, 20 April is 23 April.
    assert gone == [
        ("2026-04-15T09:00", "-3wd"),
        ("2026-04-17T09:00", "-1wd"),
        ("2026-04-21T00:00", "due"),
        ("2026-04-21T09:00", "+1wd"),
        ("2026-04-23T09:00", "+3wd"),
    ]


def test_nothing_goes_off_after_the_end(running: Play) -> None:
    running.at("2026-03-12")
    walk.close(walk.publish(walk.recheck(running, "已整改", "H1")))
    assert running.until("2027-03-12") == []
    assert running.fire(FIX, "due") == "done"
    assert running.fire("PUB-INSP", "due") == "done"
    assert running.facts == []


def test_the_due_day_ends_at_midnight_in_shanghai(running: Play) -> None:
    deadline = running.inspection.deadlines[Key.read(FIX)]
    assert deadline.due.due_at.isoformat() == "2026-03-21T00:00:00+08:00"
    running.at("2026-03-20T23:59:59")
    assert running.fire(FIX, "due") == "early"


def test_the_timer_counts_no_more_than_the_clock_of_the_database(running: Play) -> None:
    """A timer that runs ahead of the database's time is early."""
    ahead = running.copy()
    ahead.log.now, at = running.log.now, running.inspection.deadlines[Key.read(FIX)].due.due_at
    rungs = [RungRef(deadline=FIX, due_version=1, rung="due")]
    assert strike(ahead.app, "inspection", ahead.case, rungs, at).outcomes == ["early"]


def test_an_expiry_and_the_recheck_it_starts_are_one_commit(running: Play) -> None:
    running.at("2026-03-21T00:00")
    running.fire(FIX, "due")
    assert running.facts == [ClockFired, DeadlineSet]
    by = running.log.newest[0].by
    assert (by.account, by.role.value) == ("clock", "system")


def test_a_deadline_keeps_the_law_and_calendar_it_was_counted_by(running: Play) -> None:
    due = running.inspection.deadlines[Key.read(FIX)].due
    assert due.law_version == "WSL-2021"
    assert due.calendar_version
    assert "第六十五条" in due.basis
    assert "2026-03-20" in due.arithmetic
