"""Branches that end a case early: cancelled, enterprise closed down."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineVoided, Key, Status
from domain.inspection import Step
from domain.inspection.values import HazardStatus
from tests.domain import walk
from tests.domain.given import Play

RECORD = {"findings": "详见附页", "signature": walk.SIGNED}


@pytest.mark.parametrize("account", ["insp1", "appr1"])
@pytest.mark.parametrize("stage", [walk.planned, walk.submitted, walk.approved])
def test_cancelled_before_the_visit(
    play: Play, account: str, stage: Callable[[Play], Play]
) -> None:
    stage(play).does(account, "cancel-inspection", reason="与上级检查合并")
    assert play.facts == [f.Cancelled]
    assert play.inspection.outcome == "已取消"
    play.refuses("CASE-TERMINAL", "insp1", "submit-plan")


def test_what_was_seen_is_not_cancelled_away(play: Play) -> None:
    walk.on_site(play)
    play.refuses("CANCEL-LATE", "insp1", "cancel-inspection", reason="改期")


def test_a_refused_entry_is_not_cancelled_away(play: Play) -> None:
    walk.approved(play).does(
        "insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门"
    )
    play.refuses("CANCEL-LATE", "appr1", "cancel-inspection", reason="改期")


def shut(play: Play) -> Play:
    proof = walk.evidence(play, "注销登记通知书")
    return play.does("insp1", "record-shutdown", facts_seen="企业已注销停产", evidence=[proof])


def test_a_closed_down_enterprise_has_nothing_left_to_rectify(play: Play) -> None:
    walk.served(play, "一般", "重大")
    shut(play)
    assert play.facts == [f.EnterpriseShutDown, DeadlineVoided]
    case = play.inspection
    assert {h.status for h in case.hazards.values()} == {HazardStatus.MOOT}
    assert [d.key for d in case.open_deadlines()] == [Key("PUB-INSP")]
    play.refuses("SHUT-DOWN", "insp1", "record-shutdown", **proved(play))
    walk.close(walk.publish(play))


def proved(play: Play) -> dict[str, object]:
    return {"facts_seen": "企业已注销", "evidence": [str(e) for e in play.inspection.evidence]}


def test_a_shutdown_is_proved(play: Play) -> None:
    walk.served(play)
    given = {"facts_seen": "企业已注销停产", "evidence": [str(uuid4())]}
    play.refuses("EVIDENCE-UNKNOWN", "insp1", "record-shutdown", **given)


def test_a_shutdown_lifts_the_stop(play: Play) -> None:
    walk.stopped(play)
    shut(play)
    assert play.inspection.deadlines[Key.read(f"SUSPEND/{play.said['stop']}")].status is Status.VOID
    walk.close(walk.publish(play))


def test_a_shutdown_before_the_record_still_needs_the_record(play: Play) -> None:
    """⑤: 检查记录 always; ⑧: published."""
    walk.finished(play)
    proof = walk.evidence(play, "注销登记通知书")
    given = {"facts_seen": "企业已注销停产", "evidence": [proof]}
    play.refuses("RECORD-FIRST", "insp1", "record-shutdown", **given)
    play.does("insp1", "make-record", **RECORD).does("insp1", "record-shutdown", **given)
    walk.close(walk.publish(play))


def test_an_order_still_unserved_at_the_shutdown_does_not_bar_the_end(play: Play) -> None:
    walk.recorded(play)
    walk.order(play, H1="2026-03-20")
    play.at("2026-03-25")
    shut(play)
    walk.close(walk.publish(play))


def test_nothing_is_ordered_or_served_after_the_shutdown(play: Play) -> None:
    walk.recorded(play)
    document = walk.order(play, H1="2026-03-20")
    shut(play)
    direct = {"document": document, "method": "直接送达", "receiver": "万一凡"}
    play.refuses("SERVE-NEEDLESS", "insp1", "serve-document", **direct)
    due = [{"hazard": "H1", "due": "2026-03-25"}]
    play.refuses(None, "insp1", "issue-order", items=due)
    assert play.inspection.step is Step.CLOSE_LOOP
    assert [d.key for d in play.inspection.open_deadlines()] == [Key("PUB-INSP")]
