"""回避 (APL 43): asked for, decided by the head, the visit goes on meanwhile."""

import pytest

from domain import inspection as f
from domain.inspection.values import ItemResult
from tests.domain import walk
from tests.domain.given import Play

ASKED = {"officer": "insp2", "grounds": "与企业负责人系近亲属"}
STRANGER = ASKED | {"officer": "insp9"}
GRANTED = {"officer": "insp2", "replacement": "insp4"}


def todos(play: Play) -> dict[str, str]:
    return {todo.command: todo.title for todo in play.inspection.todos()}


def test_a_request_is_put_before_the_head_and_stops_nothing(play: Play) -> None:
    walk.briefed(play).does("insp1", "request-recusal", **ASKED)
    asked = play.fact(f.RecusalRequested)
    assert (asked.officer, asked.own) == ("insp2", False)
    assert asked.words() == "当事人申请回避：insp2"
    assert todos(play)["grant-recusal"] == "决定insp2的回避申请"
    play.does("insp2", "assign-items", officer_of={"1": "insp1", "2": "insp2"})


def test_only_for_an_officer_of_the_case_and_once(play: Play) -> None:
    walk.briefed(play)
    refusal = play.refuses(
        "RECUSAL-OFFICER", "insp1", "request-recusal", **ASKED | {"officer": "x"}
    )
    assert "第四十三条" in refusal.basis
    play.does("insp1", "request-recusal", **ASKED)
    play.refuses("RECUSAL-ASKED", "insp1", "request-recusal", **ASKED)


def test_the_law_of_the_day_is_named(play: Play) -> None:
    play.at("2019-03-04")
    walk.briefed(play)
    refusal = play.refuses(
        "RECUSAL-OFFICER", "insp1", "request-recusal", **ASKED | {"officer": "x"}
    )
    assert "第三十七条" in refusal.basis


def test_a_replaced_officer_is_out_and_the_new_one_shows_the_certificate(play: Play) -> None:
    walk.divided(play).does("insp1", "request-recusal", **ASKED | {"own": True})
    assert play.fact(f.RecusalRequested).words().startswith("执法人员自行")
    play.does("appr1", "grant-recusal", **GRANTED)
    assert play.fact(f.RecusalGranted).words() == "同意insp2回避，由insp4接替"
    case = play.inspection
    assert [o.account for o in case.officers] == ["insp1", "insp4"]
    assert [o.account for o in case.present] == ["insp1"]
    assert case.items["2"].officer is None
    play.refuses("NOT-FOUND", "insp2", "answer-item", item="1", result="合格")

    assert todos(play)["show-certificates"] == "接替人员到场亮证"
    play.refuses("ITEM-OFFICER", "insp4", "assign-items", officer_of={"2": "insp4"})
    play.does("insp4", "show-certificates", **walk.certificates(("insp1", "insp4")))
    assert "show-certificates" not in todos(play)
    play.refuses(
        "VISIT-BEGUN", "insp4", "show-certificates", **walk.certificates(("insp1", "insp4"))
    )
    play.does("insp4", "assign-items", officer_of={"2": "insp4"})
    for item, by in (("1", "insp1"), ("2", "insp4")):
        play.does(by, "answer-item", item=item, result="合格")
    play.does("insp1", "finish-visit")
    play.does("insp1", "make-record", findings="未发现隐患", signature=walk.SIGNED)
    assert [o.account for o in play.fact(f.RecordMade).officers] == ["insp1", "insp4"]
    walk.close(walk.publish(play))
    assert play.inspection.terminal


def test_the_visit_does_not_end_before_the_new_officer_has_come(play: Play) -> None:
    walk.answered(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "grant-recusal", **GRANTED)
    refusal = play.refuses("OFFICER-JOINS", "insp1", "finish-visit")
    assert "insp4" in refusal.detail
    assert refusal.basis
    play.does("insp4", "show-certificates", **walk.certificates(("insp1", "insp4")))
    play.does("insp1", "finish-visit")


def test_what_the_replaced_officer_answered_stands(play: Play) -> None:
    walk.divided(play).does("insp2", "answer-item", item="2", result=ItemResult.PASS)
    play.does("insp1", "request-recusal", **ASKED).does("appr1", "grant-recusal", **GRANTED)
    item = play.inspection.items["2"]
    assert (item.officer, item.result) == ("insp2", ItemResult.PASS)


