"""Step ⑤: the record, the order, the on-site measure."""

from typing import Any

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineSet, Key
from domain.inspection import Step
from tests.domain import walk, world
from tests.domain.given import Play, moment

RECORD = {"findings": "详见附页", "signature": walk.SIGNED}


def test_the_record_starts_the_term_to_publish(play: Play) -> None:
    walk.recorded(play)
    assert play.fact(f.RecordMade).document.number == "（枣青）应急检记〔2026〕1号"
    deadline = play.fact(DeadlineSet)
    assert (deadline.deadlines, deadline.due.rule) == ((Key("PUB-INSP"),), "PUB-INSP")
    assert (deadline.due.length, deadline.due.unit) == (20, "wd")
    assert str(deadline.due.due) == "2026-03-30"
    play.refuses("RECORD-MADE", "insp1", "make-record", **RECORD)


def test_a_refusal_to_sign_is_noted(play: Play) -> None:
    walk.finished(play)
    unsigned: dict[str, Any] = {"findings": "详见附页", "signature": {"signed": False}}
    refusal = play.refuses("SIGNATURE-NOTE", "insp1", "make-record", **unsigned)
    assert "第六十八条" in refusal.basis
    unsigned["signature"]["note"] = "现场负责人拒签，执法记录仪甲-07全程录像"
    play.does("insp1", "make-record", **unsigned)
    assert not play.fact(f.RecordMade).signature.signed


def test_without_a_hazard_the_record_leads_to_step_eight(play: Play) -> None:
    walk.answered(play).does("insp1", "finish-visit").does("insp1", "make-record", **RECORD)
    assert play.fact(f.StepEntered).step is Step.CLOSE_LOOP


def test_the_record_comes_first(play: Play) -> None:
    walk.found(play)
    play.refuses("STEP-ORDER", "insp1", "make-record", **RECORD)
    play.does("insp1", "finish-visit")
    items = [{"hazard": "H1", "due": "2026-03-20"}]
    play.refuses("RECORD-FIRST", "insp1", "issue-order", items=items)
    play.refuses(
        "RECORD-FIRST",
        "insp1",
        "issue-measure",
        hazards=["H1"],
        measure="责令立即排除",
        basis="第六十五条",
    )


def test_an_order_sets_a_date_per_hazard(play: Play) -> None:
    walk.recorded(play, "一般", "一般")
    walk.order(play, H1="2026-03-20", H2="2026-04-02")
    fact = play.fact(f.OrderIssued)
    assert fact.document.number == "（枣青）应急责改〔2026〕1号"
    assert {i.hazard: str(i.due) for i in fact.items} == {"H1": "2026-03-20", "H2": "2026-04-02"}
    assert play.inspection.step is Step.SERVE_DOCUMENTS
    assert list(play.inspection.deadlines) == [Key("PUB-INSP")]


@pytest.mark.parametrize(
    ("rule", "items"),
    [
        ("ORDER-TWICE", [("H1", "2026-03-20"), ("H1", "2026-03-21")]),
        ("ORDER-DUE", [("H1", "2026-03-02")]),
        ("HAZARD-UNKNOWN", [("H9", "2026-03-20")]),
    ],
)
def test_an_order_that_does_not_hold(play: Play, rule: str, items: list[tuple[str, str]]) -> None:
    walk.recorded(play)
    given = [{"hazard": no, "due": due} for no, due in items]
    play.refuses(rule, "insp1", "issue-order", items=given)


def test_a_hazard_under_an_order_is_not_ordered_again(play: Play) -> None:
    walk.served(play)
    items = [{"hazard": "H1", "due": "2026-03-25"}]
    play.refuses("ORDER-RUNNING", "insp1", "issue-order", items=items)


def test_an_order_may_follow_a_measure_on_the_same_hazard(play: Play) -> None:
    walk.stopped(play)
    walk.serve(play, walk.order(play, H1="2026-03-20"))
    assert play.inspection.running(Key.read("FIX-DUE/H1/1"))


def test_a_measure_covers_several_hazards(play: Play) -> None:
    walk.recorded(play, "重大", "一般")
    walk.measure(play, "责令撤出作业人员", "H1", "H2")
    fact = play.fact(f.MeasureIssued)
    assert fact.document.number == "（枣青）应急现决〔2026〕1号"
    assert (fact.hazards, fact.measure.stops) == (("H1", "H2"), False)


def test_no_measure_for_a_removed_hazard(play: Play) -> None:
    walk.recheck(walk.served(play), "已整改", "H1")
    given = {"hazards": ["H1"], "measure": "责令立即排除", "basis": "第六十五条"}
    play.refuses("HAZARD-SETTLED", "insp1", "issue-measure", **given)


