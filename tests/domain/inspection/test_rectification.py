"""Step ⑧: the report, the recheck per hazard, the second order."""

from typing import Any

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineMet, DeadlineSet, DeadlineVoided, Key, Status
from domain.inspection.values import HazardStatus
from domain.organisation.numbers import NumberTaken
from domain.penalty.penalty import FilingProposed
from tests.domain import walk, world
from tests.domain.given import Play, moment


def test_the_report_asks_for_the_recheck(play: Play) -> None:
    walk.served(play, "一般", "一般")
    play.at("2026-03-10")
    walk.report(play, "H1", "H1")
    assert play.facts == [f.RectificationReported, DeadlineSet]
    deadline = play.fact(DeadlineSet)
    assert (deadline.deadlines, str(deadline.due.due)) == ((Key("RECHECK", "H1", 1),), "2026-03-20")
    assert deadline.due.length == 10
    walk.report(play, "H1", "H2")
    assert play.fact(DeadlineSet).deadlines == (Key("RECHECK", "H2", 1),)


def test_the_recheck_term_begins_when_the_date_has_passed(play: Play) -> None:
    walk.served(play, due="2026-03-20")
    gone = play.until("2026-03-21T00:00")
    assert ("FIX-DUE/H1/1", "due") in {(g.deadline, g.rung) for g in gone}
    due = play.inspection.deadlines[Key.read("RECHECK/H1/1")].due
    assert (str(due.day0), str(due.due)) == ("2026-03-20", "2026-03-30")


def test_the_earlier_trigger_counts(play: Play) -> None:
    walk.served(play, due="2026-03-20")
    play.at("2026-03-16")
    walk.report(play, "H1")
    play.until("2026-03-22")
    case = play.inspection
    assert [k for k in case.deadlines if k.rule == "RECHECK"] == [Key("RECHECK", "H1", 1)]
    assert str(case.deadlines[Key.read("RECHECK/H1/1")].due.due) == "2026-03-26"


def test_a_removed_hazard_has_no_clock_left(play: Play) -> None:
    walk.served(play)
    play.at("2026-03-12")
    walk.report(play, "H1")
    play.at("2026-03-19").does("insp1", "recheck", **walk.opinion("已整改", "H1"))
    assert set(play.facts) == {f.RecheckMade, NumberTaken, DeadlineMet}
    fact = play.fact(f.RecheckMade)
    assert fact.document.number == "（枣青）应急复查〔2026〕1号"
    assert fact.orders == ("（枣青）应急责改〔2026〕1号",)
    met = [e.fact for e in play.log.newest if isinstance(e.fact, DeadlineMet)]
    assert {(str(k), m.late) for m in met for k in m.deadlines} == {
        ("RECHECK/H1/1", False),
        ("FIX-DUE/H1/1", False),
    }
    assert play.inspection.hazards["H1"].status is HazardStatus.REMOVED
    play.refuses("HAZARD-SETTLED", "insp1", "recheck", **walk.opinion("已整改", "H1"))
    play.refuses("HAZARD-SETTLED", "insp1", "report-rectification", hazards=["H1"], report="无")


def test_the_recheck_names_the_officers_who_came(play: Play) -> None:
    """Form 整改复查意见书: two officers and their certificate numbers."""
    walk.replaced(walk.served(play), "insp2", "insp4")
    opinion = walk.opinion("已整改", "H1") | {"officers": ["insp1", "insp4"]}
    play.does("insp1", "recheck", **opinion)
    written = play.fact(f.RecheckMade).model_dump_json()
    assert world.certificate("insp1") in written
    assert world.certificate("insp4") in written


def test_an_unremoved_hazard_opens_a_filing_proposal(play: Play) -> None:
    walk.served(play)
    play.until("2026-03-24")
    play.does("insp1", "recheck", **walk.opinion("未整改", "H1"))
    assert play.fact(FilingProposed).hazards == ("H1",)
    assert play.fact(FilingProposed).cause == "未按要求消除事故隐患"
    assert play.fact(DeadlineVoided).deadlines == (Key("FIX-DUE", "H1", 1),)
    assert play.fact(DeadlineMet).deadlines == (Key("RECHECK", "H1", 1),)
    assert play.penalty.status == "proposed"


def test_a_second_recheck_after_a_refused_filing_proposes_again(play: Play) -> None:
    """Issue 3, point 3: a recheck that finds a hazard not removed opens a filing proposal."""
    walk.served(play)
    play.until("2026-03-24")
    walk.recheck(play, "未整改", "H1")
    first = play.said["penalty"]
    play.does("appr1", "refuse-filing", reason="情节轻微，再责令一次")
    walk.serve(play, walk.order(play, H1="2026-04-10"))
    play.until("2026-04-13")
    walk.recheck(play, "未整改", "H1")
    assert play.said["penalty"] != first


def test_in_progress_only_while_the_term_runs(play: Play) -> None:
    walk.served(play)
    play.at("2026-03-20T23:59").does("insp1", "recheck", **walk.opinion("尚在期限内", "H1"))
    assert FilingProposed not in play.facts
    play.at("2026-03-21T00:00")
    refusal = play.refuses(
        "RECHECK-EXPIRED", "insp1", "recheck", **walk.opinion("尚在期限内", "H1")
    )
    assert "第十七条" in refusal.basis


