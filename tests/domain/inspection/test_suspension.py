"""Step ⑧: the date of rectification stands still by a higher order, and runs on."""

from domain.deadlines import DeadlineMoved, DeadlineSuspended, Key, Status
from tests.domain import walk
from tests.domain.given import Play

STOP = {"hazards": ["H1"], "reason": "复议期间停止执行", "basis": "《行政复议法》第四十二条"}
GO = {"hazards": ["H1"], "reason": "复议终结"}


def suspended(play: Play) -> Play:
    """An order until 20 March, stopped on 10 March."""
    walk.served(play, due="2026-03-20")
    return play.at("2026-03-10").does("appr1", "suspend-rectification", **STOP)


def test_a_suspended_date_has_no_clocks(play: Play) -> None:
    suspended(play)
    assert play.facts == [DeadlineSuspended]
    assert play.fact(DeadlineSuspended).basis == "《行政复议法》第四十二条"
    assert not [g for g in play.until("2026-05-01") if g.deadline.startswith("FIX-DUE")]
    play.refuses("FIX-NOT-RUNNING", "appr1", "suspend-rectification", **STOP)


def test_a_resumed_date_has_the_days_added(play: Play) -> None:
    suspended(play)
    play.at("2026-03-24T15:00").does("appr1", "resume-rectification", **GO)
    moved = play.fact(DeadlineMoved)
    # 20 March + the 14 days it stood still = 3 April, a Friday.
    assert (str(moved.due.due), moved.reason) == ("2026-04-03", "恢复计算，顺延14日")
    deadline = play.inspection.deadlines[Key.read("FIX-DUE/H1/1")]
    assert (deadline.status, deadline.version) == (Status.OPEN, 2)
    assert play.fire("FIX-DUE/H1/1", "-3wd") == "not-needed"
    play.refuses("FIX-NOT-SUSPENDED", "appr1", "resume-rectification", **GO)


def test_what_does_not_stand_still_is_not_resumed(play: Play) -> None:
    walk.served(play)
    play.refuses("FIX-NOT-SUSPENDED", "appr1", "resume-rectification", **GO)
    play.refuses("ROLE", "insp1", "suspend-rectification", **STOP)


def test_a_hazard_removed_while_suspended_is_not_revived(play: Play) -> None:
    suspended(play)
    walk.recheck(play, "已整改", "H1")
    play.refuses("FIX-NOT-SUSPENDED", "appr1", "resume-rectification", **GO)


def test_a_suspended_date_is_not_overdue(play: Play) -> None:
    """The order may not be enforced: no opinion 未整改, no filing proposal."""
    suspended(play)
    play.refuses("RECHECK-EARLY", "insp1", "recheck", **walk.opinion("未整改", "H1"))


def test_an_extension_granted_meanwhile_does_not_end_the_suspension(play: Play) -> None:
    walk.served(play, due="2026-03-30")
    ask = {"hazards": ["H1"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.at("2026-03-09").does("insp1", "request-extension", **ask)
    play.at("2026-03-10").does("appr1", "suspend-rectification", **STOP)
    grant = {"extension": "E1", "due": "2026-04-20"}
    play.refuses("FIX-NOT-RUNNING", "appr1", "grant-extension", **grant)
    assert play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.SUSPENDED
