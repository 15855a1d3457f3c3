"""Step ⑧: closing only when rectified, penalty ended, measures lifted and published."""

from datetime import timedelta

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineMet, Key
from domain.inspection import Step
from domain.inspection.values import ItemResult
from tests.domain import walk
from tests.domain.given import Play

RECORD = {"findings": "详见附页", "signature": walk.SIGNED}


def missing(play: Play) -> list[str]:
    return play.refuses("CLOSE", "appr1", "close-inspection").extra["missing"]


def test_the_result_is_published_once_after_the_record(play: Play) -> None:
    walk.finished(play)
    play.refuses("PUBLISH-EARLY", "insp1", "publish-result", place="示例政务公开网")
    walk.publish(play.does("insp1", "make-record", **RECORD))
    assert play.facts == [f.ResultPublished, DeadlineMet]
    assert play.fact(DeadlineMet).deadlines == (Key("PUB-INSP"),)
    play.refuses("PUBLISHED", "insp1", "publish-result", place="示例政务公开网")


def test_what_is_missing_is_told(play: Play) -> None:
    walk.recorded(play, "一般", "重大")
    document = walk.order(play, H1="2026-03-20")
    number = play.said["number"]
    assert missing(play) == [
        "尚在第5步“制作文书、下达指令”",
        "隐患H1、H2未整改",
        f"文书{number}未送达",
        "检查结果未公示",
    ]
    walk.serve(play, document)
    walk.serve(play, walk.order(play, H2="2026-03-30"))
    ask = {"hazards": ["H2"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    play.does("insp1", "propose-filing", cause="未消除隐患", facts_seen="现场查见")
    walk.recheck(play, "已整改", "H1", "H2")
    walk.publish(play)
    assert missing(play) == ["立案或移送建议待审批", "延期申请未答复"]
    play.does("appr1", "refuse-extension", extension="E1", reason="已整改，无需延期")
    play.does("appr1", "approve-filing")
    assert missing(play) == ["已立案（移送）案件未办结"]


def test_a_refused_filing_is_an_end(play: Play) -> None:
    walk.recheck(walk.served(play), "已整改", "H1")
    walk.publish(play).does("insp1", "propose-filing", cause="案由", facts_seen="事实")
    play.does("appr1", "refuse-filing", reason="情节显著轻微")
    walk.close(play)
    assert play.facts == [f.Closed]


def test_the_opinion_of_the_recheck_is_served_too(play: Play) -> None:
    walk.publish(walk.served(play)).does("insp1", "recheck", **walk.opinion("已整改", "H1"))
    assert missing(play) == [f"文书{play.said['number']}未送达"]


def test_no_problem_found_still_needs_publication(play: Play) -> None:
    walk.answered(play).does("insp1", "finish-visit").does("insp1", "make-record", **RECORD)
    assert missing(play) == ["检查结果未公示"]
    walk.close(walk.publish(play))


@pytest.mark.parametrize(
    ("account", "name", "fields"),
    [
        ("insp1", "publish-result", {"place": "别处"}),
        ("insp1", "propose-filing", {"cause": "案由", "facts_seen": "事实"}),
        ("appr1", "close-inspection", {}),
        ("appr1", "cancel-inspection", {"reason": "补充"}),
    ],
)
def test_a_closed_case_accepts_nothing(
    play: Play, account: str, name: str, fields: dict[str, str]
) -> None:
    walk.answered(play).does("insp1", "finish-visit").does("insp1", "make-record", **RECORD)
    walk.close(walk.publish(play))
    refusal = play.refuses("CASE-TERMINAL", account, name, **fields)
    assert refusal.extra == {"outcome": "已结案"}


def test_entry_refused_in_step_three_does_not_skip_the_record(play: Play) -> None:
    """The visit went on after all: ⑤ 检查记录 always, and the result is published."""
    walk.briefed(play).does(
        "insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="中途阻拦，后配合"
    )
    play.does("appr1", "refuse-filing", reason="当场改正")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    for no in ("1", "2"):
        play.does("insp1", "answer-item", item=no, result=ItemResult.PASS)
    play.does("insp1", "finish-visit")
    assert missing(play)


def test_nothing_is_dated_before_what_it_rests_on(play: Play) -> None:
    """② is entered when the plan is approved: a visit before the approval is none."""
    walk.approved(play)
    earlier = play.log.now - timedelta(days=1)
    play.refuses(
        "TIME-ORDER",
        "insp1",
        "show-certificates",
        at=earlier,
        late_reason="漏录",
        **walk.certificates(),
    )
    assert Step.SHOW_CERTIFICATES in play.inspection.entered