def test_not_removed_before_the_date_only_when_the_enterprise_reported(play: Play) -> None:
    walk.served(play)
    play.at("2026-03-10")
    play.refuses("RECHECK-EARLY", "insp1", "recheck", **walk.opinion("未整改", "H1"))
    walk.report(play, "H1")
    play.does("insp1", "recheck", **walk.opinion("未整改", "H1"))
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.OPEN


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("PLAN-OFFICERS", {"officers": ["insp1"]}),
        ("SIGNER-STRANGER", {"officers": ["insp1", "insp3"]}),
        ("SIGNER-STRANGER", {"officers": ["insp1", "insp9"]}),
        ("SIGNATURE-NOTE", {"signature": {"signed": False}}),
        ("RECHECK-TWICE", {"results": [{"hazard": "H1", "result": "已整改"}] * 2}),
        ("HAZARD-UNKNOWN", {"results": [{"hazard": "H9", "result": "已整改"}]}),
    ],
)
def test_a_recheck_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.served(play)
    play.refuses(rule, "insp1", "recheck", **(walk.opinion("已整改", "H1") | other))


def test_an_officer_without_a_certificate_rechecks_nothing(play: Play) -> None:
    walk.certificate_revoked(walk.served(play), "insp2")
    play.refuses("OFFICER-CERTIFICATE", "insp1", "recheck", **walk.opinion("已整改", "H1"))


def test_nothing_to_recheck_before_service(play: Play) -> None:
    walk.recorded(play)
    walk.order(play, H1="2026-03-20")
    play.refuses("HAZARD-UNSERVED", "insp1", "recheck", **walk.opinion("已整改", "H1"))
    play.refuses("HAZARD-UNSERVED", "insp1", "report-rectification", hazards=["H1"], report="无")


def test_a_second_order_ends_the_clock_of_the_first(play: Play) -> None:
    """Reported early, not removed, ordered anew: one hazard has one date."""
    walk.served(play, due="2026-03-20")
    play.at("2026-03-10")
    walk.recheck(walk.report(play, "H1"), "未整改", "H1")
    walk.serve(play, walk.order(play, H1="2026-04-10"))
    fixes = [str(d.key) for d in play.inspection.open_deadlines() if d.due.rule == "FIX-DUE"]
    assert fixes == ["FIX-DUE/H1/2"]


def test_a_second_order_ends_the_recheck_the_first_one_had_started(play: Play) -> None:
    """The first date passed while the second order waited: its recheck term is over with it."""
    walk.served(play, due="2026-03-20")
    play.at("2026-03-10")
    walk.recheck(walk.report(play, "H1"), "未整改", "H1")
    second = walk.order(play, H1="2026-04-10")
    play.until("2026-03-23")
    assert play.inspection.running(Key.read("RECHECK/H1/2"))
    walk.serve(play, second)
    running = [str(d.key) for d in play.inspection.open_deadlines()]
    open_ones = [key for key in running if key != "PUB-INSP"]
    assert open_ones == ["FIX-DUE/H1/2"]


def test_nothing_of_the_first_order_rings_after_removal(play: Play) -> None:
    walk.served(play, due="2026-03-20")
    play.at("2026-03-10")
    walk.recheck(walk.report(play, "H1"), "未整改", "H1")
    walk.serve(play, walk.order(play, H1="2026-04-10"))
    walk.recheck(play, "已整改", "H1")
    assert [d.key for d in play.inspection.open_deadlines()] == [Key("PUB-INSP")]


def test_a_stop_after_a_failed_recheck_does_not_bar_the_second_order(play: Play) -> None:
    walk.served(play, "重大")
    play.until("2026-03-24")
    walk.recheck(play, "未整改", "H1")
    walk.serve(play, walk.measure(play, "责令暂时停产停业", "H1"))
    walk.serve(play, walk.order(play, H1="2026-04-10"))
    assert play.inspection.running(Key.read("FIX-DUE/H1/2"))


def test_what_happened_before_a_term_began_does_not_meet_it(play: Play) -> None:
    """Rechecked on the last day and entered after it, when the clock has asked for a recheck."""
    walk.served(play, due="2026-03-20")
    play.until("2026-03-23T10:00")
    assert play.inspection.running(Key.read("RECHECK/H1/1"))
    earlier = {"at": moment("2026-03-20T10:00"), "late_reason": "现场无网络"}
    play.does("insp1", "recheck", **walk.opinion("已整改", "H1"), **earlier)
    deadlines = play.inspection.deadlines
    assert deadlines[Key.read("RECHECK/H1/1")].status is Status.VOID
    assert deadlines[Key.read("FIX-DUE/H1/1")].status is Status.MET


def test_an_order_for_a_hazard_under_a_stop_leaves_its_recheck_running(play: Play) -> None:
    walk.stopped(play)
    walk.report(play, "H1")
    assert play.inspection.running(Key.read("RECHECK/H1/1"))
    walk.serve(play, walk.order(play, H1="2026-03-30"))
    assert play.inspection.running(Key.read("RECHECK/H1/1"))