def test_a_town_orders_no_stop_of_business(play: Play) -> None:
    """law.md §2: towns check, correct, set a limit, order removal, then report (SD 47)."""
    walk.town_on_site(play)
    play.does("insp5", "hear-briefing", summary="介绍")
    play.does("insp5", "assign-items", officer_of={"1": "insp5", "2": "insp6"})
    play.does("insp5", "answer-item", item="1", result="不合格", note="不符合")
    play.does("insp5", "answer-item", item="2", result="合格")
    walk.hazard(play, "重大", by="insp5", item="1")
    play.does("insp5", "finish-visit").does("insp5", "make-record", **RECORD)
    given = {"hazards": ["H1"], "measure": "责令暂时停产停业", "basis": "第六十五条"}
    refusal = play.refuses("TOWN-POWERS", "insp5", "issue-measure", **given)
    assert "第四十七条" in refusal.basis


def test_the_record_says_where_when_and_who(play: Play) -> None:
    """WSL 68: time, place, content, problems, handling."""
    walk.on_site(play.at("2026-03-02T09:00"))
    play.at("2026-03-02T11:30")
    began = play.inspection.began_at
    play.does("insp1", "hear-briefing", summary="介绍")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    for item in ("1", "2"):
        play.does("insp1", "answer-item", item=item, result="合格")
    play.does("insp1", "finish-visit")
    ended = play.inspection.ended_at
    play.at("2026-03-03")
    other = play.copy()
    play.does("insp1", "make-record", **RECORD)
    fact = play.fact(f.RecordMade)
    assert (fact.began_at, fact.ended_at) == (began, ended)
    assert began is not None
    assert ended is not None
    assert moment("2026-03-02T09:00") <= began < moment("2026-03-02T11:30") <= ended
    assert ended < moment("2026-03-03")
    assert fact.place == world.ADDRESS
    assert [(o.account, o.certificate) for o in fact.officers] == [
        (account, world.certificate(account)) for account in ("insp1", "insp2")
    ]
    other.does("insp1", "make-record", **RECORD, place="二号仓库")
    assert other.fact(f.RecordMade).place == "二号仓库"


def test_two_certificates_are_valid_on_the_day_of_each_document(play: Play) -> None:
    walk.recorded(play)
    walk.certificate_revoked(play, "insp2")
    items = [{"hazard": "H1", "due": "2026-03-20"}]
    refusal = play.refuses("OFFICER-CERTIFICATE", "insp1", "issue-order", items=items)
    assert refusal.basis
    measure = {"hazards": ["H1"], "measure": "责令立即排除", "basis": "第六十五条"}
    play.refuses("OFFICER-CERTIFICATE", "insp1", "issue-measure", **measure)
    play.refuses("PLAN-OFFICERS", "insp1", "issue-order", items=items, officers=["insp1"])
    signers = ["insp1", "insp4"]
    play.refuses("SIGNER-STRANGER", "insp1", "issue-order", items=items, officers=signers)
    walk.replaced(play, "insp2", "insp4")
    play.does("insp1", "issue-measure", **measure, officers=signers)
    assert [o.account for o in play.fact(f.MeasureIssued).officers] == signers
    play.does("insp1", "issue-order", items=items, officers=signers)
    assert [o.account for o in play.fact(f.OrderIssued).officers] == signers


def test_a_date_that_is_a_day_off_is_warned_of_and_stands(play: Play) -> None:
    """law.md FIX-DUE: 16 February 2026 lies in the Spring Festival, 28 March is a Saturday."""
    walk.recorded(play.at("2026-02-02"), "一般", "一般", "一般")
    document = walk.order(play, H1="2026-02-16", H2="2026-02-27", H3="2026-03-28")
    assert play.said["warnings"] == [
        "整改期限2026-02-16（星期一）为春节放假，文书载明的日期不顺延，请确认。",
        "整改期限2026-03-28（星期六）为周末，文书载明的日期不顺延，请确认。",
    ]
    walk.serve(play, document).until("2026-02-20")
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].due.due) == "2026-02-16"
    play.does("insp1", "recheck", **walk.opinion("未整改", "H1"))
    assert play.penalty.hazards == ("H1",)


def test_an_order_until_working_days_warns_of_nothing(play: Play) -> None:
    walk.recorded(play)
    walk.order(play, H1="2026-03-20")
    assert play.said["warnings"] == []


@pytest.mark.parametrize("due", ["2031-03-03", "2062-03-20", "2999-12-31"])
def test_a_date_beyond_the_bound_is_a_slip(play: Play, due: str) -> None:
    """MAX-TERM is data of the office; the law sets no bound."""
    walk.recorded(play)
    items = [{"hazard": "H1", "due": due}]
    refusal = play.refuses("MAX-TERM", "insp1", "issue-order", items=items)
    assert refusal.extra == {"latest": "2031-03-02"}
    play.does("insp1", "issue-order", items=[{"hazard": "H1", "due": "2031-03-02"}])
