"""Hazards of one rule and date share a ladder of clocks, and part when one of them moves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.deadlines import (
    ClockFired,
    ClockNotNeeded,
    DeadlineMet,
    DeadlineSet,
    DeadlineVoided,
    Key,
    LadderKey,
    RungRef,
    about,
)
from domain.facts import FACTS, Act, Actor, Role
from domain.inspection import Inspection
from domain.law import law
from tests.domain import walk
from tests.domain.given import Gone, Play, moment, strike

MANY = 40


@pytest.fixture
def many(play: Play) -> Play:
    """Forty hazards to be removed by one date."""
    return walk.served(play, *["一般"] * MANY, due="2026-03-20")


def fix(*numbers: int) -> tuple[Key, ...]:
    return tuple(Key("FIX-DUE", f"H{n}", 1) for n in numbers)


def of(gone: list[Gone], rule: str) -> dict[str, list[str]]:
    """Rungs that fired, by deadline."""
    found: dict[str, list[str]] = {}
    for one in gone:
        if one.deadline.startswith(rule):
            found.setdefault(one.deadline, []).append(one.rung)
    return found


def test_three_months_of_clocks_on_forty_hazards_are_few_events(many: Play) -> None:
    begun = many.inspection.version
    many.until(moment("2026-06-20"))
    assert many.inspection.version <= 200
    assert many.inspection.version - begun <= 20


def test_each_hazard_climbs_the_whole_ladder_once(many: Play) -> None:
    gone = many.until("2026-06-20")
    fixes, rechecks = of(gone, "FIX-DUE"), of(gone, "RECHECK")
    assert set(fixes) == {str(key) for key in fix(*range(1, MANY + 1))}
    assert set(map(tuple, fixes.values())) == {("-3wd", "-1wd", "due", "+1wd", "+3wd")}
    assert len(rechecks) == MANY
    assert len(set(map(tuple, rechecks.values()))) == 1


def test_one_fact_names_them_all(many: Play) -> None:
    assert many.fact(DeadlineSet).deadlines == fix(*range(1, MANY + 1))
    assert "（隐患H1、H2、H3、H4、H5等40项）" in many.fact(DeadlineSet).words()
    many.until("2026-03-17T10:00")
    (fired,) = many.all_of(ClockFired)
    assert len(fired.deadlines) == MANY


def test_when_they_pass_the_rechecks_begin_on_a_ladder_of_their_own(many: Play) -> None:
    many.until("2026-03-21T01:00")
    begun = [f for f in many.all_of(DeadlineSet) if f.deadlines[0].rule == "RECHECK"]
    assert [len(f.deadlines) for f in begun] == [MANY]
    assert [len(ladder.deadlines) for ladder in many.inspection.ladders()].count(MANY) == 2


def test_who_moves_parts_and_the_rest_stay(play: Play) -> None:
    walk.served(play, "一般", "一般", "一般", due="2026-03-30").at("2026-03-20")
    ask = {"hazards": ["H2"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-20")
    ladders = {
        str(ladder.deadlines[0].due.due): [str(d.key) for d in ladder.deadlines]
        for ladder in play.inspection.ladders()
        if ladder.key.rule == "FIX-DUE"
    }
    assert ladders == {
        "2026-03-30": ["FIX-DUE/H1/1", "FIX-DUE/H3/1"],
        "2026-04-20": ["FIX-DUE/H2/1"],
    }
    gone = of(play.until("2026-04-24"), "FIX-DUE")
    assert set(gone) == {"FIX-DUE/H1/1", "FIX-DUE/H2/1", "FIX-DUE/H3/1"}
    assert set(map(tuple, gone.values())) == {("-3wd", "-1wd", "due", "+1wd", "+3wd")}


def test_what_moves_to_the_date_of_others_joins_them(play: Play) -> None:
    walk.recorded(play, "一般", "一般")
    walk.serve(play, walk.order(play, H1="2026-03-30", H2="2026-04-20")).at("2026-03-20")
    ask = {"hazards": ["H1"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-20")
    (ladder,) = [one for one in play.inspection.ladders() if one.key.rule == "FIX-DUE"]
    assert [d.key.subject for d in ladder.deadlines] == ["H1", "H2"]
    play.until("2026-04-15T09:30")
    assert set(play.all_of(ClockFired)[-1].deadlines) == set(fix(1, 2))


def test_who_is_done_no_longer_climbs(many: Play) -> None:
    many.at("2026-03-12")
    walk.recheck(many, "已整改", *(f"H{n}" for n in range(1, MANY)))
    (met,) = many.all_of(DeadlineMet)
    assert len(met.deadlines) == MANY - 1
    many.until("2026-03-17T10:00")
    (fired,) = [f for f in many.all_of(ClockFired) if f.deadlines[0].rule == "FIX-DUE"]
    assert fired.deadlines == fix(MANY)


def test_a_suspended_one_stands_still_while_the_others_climb(play: Play) -> None:
    walk.served(play, "一般", "一般", due="2026-03-30")
    stop = {"hazards": ["H1"], "reason": "复议停止执行", "basis": "《行政复议法》第四十二条"}
    play.does("appr1", "suspend-rectification", **stop)
    gone = of(play.until("2026-04-03"), "FIX-DUE")
    assert set(gone) == {"FIX-DUE/H2/1"}


def test_a_second_order_ends_the_ladders_of_the_first_in_one_fact_per_rule(many: Play) -> None:
    many.until("2026-03-23")
    walk.recheck(many, "未整改", *(f"H{n}" for n in range(1, MANY + 1)))
    again = {f"H{n}": "2026-04-20" for n in range(1, MANY + 1)}
    walk.serve(many, walk.order(many, **again))
    assert len(many.all_of(DeadlineVoided)) <= 2
    assert len(many.inspection.hazards["H1"].fix_keys) == 2


def ladder_ref(play: Play, rung: str) -> RungRef:
    due = play.inspection.deadlines[fix(1)[0]].due
    return RungRef(deadline=str(LadderKey(due.rule, due.due_at)), rung=rung)


def test_a_timer_of_a_ladder_fires_once_for_all(many: Play) -> None:
    many.at("2026-03-17T09:00")
    ref = ladder_ref(many, "-3wd")
    outcomes = [
        strike(many.app, "inspection", many.case, [ref], many.log.now).outcomes for _ in range(2)
    ]
    assert outcomes == [["fired"], ["done"]]


def test_a_timer_of_a_ladder_that_all_have_left_is_not_needed_once(many: Play) -> None:
    many.at("2026-03-12")
    walk.recheck(many, "已整改", *(f"H{n}" for n in range(1, MANY + 1)))
    ref, at = ladder_ref(many, "-3wd"), moment("2026-03-17T09:00")
    many.at(at)
    outcomes = [strike(many.app, "inspection", many.case, [ref], at).outcomes for _ in range(2)]
    assert outcomes == [["not-needed"], ["done"]]
    (fact,) = many.all_of(ClockNotNeeded)
    assert len(fact.deadlines) == MANY


def test_a_timer_of_no_ladder_does_nothing(many: Play) -> None:
    nowhere = LadderKey("FIX-DUE", moment("2027-01-01"))
    ref = RungRef(deadline=str(nowhere), rung="due")
    assert strike(many.app, "inspection", many.case, [ref], many.log.now).outcomes == ["done"]
    assert LadderKey.read(str(nowhere)) == nowhere


def test_timers_of_the_first_release_name_one_deadline_each_and_fire_all_of_it(many: Play) -> None:
    """A workflow that runs since then holds forty clocks; the ladder's rung fires once."""
    many.at("2026-03-17T09:00")
    refs = [RungRef(deadline=str(key), due_version=1, rung="-3wd") for key in fix(1, 2, 40)]
    struck = strike(many.app, "inspection", many.case, refs, many.log.now)
    assert struck.outcomes == ["fired", "done", "done"]
    (fired,) = many.all_of(ClockFired)
    assert len(fired.deadlines) == MANY


