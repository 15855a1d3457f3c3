"""Step ⑧: more time for force majeure, asked before the date has passed, answered in writing."""

from typing import Any

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineMet, DeadlineMoved, DeadlineSet, DeadlineVoided, Key, Status
from tests.domain import walk
from tests.domain.given import Play, moment

ASK: dict[str, Any] = {
    "hazards": ["H1"],
    "due": "2026-04-20",
    "force_majeure": True,
    "reason": "洪水致道路中断，设备无法运抵",
}


def asked(play: Play, **other: Any) -> Play:
    """An order until 30 March; asked on the first of the last ten days, 20 March."""
    walk.served(play, "一般", "一般", due="2026-03-30")
    return play.at("2026-03-20T17:00").does("insp1", "request-extension", **(ASK | other))


def test_asked_in_time_starts_the_term_to_answer(play: Play) -> None:
    asked(play)
    assert play.facts == [f.ExtensionRequested, DeadlineSet]
    assert play.said["extension"] == "E1"
    due = play.fact(DeadlineSet).due
    assert (due.rule, str(due.day0), str(due.due)) == ("FIX-EXT-ANS", "2026-03-20", "2026-03-25")


@pytest.mark.parametrize("at", ["2026-03-03", "2026-03-20", "2026-03-30T23:59"])
def test_asked_in_the_last_ten_days_or_earlier(play: Play, at: str) -> None:
    """law.md FIX-EXT: within the last ten days before the date; earlier does no harm."""
    walk.served(play, due="2026-03-30")
    play.at(at).does("insp1", "request-extension", **ASK)
    assert play.facts == [f.ExtensionRequested, DeadlineSet]


def test_an_order_of_less_than_ten_days_can_be_extended(play: Play) -> None:
    walk.served(play, due="2026-03-06")
    play.at("2026-03-05").does("insp1", "request-extension", **ASK)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].due.due) == "2026-04-15"


@pytest.mark.parametrize("fires", [False, True])
def test_asked_after_the_date_leaves_it(play: Play, *, fires: bool) -> None:
    """Whether or not its clock has gone off by then."""
    walk.served(play, due="2026-03-30")
    if fires:
        play.until("2026-03-31T00:01")
    play.at("2026-03-31T00:01")
    refusal = play.refuses("FIX-EXT", "insp1", "request-extension", **ASK)
    assert refusal.extra == {"latest": "2026-03-30"}
    assert "已于2026-03-30届满" in str(refusal)
    assert "第十七条" in refusal.basis
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].due.due) == "2026-03-30"


def test_asked_in_time_and_entered_late(play: Play) -> None:
    walk.served(play, due="2026-03-30")
    play.until("2026-03-31T09:30")
    asked_at = moment("2026-03-30T17:00")
    play.does("insp1", "request-extension", at=asked_at, late_reason="窗口收件", **ASK)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.OPEN


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("FIX-EXT-CAUSE", {"force_majeure": False}),
        ("FIX-EXT-DUE", {"due": "2026-03-30"}),
        ("HAZARD-UNKNOWN", {"hazards": ["H9"]}),
    ],
)
def test_a_request_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.served(play, due="2026-03-30")
    play.refuses(rule, "insp1", "request-extension", **(ASK | other))


def test_no_request_without_a_running_date(play: Play) -> None:
    walk.stopped(play)
    play.refuses("FIX-NOT-RUNNING", "insp1", "request-extension", **ASK)


def test_granted_moves_the_clock_at_once(play: Play) -> None:
    asked(play)
    play.refuses("ROLE", "insp1", "grant-extension", extension="E1", due="2026-04-15")
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    assert play.facts == [f.ExtensionGranted, DeadlineMet, DeadlineMoved]
    deadline = play.inspection.deadlines[Key.read("FIX-DUE/H1/1")]
    assert (str(deadline.due.due), deadline.version) == ("2026-04-15", 2)
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H2/1")].due.due) == "2026-03-30"
    answered = {"extension": "E1", "due": "2026-04-15"}
    play.refuses("FIX-EXT-ANSWERED", "appr1", "grant-extension", **answered)
    play.refuses("FIX-EXT-ANSWERED", "appr1", "refuse-extension", extension="E7", reason="无")


