"""Whole cases from the plan to their end (八步工作法)."""

from domain.facts import Fact
from domain.inspection import Step
from domain.inspection.facts import Closed
from tests.domain import walk
from tests.domain.given import Play


def kinds(play: Play) -> list[type[Fact]]:
    return [type(e.fact) for e in play.log.streams[play.case]]


def test_the_normal_path_ends_closed(play: Play) -> None:
    walk.served(play)
    play.at("2026-03-18T10:00")
    walk.report(play, "H1")
    play.at("2026-03-19T10:00")
    walk.recheck(play, "已整改", "H1")
    walk.publish(play)
    walk.close(play)
    case = play.inspection
    assert kinds(play)[-1] is Closed
    assert case.outcome == "已结案"
    assert list(case.entered) == [
        Step.PREPARE,
        Step.SHOW_CERTIFICATES,
        Step.DIVIDE_WORK,
        Step.FIX_EVIDENCE,
        Step.SERVE_DOCUMENTS,
        Step.CLOSE_LOOP,
    ]
    assert case.open_deadlines() == []