def test_keys_are_written_and_read_alike() -> None:
    keys = [
        Key("PUB-INSP"),
        Key("FIX-DUE", "H1", 2),
        Key("RESUME", str(uuid4()), 1),
        Key("X", "E1"),
    ]
    assert [Key.read(str(key)) for key in keys] == keys
    assert Key.read("一塌糊涂//") == Key("一塌糊涂//")
    assert about((), {}) == ""


@pytest.mark.parametrize(
    ("topic", "rest"),
    [
        ("deadline/set", {"subject": "隐患H1", "due": ...}),
        ("deadline/moved", {"due": ..., "reason": "同意延期E1"}),
        ("deadline/suspended", {"reason": "复议", "basis": "决定"}),
        ("deadline/met", {"late": True}),
        ("deadline/voided", {"reason": "已重新责令"}),
        ("clock/not-needed", {"due_version": 1, "rung": "-3wd"}),
    ],
)
def test_facts_of_the_first_release_name_one_deadline(topic: str, rest: dict[str, object]) -> None:
    due = law().due("FIX-DUE", date(2026, 3, 2), agreed=date(2026, 3, 20)).model_dump(mode="json")
    old = {"deadline": "FIX-DUE/H1/1"} | {k: due if v is ... else v for k, v in rest.items()}
    kind = FACTS[topic]
    fact = kind.model_validate(kind.upcast(old, 1))
    assert fact.deadlines == fix(1)
    assert "H1" in fact.words() or topic == "deadline/moved"


