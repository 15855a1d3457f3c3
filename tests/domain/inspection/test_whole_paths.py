"""Whole cases from the plan to their end (八步工作法)."""

from domain.deadlines import ClockFired, Key
from domain.inspection import Inspection, Step
from domain.inspection.values import HazardStatus
from tests.domain import walk
from tests.domain.given import Play

RECTIFIED = [
    Step.PREPARE,
    Step.SHOW_CERTIFICATES,
    Step.DIVIDE_WORK,
    Step.FIX_EVIDENCE,
    Step.SERVE_DOCUMENTS,
    Step.CLOSE_LOOP,
]


def ended(play: Play) -> Inspection:
    case = play.inspection
    assert case.terminal
    assert case.open_deadlines() == []
    return case


def test_the_normal_path(play: Play) -> None:
    walk.served(play, "一般", "重大")
    play.until("2026-03-16")
    walk.report(play, "H1", "H2")
    play.until("2026-03-18T10:00")
    walk.recheck(play, "已整改", "H1", "H2")
    walk.close(walk.publish(play))
    assert list(ended(play).entered) == RECTIFIED
    assert play.inspection.outcome == "已结案"
    assert {f.rung.action for f in play.all_of(ClockFired)} == {"remind"}


def test_plan_refused(play: Play) -> None:
    walk.submitted(play).does("appr1", "refuse-plan", reason="超出年度频次")
    assert list(ended(play).entered) == [Step.PREPARE]


def test_cancelled(play: Play) -> None:
    walk.approved(play).does("insp1", "cancel-inspection", reason="合并检查")
    assert list(ended(play).entered) == [Step.PREPARE, Step.SHOW_CERTIFICATES]


def test_entry_refused_and_not_filed(play: Play) -> None:
    walk.approved(play).does(
        "insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门"
    )
    refusal = play.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"] == ["立案或移送建议待审批"]
    play.does("appr1", "refuse-filing", reason="当日停电，企业无人")
    walk.close(play)
    assert list(ended(play).entered) == [Step.PREPARE, Step.SHOW_CERTIFICATES, Step.REFER]


def test_enterprise_closed_down(play: Play) -> None:
    walk.served(play, "重大")
    play.until("2026-03-16")
    proof = walk.evidence(play, "注销登记通知书")
    play.does("insp1", "record-shutdown", facts_seen="已注销", evidence=[proof])
    walk.close(walk.publish(play))
    assert ended(play).hazards["H1"].status is HazardStatus.MOOT


def test_no_problem_found(play: Play) -> None:
    walk.answered(play).does("insp1", "finish-visit")
    play.does("insp1", "make-record", findings="未发现隐患", signature=walk.SIGNED)
    play.until("2026-03-30")
    walk.close(walk.publish(play))
    assert list(ended(play).entered) == RECTIFIED
    # 20 working days from 2 March: 30 March; reminded 3 and 1 working days before.
    assert [f.rung.name for f in play.all_of(ClockFired)] == ["-3wd", "-1wd"]


def test_partly_rectified_second_order_and_closing_after_the_refused_filing(play: Play) -> None:
    walk.served(play, "一般", "一般", "重大", due="2026-03-20")
    play.until("2026-03-23T10:00")
    results = [("H1", "已整改"), ("H2", "未整改"), ("H3", "未整改")]
    opinion = walk.opinion("已整改") | {
        "results": [{"hazard": no, "result": result} for no, result in results]
    }
    play.does("insp1", "recheck", **opinion)
    walk.serve(play, play.said["document"])
    assert play.penalty.hazards == ("H2", "H3")
    play.refuses(None, "insp1", "issue-order", items=[{"hazard": "H1", "due": "2026-04-10"}])
    walk.serve(play, walk.order(play, H2="2026-04-10", H3="2026-04-17"))
    assert play.said["number"] == "（枣青）应急责改〔2026〕2号"
    case = play.inspection
    assert str(case.deadlines[Key.read("FIX-DUE/H2/2")].due.due) == "2026-04-10"
    assert str(case.deadlines[Key.read("FIX-DUE/H3/2")].due.due) == "2026-04-17"
    play.until("2026-04-16")
    walk.recheck(play, "已整改", "H2", "H3")
    walk.publish(play)
    play.refuses("CLOSE", "appr1", "close-inspection")
    play.does("appr1", "refuse-filing", reason="再次责令后已整改，危害后果轻微")
    walk.close(play)
    assert list(ended(play).entered) == [*RECTIFIED, Step.REFER]


def test_filed_the_case_stays_open_until_the_penalty_has_ended(play: Play) -> None:
    walk.served(play)
    play.until("2026-03-24")
    walk.recheck(play, "未整改", "H1")
    play.does("appr1", "approve-filing")
    walk.serve(play, walk.order(play, H1="2026-04-10"))
    walk.publish(walk.recheck(play, "已整改", "H1"))
    refusal = play.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"] == ["已立案（移送）案件未办结"]
    assert list(play.inspection.entered)[-2:] == [Step.REFER, Step.HANDLE_BY_LAW]


def test_stopped_refused_transferred_and_resumed(play: Play) -> None:
    walk.stopped(play)
    stop = play.said["stop"]
    play.does("insp1", "record-order-refusal", document=stop, facts_seen="夜间偷开生产线")
    play.until("2026-03-05T12:00")
    play.does("appr1", "refuse-transfer", reason="未产生现实危险")
    play.does("insp1", "request-resumption", document=stop, request="已消除隐患")
    walk.recheck(play, "已整改", "H1")
    play.does("appr1", "agree-resumption", document=stop)
    walk.close(walk.publish(play))
    assert Step.REFER in ended(play).entered