def test_before_and_after_the_visit_nobody_has_to_come(play: Play) -> None:
    walk.approved(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "grant-recusal", **GRANTED)
    assert not play.inspection.joining
    play.does("insp1", "show-certificates", **walk.certificates(("insp1", "insp4")))

    later = walk.served(play.copy().at("2026-03-05"))
    later.does("insp1", "request-recusal", **ASKED).does("appr1", "grant-recusal", **GRANTED)
    assert not later.inspection.joining


def test_who_takes_a_place_after_the_visit_signs_in_it(play: Play) -> None:
    walk.recorded(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "grant-recusal", **GRANTED)
    walk.order(play, H1="2026-03-20")
    assert [o.account for o in play.fact(f.OrderIssued).officers] == ["insp1", "insp4"]


def test_whoever_has_withdrawn_takes_no_further_part(play: Play) -> None:
    walk.served(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "grant-recusal", **GRANTED)
    for name, fields in {
        "recheck": walk.opinion("已整改", "H1"),
        "report-crime-signal": {
            "signal": "alarms",
            "facts_seen": "报警器被拔除",
            "team": ["insp1", "insp2"],
        },
        "issue-measure": {
            "hazards": ["H1"],
            "measure": "责令立即排除",
            "basis": "第六十五条",
            "officers": ["insp1", "insp2"],
        },
    }.items():
        refusal = play.refuses("RECUSED", "insp1", name, **fields)
        assert "insp2" in refusal.detail
        assert refusal.basis
    play.does("insp1", "recheck", **walk.opinion("已整改", "H1") | {"officers": ["insp1", "insp4"]})


def test_a_plan_is_not_revised_back(play: Play) -> None:
    walk.planned(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "grant-recusal", **GRANTED)
    play.refuses("RECUSED", "insp1", "revise-plan", **walk.plan_fields(play))
    play.does("insp1", "revise-plan", **walk.plan_fields(play, officers=["insp1", "insp4"]))


@pytest.mark.parametrize(
    ("rule", "replacement"),
    [
        ("RECUSAL-REPLACEMENT", "insp1"),
        ("RECUSAL-REPLACEMENT", "insp2"),
        ("OFFICER-CERTIFICATE", "insp3"),
        ("OFFICER-UNKNOWN", "nobody"),
        ("SEPARATION", "appr2"),
    ],
)
def test_the_replacement_is_another_certified_officer(
    play: Play, rule: str, replacement: str
) -> None:
    walk.briefed(play).does("insp1", "request-recusal", **ASKED)
    fields = GRANTED | {"replacement": replacement}
    play.refuses(rule, "appr2", "grant-recusal", **fields)


def test_a_refused_request_leaves_the_officer_and_has_reasons(play: Play) -> None:
    walk.briefed(play).does("insp1", "request-recusal", **ASKED)
    play.does("appr1", "refuse-recusal", officer="insp2", reason="无利害关系")
    assert play.fact(f.RecusalRefused).words() == "驳回回避申请：insp2"
    play.does("insp2", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    assert "grant-recusal" not in todos(play)
    play.refuses("RECUSAL-REQUEST", "appr1", "grant-recusal", **GRANTED)


def test_nothing_is_decided_that_was_not_asked(play: Play) -> None:
    walk.briefed(play)
    play.refuses("RECUSAL-REQUEST", "appr1", "grant-recusal", **GRANTED)
    play.refuses("RECUSAL-REQUEST", "appr1", "refuse-recusal", officer="insp2", reason="无")


def test_an_officer_of_the_case_does_not_decide(play: Play) -> None:
    walk.planned(play, by="appr2", officers=["appr2", "insp1", "insp2"])
    play.does("insp1", "request-recusal", **ASKED)
    play.refuses("SEPARATION", "appr2", "grant-recusal", **GRANTED)
    play.refuses("SEPARATION", "appr2", "refuse-recusal", officer="insp2", reason="无")


def test_an_open_request_is_decided_before_closing(play: Play) -> None:
    walk.publish(walk.recheck(walk.served(play), "已整改", "H1"))
    play.does("insp1", "request-recusal", **ASKED)
    assert "回避申请未决定" in play.refuses("CLOSE", "appr1", "close-inspection").detail
    play.does("appr1", "refuse-recusal", officer="insp2", reason="无利害关系")
    walk.close(play)