def test_a_case_of_the_first_release_goes_on_together(play: Play) -> None:
    """Two hazards whose deadlines were set by a fact each climb on as one."""
    case, due = Inspection(play.case), law().due("PUB-INSP", date(2026, 3, 2))
    by = Actor(account="insp1", role=Role.INSPECTOR, unit=play.case)
    for n in (1, 2):
        keys = [Key("PUB-INSP", f"旧{n}")]
        at = moment("2026-03-02") + timedelta(hours=n)
        case.set_deadlines(keys, due, Act(at, at, by))
    (ladder,) = case.ladders()
    assert len(ladder.deadlines) == 2


def test_a_hazard_moved_onto_a_ladder_that_has_begun_climbs_it_too(play: Play) -> None:
    """The rung has gone off before, for the other hazard: it goes off again, and then no more."""
    walk.recorded(play, "一般", "一般")
    walk.serve(play, walk.order(play, H1="2026-03-30", H2="2026-03-20"))
    ask = {"hazards": ["H2"], "due": "2026-03-30", "force_majeure": True, "reason": "洪水"}
    play.at("2026-03-19").does("insp1", "request-extension", **ask)
    assert of(play.until("2026-03-26"), "FIX-DUE")["FIX-DUE/H1/1"] == ["-3wd"]
    play.does("appr1", "grant-extension", extension="E1", due="2026-03-30")
    late = play.until("2026-03-26T12:00")
    assert of(late, "FIX-DUE") == {"FIX-DUE/H2/1": ["-3wd"]}
    rest = ["-1wd", "due", "+1wd", "+3wd"]
    assert of(play.until("2026-05-20"), "FIX-DUE") == {str(key): rest for key in fix(1, 2)}


def test_stopped_and_resumed_on_one_day_no_rung_goes_off_twice(play: Play) -> None:
    walk.served(play, due="2026-03-20")
    before = of(play.until("2026-03-18"), "FIX-DUE")["FIX-DUE/H1/1"]
    stop = {"hazards": ["H1"], "reason": "复议期间停止执行", "basis": "《行政复议法》第四十二条"}
    play.does("appr1", "suspend-rectification", **stop)
    play.does("appr1", "resume-rectification", hazards=["H1"], reason="复议终结")
    after = of(play.until("2026-05-20"), "FIX-DUE")["FIX-DUE/H1/1"]
    assert before == ["-3wd"]
    assert after == ["-1wd", "due", "+1wd", "+3wd"]
