"""A whole inspection by HTTP, with the law's refusals on the way; its page keeps pace."""

from typing import Any

import pytest

from tests.api.client import Case, Office

SHOWN = {"officers": ["insp1", "insp2"], "rights_told": True, "person_in_charge": "万一凡"}
SIGNED = {"signed": True}


def refused_plan(office: Office, rule: str, **fields: Any) -> dict[str, Any]:
    answer = office.post("insp1", "/inspections/plan-inspection", office.plan_fields(**fields))
    assert (answer.status_code, answer.json()["rule"]) == (422, rule), answer.text
    return answer.json()


def on_page(case: Case, account: str = "insp1") -> str:
    """The page of the case; its stepper stands where the case does."""
    view = case.view(account)
    html = case.office.page(account, f"/inspections/{case.id}")
    present = f"{'①②③④⑤⑥⑦⑧'[view['step'] - 1]}{view['stage']}"
    assert view["ended"] or f'aria-current="step">{present}' in html
    return html


def test_eight_steps_by_http(office: Office) -> None:
    alone = refused_plan(office, "PLAN-OFFICERS", officers=["insp1"])
    assert "第四十二条" in alone["basis"]
    expired = refused_plan(office, "OFFICER-CERTIFICATE", officers=["insp1", "insp3"])
    assert "insp3" in expired["detail"]
    assert "执法证" in expired["detail"]

    case = office.planned()
    on_page(case)
    case.do("insp1", "submit-plan")
    assert "批准检查方案" in on_page(case, "appr1")
    case.do("appr1", "approve-plan")
    case.refused("RECORDER-OFF", "insp1", "show-certificates", **SHOWN, recorder=" ")
    case.do("insp1", "show-certificates", **SHOWN, recorder="记录仪01")
    assert "万一凡" not in on_page(case)
    case.do("insp1", "hear-briefing", summary="介绍")
    case.do("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    on_page(case)

    case.refused("ITEM-NOTE", "insp1", "answer-item", item="1", result="不合格")
    case.do("insp1", "answer-item", item="1", result="不合格", note="堆物")
    case.do("insp2", "answer-item", item="2", result="合格")
    case.do("insp1", "record-hazard", item="1", description="通道<b>堵塞", grade="一般")
    case.refused("HAZARD-EVIDENCE", "insp1", "finish-visit")
    case.do("insp1", "link-evidence", hazard="H1", evidence=[case.evidence()])
    case.do("insp1", "finish-visit")
    assert "通道&lt;b&gt;堵塞" in on_page(case)

    case.do("insp1", "make-record", findings="一项", signature=SIGNED)
    case.do("insp1", "issue-order", items=[{"hazard": "H1", "due": office.day(20)}])
    left = {"document": case.said["document"], "method": "留置送达"}
    case.refused("SERVE-PROOF", "insp1", "serve-document", **left)
    case.do("insp1", "serve-document", **left, note="见证人在场，录像01")
    assert "整改期限" in on_page(case)
    early = case.refused("CLOSE", "appr1", "close-inspection")
    assert "隐患H1未整改" in early["missing"]

    case.do("insp1", "report-rectification", hazards=["H1"], report="已清理")
    results = [{"hazard": "H1", "result": "已整改"}]
    case.do("insp1", "recheck", results=results, officers=["insp1", "insp2"], signature=SIGNED)
    opinion = {"document": case.said["document"], "method": "直接送达", "receiver": "万一凡"}
    case.do("insp1", "serve-document", **opinion)
    on_page(case)
    case.do("insp1", "publish-result", place="单位网站").do("appr1", "close-inspection")

    view = case.view("super1")
    assert view["outcome"] == "已结案"
    assert [s["step"] for s in view["steps"] if s["entered_at"]] == [1, 2, 3, 4, 5, 8]
    assert view["todos"] == []
    closed = on_page(case, "super1")
    assert "已结案" in closed
    assert "下一步" not in closed
    case.refused("CASE-TERMINAL", "insp1", "publish-result", place="网站")


def test_a_refusal_says_what_is_wrong_and_by_which_rule(office: Office) -> None:
    case = office.planned()
    problem = case.refused("CERTIFICATES-FIRST", "insp1", "hear-briefing", summary="介绍")
    assert problem["status"] == 422
    assert problem["title"] == "操作不符合规则"
    assert problem["type"] == "/problems/certificates-first"
    assert not problem["detail"].isascii()


def test_the_work_list_tells_what_by_when_and_what_next(office: Office) -> None:
    case = office.planned().served()
    work = office.get("insp2", "/work?limit=200", **{"Min-Seq": str(case.seq)}).json()["items"]
    (row,) = [w for w in work if w["case_id"] == case.id and w["command"] == "report-rectification"]
    assert row["enterprise_name"] == "演示机械制造有限公司"
    assert row["stage"] == "闭环管理、执法到位"
    assert row["urgency"] == "正常"
    assert row["remaining_text"].startswith("剩余")
    (fix,) = [d for d in case.view()["deadlines"] if d["rule"] == "FIX-DUE"]
    assert fix["due"] == row["due"]
    assert "不计入" in fix["arithmetic"]


@pytest.mark.parametrize("path", ["/", "/?tab=near", "/?tab=overdue", "/?tab=started", "/inbox"])
def test_every_list_has_its_page(office: Office, path: str) -> None:
    for account in ("insp1", "appr1", "super1", "audit0", "admin"):
        assert account in office.page(account, path)


@pytest.mark.parametrize("path", ["/inspections", "/deadlines", "/stats", "/stats?month=2026-01"])
def test_every_register_has_its_page(office: Office, path: str) -> None:
    office.planned().served().view()
    for account in ("insp1", "super1", "audit0", "admin"):
        assert account in office.page(account, path)