@pytest.mark.parametrize(
    ("rule", "due"), [("FIX-EXT-BEYOND", "2026-04-21"), ("FIX-EXT-DUE", "2026-03-30")]
)
def test_granted_between_the_old_date_and_the_one_asked_for(
    play: Play, rule: str, due: str
) -> None:
    asked(play)
    play.refuses(rule, "appr1", "grant-extension", extension="E1", due=due)


def test_refused_leaves_the_date(play: Play) -> None:
    asked(play).does("appr1", "refuse-extension", extension="E1", reason="不属不可抗力")
    assert play.facts == [f.ExtensionRefused, DeadlineMet]
    deadline = play.inspection.deadlines[Key.read("FIX-DUE/H1/1")]
    assert (str(deadline.due.due), deadline.version) == ("2026-03-30", 1)


def test_silence_is_not_consent(play: Play) -> None:
    asked(play)
    gone = {(g.deadline, g.rung) for g in play.until("2026-03-31T00:00")}
    assert {("FIX-EXT-ANS/E1", "due"), ("FIX-EXT-ANS/E1", "+1wd")} <= gone
    assert ("FIX-DUE/H1/1", "due") in gone
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.EXPIRED


def test_a_late_grant_ends_the_recheck_the_passed_date_had_started(play: Play) -> None:
    asked(play)
    play.until("2026-03-31T09:00")
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    assert play.fact(DeadlineVoided).deadlines == (Key("RECHECK", "H1", 1),)
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.OPEN


def test_a_hazard_named_twice_is_moved_once(play: Play) -> None:
    asked(play, hazards=["H1", "H1"])
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    assert play.facts.count(DeadlineMoved) == 1


def test_a_grant_after_a_failed_recheck_revives_no_clock(play: Play) -> None:
    """The voided date is over: its hazard went to a filing proposal."""
    asked(play)
    play.until("2026-04-01")
    walk.recheck(play, "未整改", "H1")
    grant = {"extension": "E1", "due": "2026-04-15"}
    play.refuses("FIX-NOT-RUNNING", "appr1", "grant-extension", **grant)
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.VOID
    play.does("appr1", "refuse-extension", extension="E1", reason="期限已过，已转立案审批")


def test_a_grant_for_the_first_order_leaves_the_second_alone(play: Play) -> None:
    asked(play)
    play.until("2026-04-01")
    walk.recheck(play, "未整改", "H1")
    second = walk.order(play, H1="2026-04-10")
    grant = {"extension": "E1", "due": "2026-04-15"}
    play.refuses("FIX-NOT-RUNNING", "appr1", "grant-extension", **grant)
    walk.serve(play, second)
    play.refuses("FIX-NOT-RUNNING", "appr1", "grant-extension", **grant)
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/2")].due.due) == "2026-04-10"


def test_more_time_until_a_day_off_is_warned_of(play: Play) -> None:
    asked(play).does("appr1", "grant-extension", extension="E1", due="2026-04-18")
    (warning,) = play.said["warnings"]
    assert "2026-04-18（星期六）为周末" in warning
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].due.due) == "2026-04-18"


def test_more_time_has_a_bound(play: Play) -> None:
    asked(play, due="2031-03-20")
    play.refuses("MAX-TERM", "insp1", "request-extension", **(ASK | {"due": "2031-03-21"}))
    play.does("appr1", "grant-extension", extension="E1", due="2031-03-20")


def test_more_time_is_given_for_days_to_come_only(play: Play) -> None:
    asked(play).at("2026-04-20T09:00")
    refusal = play.refuses(
        "FIX-EXT-DUE", "appr1", "grant-extension", extension="E1", due="2026-04-20"
    )
    assert "已到或已过" in str(refusal)
