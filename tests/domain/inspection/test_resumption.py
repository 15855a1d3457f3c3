"""A stop of business: six months, and back to work only after review and consent."""

from typing import Any
from uuid import UUID

from domain import inspection as f
from domain.deadlines import DeadlineMet, DeadlineSet, Key
from tests.domain import walk
from tests.domain.given import Play


def ask(play: Play) -> Play:
    stop = play.said["stop"]
    return play.does("insp1", "request-resumption", document=stop, request="已消除隐患，申请恢复")


def fields(play: Play, **other: Any) -> dict[str, Any]:
    return {"document": play.said["stop"]} | other


def test_a_served_stop_runs_six_months(play: Play) -> None:
    walk.stopped(play)
    due = play.fact(DeadlineSet).due
    assert (due.rule, due.length, due.unit, str(due.due)) == ("SUSPEND", 6, "mo", "2026-09-02")


def test_a_measure_that_stops_nothing_has_no_term(play: Play) -> None:
    walk.recorded(play, "重大")
    walk.serve(play, walk.measure(play, "责令立即排除", "H1"))
    assert play.facts == [f.DocumentServed, f.StepEntered]


def test_the_request_starts_the_review(play: Play) -> None:
    walk.stopped(play)
    play.at("2026-03-16")
    ask(play)
    assert play.facts == [f.ResumptionRequested, DeadlineSet]
    due = play.fact(DeadlineSet).due
    assert (due.rule, due.length, str(due.due)) == ("RESUME", 10, "2026-03-26")
    play.refuses("RESUME-ASKED", "insp1", "request-resumption", **fields(play, request="再次"))


def test_agreed_only_when_the_hazards_are_gone(play: Play) -> None:
    walk.stopped(play)
    ask(play)
    refusal = play.refuses("RESUME-HAZARDS", "appr1", "agree-resumption", **fields(play))
    assert "第二十三条" in refusal.basis
    walk.recheck(play, "已整改", "H1")
    play.does("appr1", "agree-resumption", **fields(play))
    assert play.facts == [f.ResumptionAgreed, DeadlineMet, DeadlineMet]
    stop = play.said["stop"]
    met = {
        str(key)
        for e in play.log.newest
        if isinstance(e.fact, DeadlineMet)
        for key in e.fact.deadlines
    }
    assert met == {f"RESUME/{stop}/1", f"SUSPEND/{stop}"}
    assert play.inspection.papers[UUID(stop)].lifted
    play.refuses("RESUME-MEASURE", "insp1", "request-resumption", **fields(play, request="再次"))


def test_refused_the_stop_goes_on_and_may_be_asked_again(play: Play) -> None:
    walk.stopped(play)
    ask(play)
    play.does("appr1", "refuse-resumption", **fields(play, reason="防护装置未复位"))
    assert play.facts == [f.ResumptionRefused, DeadlineMet]
    play.refuses("RESUME-REQUEST", "appr1", "agree-resumption", **fields(play))
    play.refuses("RESUME-REQUEST", "appr1", "refuse-resumption", **fields(play, reason="无"))
    ask(play)
    assert play.fact(DeadlineSet).deadlines == (Key("RESUME", play.said["stop"], 2),)
    assert play.inspection.running(Key.read(f"SUSPEND/{play.said['stop']}"))


def test_only_a_served_stop_is_resumed(play: Play) -> None:
    walk.recorded(play, "重大", "重大")
    play.said["stop"] = walk.measure(play, "责令停止使用相关设施设备", "H1")
    play.refuses("RESUME-MEASURE", "insp1", "request-resumption", **fields(play, request="申请"))
    play.said["stop"] = walk.measure(play, "责令立即排除", "H2")
    walk.serve(play, play.said["stop"])
    play.refuses("RESUME-MEASURE", "insp1", "request-resumption", **fields(play, request="申请"))


def test_a_stop_bars_the_closing_until_it_is_lifted(play: Play) -> None:
    walk.stopped(play)
    walk.recheck(play, "已整改", "H1")
    walk.publish(play)
    refusal = play.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"] == ["暂时停产停业（停止使用）措施未解除"]
    ask(play).does("appr1", "agree-resumption", **fields(play))
    walk.close(play)


def test_a_stop_nobody_served_does_not_bar_the_closing(play: Play) -> None:
    """The hazard was removed under its order before the stop was served: nothing was stopped."""
    walk.served(play, "重大")
    walk.measure(play, "责令暂时停产停业", "H1")
    walk.recheck(play, "已整改", "H1")
    walk.close(walk.publish(play))


def test_the_six_months_ring_early_and_stay_in_force(play: Play) -> None:
    walk.stopped(play)
    key = f"SUSPEND/{play.said['stop']}"
    rungs = [g.rung for g in play.until("2026-10-30") if g.deadline == key]
    assert rungs == ["-30wd", "-10wd", "-3wd", "-1wd", "due", "+1wd"]
    assert not play.inspection.papers[UUID(play.said["stop"])].lifted
