"""A holiday notice is entered: later decisions count by it, running deadlines move by facts."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.calendar import CALENDAR_ID, YearEntered
from domain.deadlines import ClockFired, DeadlineMoved, Key, Status
from tests.domain import walk, world
from tests.domain.founding import founded
from tests.domain.given import Play, trips

HOLIDAYS = {
    "元旦": ("01-01", "01-03"),
    "春节": ("02-05", "02-11"),
    "清明节": ("04-03", "04-05"),
    "劳动节": ("05-01", "05-05"),
    "端午节": ("06-09", "06-09"),
    "中秋节": ("09-15", "09-15"),
    "国庆节": ("10-01", "10-07"),
}
PUB, FIX = Key("PUB-INSP"), Key("FIX-DUE", "H1", 1)


def table(year: int = 2027, workdays: tuple[str, ...] = ("02-20",), **other: Any) -> dict[str, Any]:
    """An invented notice."""
    holidays = [
        {"name": name, "first": f"{year}-{first}", "last": f"{year}-{last}"}
        for name, (first, last) in (HOLIDAYS | other).items()
        if first
    ]
    return {"year": year, "holidays": holidays, "workdays": [f"{year}-{d}" for d in workdays]}


def enter(play: Play, notice: dict[str, Any], by: str = "adm0") -> Play:
    return play.does(by, "enter-calendar-year", table=notice, notice="示例〔2026〕1号")


@pytest.fixture
def waiting() -> Iterator[Play]:
    """Recorded and ordered in January 2027, of which no notice is known yet."""
    story = walk.served(founded().at("2027-01-25"), due="2027-02-22")
    yield story
    assert story.remembers_what_the_log_says()


def due(play: Play, key: Key = PUB) -> tuple[str, bool, str]:
    found = play.inspection.deadlines[key].due
    return str(found.due), found.provisional, found.calendar_version


def test_the_notice_moves_what_was_provisional_and_keeps_the_old_date(waiting: Play) -> None:
    assert due(waiting) == ("2027-02-24", True, "CN-2026.1")
    enter(waiting, table())
    assert waiting.facts == [YearEntered]
    assert waiting.fact(YearEntered).words() == "录入2027年放假安排（示例〔2026〕1号）"
    assert due(waiting) == ("2027-02-24", True, "CN-2026.1")
    assert waiting.app.recompute() == 1
    assert due(waiting) == ("2027-02-26", False, "CN-2026.1+2027.1")
    moved = {fact.deadlines[0]: fact for fact in waiting.all_of(DeadlineMoved)}
    assert moved[PUB].reason == "按日历CN-2026.1+2027.1重新计算，原为2027-02-24"
    assert waiting.log.newest[0].by.role == "system"


def test_a_named_date_stays_and_its_reminders_move(waiting: Play) -> None:
    before = waiting.inspection.deadlines[FIX].due
    enter(waiting, table()).app.recompute()
    after = waiting.inspection.deadlines[FIX].due
    assert str(before.due) == str(after.due) == "2027-02-22"
    assert [str(d.rungs[0].at.date()) for d in (before, after)] == ["2027-02-17", "2027-02-18"]


def test_what_is_decided_later_counts_by_the_notice(waiting: Play) -> None:
    enter(waiting, table())
    walk.recorded(waiting)
    assert due(waiting) == ("2027-02-26", False, "CN-2026.1+2027.1")


def test_another_process_takes_what_was_entered_last_in_the_same_round_trip(
    waiting: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(waiting, table())
    other = walk.submitted(Play(waiting.log))
    enter(waiting, table(workdays=()))
    asked = trips(other, monkeypatch)
    other.does("appr1", "approve-plan")
    assert [trip[CALENDAR_ID] for trip in asked] == [1]
    assert other.remembered()[CALENDAR_ID].version == 2
    walk.recorded(other)
    assert due(other)[2] == "CN-2026.1+2027.2"
    assert other.remembers_what_the_log_says()


def test_what_follows_from_a_clock_counts_by_the_notice(waiting: Play) -> None:
    enter(waiting, table(workdays=("02-20", "03-06")))
    waiting.until("2027-02-23T00:01")
    # Ten days after 22 February: Thursday, 4 March; the reminder counts the make-up day.
    recheck = waiting.inspection.deadlines[Key("RECHECK", "H1", 1)].due
    assert recheck.calendar_version == "CN-2026.1+2027.1"
    assert str(recheck.due) == "2027-03-04"


def test_recomputing_twice_moves_nothing_twice(waiting: Play) -> None:
    enter(waiting, table())
    assert [waiting.app.recompute() for _ in range(2)] == [1, 0]
    enter(waiting, table())
    assert (waiting.facts, waiting.said["entered"]) == ([], False)


def test_a_notice_revised_moves_again(waiting: Play) -> None:
    enter(waiting, table()).app.recompute()
    enter(waiting, table(workdays=())).app.recompute()
    assert due(waiting) == ("2027-03-01", False, "CN-2026.1+2027.2")


def test_a_notice_that_changes_no_date_ends_the_guess() -> None:
    play = walk.recorded(founded().at("2026-12-21"))
    assert due(play) == ("2027-01-19", True, "CN-2026.1")
    enter(play, table()).app.recompute()
    assert due(play) == ("2027-01-19", False, "CN-2026.1+2027.1")


def test_what_has_fired_stays_and_does_not_fire_again(waiting: Play) -> None:
    waiting.until("2027-02-20")
    told = [(f.deadlines[0].rule, f.rung.name) for f in waiting.all_of(ClockFired)]
    assert told == [("FIX-DUE", "-3wd"), ("PUB-INSP", "-3wd"), ("FIX-DUE", "-1wd")]
    enter(waiting, table()).app.recompute()
    assert due(waiting)[0] == "2027-02-26"
    waiting.until("2027-03-20")
    rungs = [(f.deadlines[0], f.rung.name) for f in waiting.all_of(ClockFired)]
    assert len(rungs) == len(set(rungs))


def test_what_has_passed_or_stands_still_is_not_moved(waiting: Play) -> None:
    suspend = {"hazards": ["H1"], "reason": "复议", "basis": "停止执行决定"}
    waiting.does("appr1", "suspend-rectification", **suspend)
    waiting.until("2027-02-25T00:01")
    assert waiting.inspection.deadlines[PUB].status is Status.EXPIRED
    enter(waiting, table())
    assert waiting.app.recompute() == 0


def test_a_timer_of_the_old_date_moves_its_deadline_instead_of_ending_it(waiting: Play) -> None:
    """Should a clock go off before everything was recomputed."""
    waiting.until("2027-02-24")
    enter(waiting, table())
    gone = [g for g in waiting.until("2027-02-26T23:59") if g.deadline == str(PUB)]
    assert [g.rung for g in gone if g.rung == "due" and g.outcome == "fired"] == []
    assert due(waiting) == ("2027-02-26", False, "CN-2026.1+2027.1")
    waiting.until("2027-02-27T00:01")
    assert waiting.inspection.deadlines[PUB].status is Status.EXPIRED


def test_only_a_top_unit_enters_the_calendar(play: Play) -> None:
    given = {"table": table(), "notice": "示例〔2026〕1号"}
    play.refuses("UNIT-SCOPE", "adm1", "enter-calendar-year", **given)
    play.refuses("ROLE", "insp0", "enter-calendar-year", **given)
    enter(play, table(), by=world.ROOT)
    play.refuses("NOT-FOUND", "adm1", "enter-calendar-year", **given)


@pytest.mark.parametrize("year", [2003, 2028])
def test_years_follow_one_another(play: Play, year: int) -> None:
    given = {"table": table(year, ()), "notice": "示例〔2026〕1号"}
    play.refuses("CALENDAR-GAP", "adm0", "enter-calendar-year", **given)


def test_a_statutory_day_left_out_is_a_slip(play: Play) -> None:
    given = {"table": table(清明节=("", ""), 国庆节=("10-01", "10-02")), "notice": "示例"}
    refusal = play.refuses("CALENDAR-STATUTORY", "adm0", "enter-calendar-year", **given)
    assert "清明节2027-04-05、国庆节2027-10-03" in str(refusal)
    assert "全国年节及纪念日放假办法" in refusal.basis


def test_a_shipped_year_can_be_corrected_by_its_own_statutory_days(play: Play) -> None:
    """2014 had three days of Labour Day by other rules."""
    labour = table(2014, (), 劳动节=("05-01", "05-01"))
    assert enter(play, labour).said["entered"]


def test_a_notice_revised_back_does_not_meet_what_went_off_for_nothing(waiting: Play) -> None:
    old = str(waiting.inspection.deadlines[PUB].ladder)
    enter(waiting, table()).app.recompute()
    assert waiting.fire(old, "due") == "not-needed"
    enter(waiting, table(workdays=(), 春节=("02-05", "02-08"))).app.recompute()
    assert str(waiting.inspection.deadlines[PUB].ladder) == old
    waiting.until("2027-02-25T00:01")
    assert waiting.inspection.deadlines[PUB].status is Status.EXPIRED
