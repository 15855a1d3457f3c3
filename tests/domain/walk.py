"""The eight steps as they are usually walked; each function starts where the one above ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from domain.inspection.values import ItemResult
from tests.domain import world
from tests.domain.given import Play

ITEMS = [{"no": "1", "title": "安全培训记录"}, {"no": "2", "title": "设备检维修"}]
SIGNED = {"signed": True}


def plan_fields(play: Play, **other: Any) -> dict[str, Any]:
    """A plan for a visit today by two officers."""
    today = play.log.now.date()
    fields = {
        "enterprise": world.ENTERPRISE,
        "source": "年度计划",
        "visit_from": today,
        "visit_to": today + timedelta(days=1),
        "officers": ["insp1", "insp2"],
        "items": ITEMS,
        "basis": "《安全生产法》第六十五条",
        "cap_checked": True,
    }
    return fields | other


def planned(play: Play, by: str = "insp1", **other: Any) -> Play:
    return play.does(by, "plan-inspection", **plan_fields(play, **other))


def submitted(play: Play) -> Play:
    return planned(play).does("insp1", "submit-plan")


def approved(play: Play) -> Play:
    return submitted(play).does("appr1", "approve-plan")


def certificates(officers: Sequence[str] = ("insp1", "insp2")) -> dict[str, Any]:
    """What is entered when the officers arrive."""
    return {
        "officers": list(officers),
        "recorder": "记录仪甲-07",
        "rights_told": True,
        "person_in_charge": "万一凡",
        "post": "安全科长",
    }


def replaced(play: Play, officer: str, by: str) -> Play:
    """An officer is ill, another one takes the place."""
    fields = {"officer": officer, "replacement": by, "reason": "生病住院"}
    return play.does("appr1", "replace-officer", **fields)


def certificate_revoked(play: Play, account: str) -> Play:
    """Valid no more from today on."""
    return play.does(
        "adm1",
        "revoke-certificate",
        target=world.person(account),
        number=world.certificate(account),
        on=play.log.now.date(),
        reason="调离执法岗位",
    )


def town_on_site(play: Play) -> Play:
    """The visit of two officers of a town."""
    play.does("insp5", "plan-inspection", **plan_fields(play, officers=["insp5", "insp6"]))
    play.does("insp5", "submit-plan").does("appr5", "approve-plan")
    return play.does("insp5", "show-certificates", **certificates(("insp5", "insp6")))


def on_site(play: Play) -> Play:
    return approved(play).does("insp1", "show-certificates", **certificates())


def briefed(play: Play) -> Play:
    return on_site(play).does("insp1", "hear-briefing", summary="从业人员四十人，冲压车间两处")


def divided(play: Play) -> Play:
    return briefed(play).does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})


def answered(play: Play, *results: ItemResult) -> Play:
    """Step ④; items pass unless said otherwise."""
    divided(play)
    given = list(results) + [ItemResult.PASS] * (len(ITEMS) - len(results))
    for item, result in zip(ITEMS, given, strict=True):
        note = "" if result is not ItemResult.FAIL else "现场不符合要求"
        play.does("insp1", "answer-item", item=item["no"], result=result, note=note)
    return play


def evidence(play: Play, title: str = "现场照片", by: str = "insp1") -> str:
    """Secure one piece of evidence; gives its id."""
    play.does(
        by,
        "add-evidence",
        kind="视听资料",
        sha256=play.upload(title),
        title=title,
        place="冲压车间",
        taken_at=play.log.now,
        taken_by=by,
    )
    return play.said["evidence"]


def hazard(play: Play, grade: str = "一般", by: str = "insp1", **other: Any) -> str:
    """Enter a hazard with its evidence; gives its number."""
    fields = {
        "description": "冲压设备安全防护装置缺失",
        "grade": grade,
        "standard": "工贸企业重大事故隐患判定标准" if grade == "重大" else "",
        "breached": "《安全生产法》第三十六条",
        "evidence": [evidence(play, by=by)],
    }
    play.does(by, "record-hazard", **(fields | other))
    return play.said["hazard"]


def found(play: Play, *grades: str) -> Play:
    """Step ④ with a hazard per grade, the first one on item 1; one general hazard by default."""
    answered(play, ItemResult.FAIL)
    for n, grade in enumerate(grades or ("一般",)):
        hazard(play, grade, **({"item": "1"} if n == 0 else {}))
    return play


def finished(play: Play, *grades: str) -> Play:
    return found(play, *grades).does("insp1", "finish-visit")


def recorded(play: Play, *grades: str) -> Play:
    return finished(play, *grades).does(
        "insp1", "make-record", findings="发现隐患，详见附页", signature=SIGNED
    )


def order(play: Play, by: str = "insp1", **dues: date | str) -> str:
    """Make an order, e.g. ``order(play, H1="2026-03-20")``; gives its document."""
    items = [{"hazard": no, "due": due} for no, due in dues.items()]
    play.does(by, "issue-order", items=items)
    return play.said["document"]


def measure(play: Play, kind: str, *hazards: str, by: str = "insp1") -> str:
    """Decide an on-site measure; gives its document."""
    play.does(
        by,
        "issue-measure",
        hazards=list(hazards),
        measure=kind,
        basis="《安全生产法》第六十五条第一款第三项",
    )
    return play.said["document"]


def serve(play: Play, document: str, by: str = "insp1") -> Play:
    return play.does(by, "serve-document", document=document, method="直接送达", receiver="万一凡")


def served(play: Play, *grades: str, due: date | str = "2026-03-20") -> Play:
    """Step ⑧: every hazard under one served order; its document is in ``said["order"]``."""
    recorded(play, *grades)
    document = order(play, **dict.fromkeys(play.inspection.hazards, due))
    play.said["order"] = document
    return serve(play, document)


def stopped(play: Play) -> Play:
    """A major hazard under a served stop of business; its document is in ``said["stop"]``."""
    recorded(play, "重大")
    play.said["stop"] = measure(play, "责令暂时停产停业", "H1")
    return serve(play, play.said["stop"])


def reordered(play: Play) -> Play:
    """Reported early, not removed, ordered anew; the second order is not served yet."""
    recheck(report(served(play), "H1"), "未整改", "H1")
    order(play, H1="2026-04-10")
    return play


def opinion(result: str, *hazards: str) -> dict[str, Any]:
    """Fields of a recheck with one result for all hazards."""
    return {
        "results": [{"hazard": no, "result": result} for no in hazards],
        "officers": ["insp1", "insp2"],
        "signature": SIGNED,
    }


def recheck(play: Play, result: str, *hazards: str) -> Play:
    """Recheck and serve the opinion."""
    play.does("insp1", "recheck", **opinion(result, *hazards))
    return serve(play, play.said["document"])


def report(play: Play, *hazards: str) -> Play:
    return play.does(
        "insp1", "report-rectification", hazards=list(hazards), report="已加装防护装置并验收"
    )


def publish(play: Play) -> Play:
    return play.does("insp1", "publish-result", place="示例政务公开网")


def close(play: Play) -> Play:
    return play.does("appr1", "close-inspection")
