"""Service of documents (送达): how, once, in time; and the clocks it starts."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineSet, Key, about
from domain.errors import Refusal
from domain.inspection import Step
from tests.domain import walk
from tests.domain.given import Play

DIRECT = {"method": "直接送达", "receiver": "万一凡"}


def serve(play: Play, document: str, **other: Any) -> Play:
    return play.does("insp1", "serve-document", document=document, **(DIRECT | other))


def test_service_starts_a_clock_per_hazard(play: Play) -> None:
    walk.recorded(play, "一般", "重大")
    serve(play, walk.order(play, H1="2026-03-20", H2="2026-04-04"))
    assert play.facts == [f.DocumentServed, DeadlineSet, DeadlineSet, f.StepEntered]
    first, second = (e.fact for e in play.log.newest[1:3])
    assert isinstance(first, DeadlineSet)
    assert isinstance(second, DeadlineSet)
    assert (first.deadlines, about(first.deadlines, {})) == ((Key("FIX-DUE", "H1", 1),), "隐患H1")
    assert str(first.due.due) == "2026-03-20"
    # 4 April 2026 is a holiday; a named date stands, only a period is rolled: law.md FIX-DUE.
    assert (second.deadlines, str(second.due.due)) == ((Key("FIX-DUE", "H2", 1),), "2026-04-04")
    served = play.fact(f.DocumentServed)
    assert (served.receiver and served.receiver.text, str(served.effective_on)) == (
        "万一凡",
        "2026-03-02",
    )
    assert [(s.hazard, s.grade.value) for s in served.first_served] == [
        ("H1", "一般"),
        ("H2", "重大"),
    ]
    assert play.inspection.step is Step.CLOSE_LOOP


def test_a_hazard_is_counted_as_served_once(play: Play) -> None:
    walk.stopped(play)
    serve(play, walk.order(play, H1="2026-03-20"))
    assert play.fact(f.DocumentServed).first_served == ()


def test_step_eight_waits_for_every_hazard_and_every_paper(play: Play) -> None:
    walk.recorded(play, "一般", "重大")
    serve(play, walk.order(play, H1="2026-03-20"))
    assert play.inspection.step is Step.SERVE_DOCUMENTS
    second = walk.order(play, H2="2026-03-20")
    stop = walk.measure(play, "责令立即排除", "H2")
    serve(play, stop)
    assert play.inspection.step is Step.SERVE_DOCUMENTS
    serve(play, second)
    assert play.inspection.step is Step.CLOSE_LOOP


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("SERVE-RECEIVER", {"receiver": ""}),
        ("SERVE-PROOF", {"method": "留置送达"}),
        ("SERVE-PROOF", {"method": "电子送达", "note": " "}),
        ("SERVE-PROOF", {"method": "邮寄送达"}),
        ("SERVE-PROOF", {"method": "公告送达"}),
        ("DOCUMENT-UNKNOWN", {"document": str(uuid4())}),
    ],
)
def test_service_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.recorded(play)
    given = {"document": walk.order(play, H1="2026-03-20")} | DIRECT | other
    play.refuses(rule, "insp1", "serve-document", **given)


def test_the_record_is_signed_and_not_served(play: Play) -> None:
    walk.recorded(play)
    record = play.said["document"]
    play.refuses("SERVE-KIND", "insp1", "serve-document", document=record, **DIRECT)


def test_a_document_is_served_once(play: Play) -> None:
    walk.served(play)
    play.refuses("SERVED", "insp1", "serve-document", document=play.said["order"], **DIRECT)


def test_left_service_counts_on_its_day_with_its_witness(play: Play) -> None:
    walk.recorded(play)
    document = walk.order(play, H1="2026-03-20")
    serve(play, document, method="留置送达", receiver="", note="拒收，社区工作人员见证并录像")
    fact = play.fact(f.DocumentServed)
    assert (str(fact.effective_on), fact.receiver) == ("2026-03-02", None)


def test_public_service_counts_thirty_days_after_the_notice(play: Play) -> None:
    """CPL 95: 2 March + 30 days = 1 April."""
    walk.recorded(play)
    early = walk.order(play, H1="2026-03-20")
    public = {"method": "公告送达", "receiver": "", "note": "公告刊登于示例政务公开网"}
    play.refuses("SERVE-LATE", "insp1", "serve-document", document=early, **public)
    serve(play, walk.measure(play, "责令停止使用相关设施设备", "H1"), **public)
    assert str(play.fact(f.DocumentServed).effective_on) == "2026-04-01"
    due = play.fact(DeadlineSet).due
    assert (due.rule, str(due.day0), str(due.due)) == ("SUSPEND", "2026-04-01", "2026-10-08")


def test_an_order_that_came_too_late_is_made_anew(play: Play) -> None:
    """The refusal says so: 请重新制作指令书."""
    walk.recorded(play)
    late = walk.order(play, H1="2026-03-06")
    play.at("2026-03-06T09:00")
    play.refuses("SERVE-LATE", "insp1", "serve-document", document=late, **DIRECT)
    serve(play, walk.order(play, H1="2026-03-20"))
    assert play.inspection.running(Key.read("FIX-DUE/H1/1")) or play.inspection.running(
        Key.read("FIX-DUE/H1/2")
    )
    play.at("2026-03-18")
    walk.recheck(play, "已整改", "H1")
    walk.close(walk.publish(play))
    assert play.inspection.outcome == "已结案"


@pytest.fixture
def removed(play: Play) -> Play:
    """Removed while the second order, due on 20 April, still waits to be served."""
    walk.served(play)
    play.at("2026-03-23")
    walk.recheck(play, "未整改", "H1")
    play.said["order"] = walk.order(play, H1="2026-04-20")
    walk.recheck(play, "已整改", "H1")
    return play.does("appr1", "refuse-filing", reason="已整改，危害后果轻微")


def test_an_order_on_a_removed_hazard_starts_no_clock(removed: Play) -> None:
    with suppress(Refusal):
        serve(removed, removed.said["order"])
    assert [d.key for d in removed.inspection.open_deadlines()] == [Key("PUB-INSP")]


def test_a_removed_hazard_is_not_ordered_again(removed: Play) -> None:
    due = [{"hazard": "H1", "due": "2026-04-25"}]
    removed.refuses(None, "insp1", "issue-order", items=due)


def test_an_order_nobody_served_in_time_does_not_bar_the_closing(removed: Play) -> None:
    """Its only hazard is removed: there is nothing left to order, and nothing to replace it by."""
    removed.at("2026-04-21")
    with suppress(Refusal):
        serve(removed, removed.said["order"])
    walk.close(walk.publish(removed))


def test_an_order_is_made_anew_for_what_is_not_removed_yet(play: Play) -> None:
    """One of its two hazards was removed before it could be served: the other is ordered."""
    walk.served(play, "一般", "一般")
    play.at("2026-03-23")
    walk.recheck(play, "未整改", "H1", "H2")
    late = walk.order(play, H1="2026-04-10", H2="2026-04-10")
    walk.recheck(play, "已整改", "H1")
    play.at("2026-04-10")
    play.refuses("SERVE-LATE", "insp1", "serve-document", document=late, **DIRECT)
    serve(play, walk.order(play, H2="2026-04-30"))
    assert [d.key for d in play.inspection.open_deadlines()][1:] == [Key("FIX-DUE", "H2", 3)]


def test_a_new_order_takes_the_place_of_the_whole_unserved_one(play: Play) -> None:
    """Its number stays taken and is explained; half of an order is not replaced."""
    walk.recorded(play, "一般", "一般")
    first = walk.order(play, H1="2026-03-20", H2="2026-03-20")
    items = [{"hazard": "H1", "due": "2026-03-25"}]
    play.refuses("ORDER-REPLACE", "insp1", "issue-order", items=items)
    second = walk.order(play, H1="2026-03-25", H2="2026-03-25")
    assert play.fact(f.DocumentVoided).number.endswith("1号")
    play.refuses("SERVE-NEEDLESS", "insp1", "serve-document", document=first, **DIRECT)
    serve(play, second)
    assert str(play.inspection.deadlines[Key.read("FIX-DUE/H1/2")].due.due) == "2026-03-25"
