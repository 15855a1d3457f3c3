"""A whole inspection by HTTP, with the law's refusals on the way."""

from tests.api.client import Office


def test_eight_steps_by_http(office: Office) -> None:
    one = office.post(
        "insp1", "/inspections/plan-inspection", office.plan_fields(officers=["insp1"])
    )
    assert one.json()["rule"] == "PLAN-OFFICERS"
    assert "第四十二条" in one.json()["basis"]
    expired = office.plan_fields(officers=["insp1", "insp3"])
    answer = office.post("insp1", "/inspections/plan-inspection", expired)
    assert answer.json()["rule"] == "OFFICER-CERTIFICATE"

    case = office.planned()
    case.do("insp1", "submit-plan").do("appr1", "approve-plan")
    shown = {"officers": ["insp1", "insp2"], "rights_told": True, "person_in_charge": "万一凡"}
    case.refused("RECORDER-OFF", "insp1", "show-certificates", **shown, recorder=" ")
    case.do("insp1", "show-certificates", **shown, recorder="记录仪01")
    case.do("insp1", "hear-briefing", summary="介绍")
    case.do("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    case.refused("ITEM-NOTE", "insp1", "answer-item", item="1", result="不合格")
    case.do("insp1", "answer-item", item="1", result="不合格", note="堆物")
    case.do("insp2", "answer-item", item="2", result="合格")
    hazard = {"item": "1", "description": "通道堵塞", "grade": "一般"}
    case.do("insp1", "record-hazard", **hazard)
    case.refused("HAZARD-EVIDENCE", "insp1", "finish-visit")
    case.do("insp1", "link-evidence", hazard="H1", evidence=[case.evidence()])
    case.do("insp1", "finish-visit")
    case.do("insp1", "make-record", findings="一项", signature={"signed": True})
    due = (office.now().date().replace(day=28)).isoformat()
    later = f"{int(due[:4]) + 1}{due[4:]}"
    case.do("insp1", "issue-order", items=[{"hazard": "H1", "due": later}])
    order = case.said["document"]
    left = {"document": order, "method": "留置送达"}
    case.refused("SERVE-PROOF", "insp1", "serve-document", **left)
    case.do("insp1", "serve-document", **left, note="见证人在场，录像01")
    missing = case.refused("CLOSE", "appr1", "close-inspection")["missing"]
    assert "隐患H1未整改" in missing
    case.do("insp1", "report-rectification", hazards=["H1"], report="已清理")
    case.do(
        "insp1",
        "recheck",
        results=[{"hazard": "H1", "result": "已整改"}],
        officers=["insp1", "insp2"],
        signature={"signed": True},
    )
    case.do(
        "insp1",
        "serve-document",
        document=case.said["document"],
        method="直接送达",
        receiver="万一凡",
    )
    case.do("insp1", "publish-result", place="单位网站").do("appr1", "close-inspection")
    view = case.view("super1")
    assert view["outcome"] == "已结案"
    assert [s["step"] for s in view["steps"] if s["entered_at"]] == [1, 2, 3, 4, 5, 8]
    assert all(s["entered_at"].endswith("+08:00") for s in view["steps"] if s["entered_at"])
    assert view["todos"] == []


def test_the_work_list_tells_what_by_when_and_what_next(office: Office) -> None:
    case = office.planned().served()
    work = office.get("insp2", "/work", **{"Min-Seq": str(case.seq)}).json()["items"]
    (row,) = [w for w in work if w["case_id"] == case.id and w["command"] == "report-rectification"]
    assert row["enterprise_name"] == "演示机械制造有限公司"
    assert row["stage"] == "闭环管理、执法到位"
    assert row["urgency"] == "正常"
    assert row["remaining_text"].startswith("剩余")
    (fix,) = [d for d in case.view()["deadlines"] if d["rule"] == "FIX-DUE"]
    assert fix["due"] == row["due"]
    assert "不计入" in fix["arithmetic"]


def test_the_timeline_is_paged_in_order_with_hashes(office: Office) -> None:
    case = office.planned().on_site()
    case.view()
    seen, after = [], ""
    while True:
        page = office.get(
            "appr1", f"/inspections/{case.id}/timeline?limit=3{after and f'&after={after}'}"
        ).json()
        seen += page["items"]
        if not page["next"]:
            break
        after = page["next"]
    assert [e["version"] for e in seen] == list(range(1, case.version + 1))
    assert all(len(e["hash"]) == 64 and e["words"] for e in seen)
    assert all(e["occurred_at"].endswith("+08:00") for e in seen)
