"""Conventions of the API: keys, versions, problems, evidence."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from api import evidence
from domain.clocked import RungRef
from domain.store import skip_clock
from tests.api.client import PHOTO, Office

ROOT = Path(__file__).parents[2]


def test_a_repeated_command_gets_its_first_answer(office: Office) -> None:
    case = office.planned()
    key = str(uuid4())
    first = case.post("insp1", "submit-plan", {}, Idempotency_Key=key).json()
    again = case.post("insp1", "submit-plan", {}, Idempotency_Key=key)
    assert again.status_code == 200
    assert again.json() == first | {"repeated": True}
    assert first["repeated"] is False


def test_a_key_is_needed_and_stands_for_one_request(office: Office) -> None:
    case = office.planned()
    assert case.post("insp1", "submit-plan", {}, Idempotency_Key="").status_code == 400
    key = str(uuid4())
    case.post("insp1", "cancel-inspection", {"reason": "改期"}, Idempotency_Key=key)
    other = case.post("insp1", "cancel-inspection", {"reason": "别的"}, Idempotency_Key=key)
    assert other.status_code == 422
    assert "幂等" in other.json()["title"]


def test_eight_at_once_make_one_set_of_facts(office: Office) -> None:
    case, key = office.planned(), str(uuid4())
    before = office.bihuan.store.head()[0]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: case.post("insp1", "submit-plan", {}, Idempotency_Key=key), range(8))
        )
    assert {a.status_code for a in answers} == {200}
    bodies = {json.dumps(a.json() | {"repeated": None}, sort_keys=True) for a in answers}
    assert len(bodies) == 1
    assert office.bihuan.store.head()[0] == before + 1


def test_of_two_who_saw_the_same_one_is_told_what_changed(office: Office) -> None:
    case = office.planned()
    seen = f'"v{case.version}"'
    case.do("insp1", "submit-plan")
    late = case.post("insp2", "cancel-inspection", {"reason": "改期"}, If_Match=seen)
    assert late.status_code == 409
    problem = late.json()
    assert problem["current"] == case.version
    assert [s["what"] for s in problem["since"]] == ["检查方案送审"]
    assert problem["since"][0]["by"] == "insp1"


def test_a_version_is_needed_where_a_person_decides(office: Office) -> None:
    case = office.planned()
    path = f"/inspections/{case.id}/submit-plan"
    assert office.post("insp1", path, {}).status_code == 428
    assert office.post("insp1", path, {}, If_Match="12").status_code == 400
    assert office.post("insp1", path, {}, If_Match=f'W/"v{case.version}"').status_code == 200


def test_what_only_adds_needs_no_version(office: Office) -> None:
    case = office.planned().on_site()
    answer = office.post(
        "insp1", f"/inspections/{case.id}/answer-item", {"item": "1", "result": "合格"}
    )
    assert answer.status_code == 200


def test_a_clock_is_no_conflict(office: Office) -> None:
    case = office.planned().served()
    deadline = office.bihuan.clocks("inspection", UUID(case.id)).deadlines["FIX-DUE/H1/1"]
    first = deadline.rungs[0]
    skip_clock(office.database.owner, first.at - office.bihuan.store.now() + timedelta(seconds=1))
    rung = RungRef(deadline=deadline.key, due_version=1, rung=first.name)
    now = office.bihuan.store.now()
    assert office.bihuan.fire("inspection", UUID(case.id), [rung], now) == ["fired"]
    answer = case.post("insp1", "report-rectification", {"hazards": ["H1"], "report": "已清理"})
    assert answer.status_code == 200, answer.text
    inbox = office.get("insp1", "/inbox", **{"Min-Seq": str(answer.json()["seq"])}).json()["items"]
    assert [n["action_title"] for n in inbox if n["case_id"] == case.id] == ["提醒"]


def test_bad_input_is_told_in_chinese_with_its_place(office: Office) -> None:
    fields = office.plan_fields(visit_from="昨天", nonsense=1)
    del fields["basis"]
    answer = office.post("insp1", "/inspections/plan-inspection", fields)
    assert answer.status_code == 422
    told = {e["pointer"]: e["detail"] for e in answer.json()["errors"]}
    assert told["/basis"] == "必填"
    assert told["/nonsense"] == "没有这个字段，请删除"
    assert "日期" in told["/visit_from"]


def test_evidence_is_what_its_name_says(office: Office) -> None:
    headers, name = office.headers("insp1"), sha256(b"other bytes").hexdigest()
    put = office.client.put
    assert put(f"/api/v1/blobs/{name}", content=b"other bytes", headers=headers).status_code == 201
    assert put(f"/api/v1/blobs/{name}", content=b"other bytes", headers=headers).status_code == 200
    wrong = put(f"/api/v1/blobs/{'0' * 64}", content=PHOTO, headers=headers)
    assert (wrong.status_code, wrong.json()["rule"]) == (422, "BLOB-MISMATCH")
    odd = put("/api/v1/blobs/..%2F..%2Fetc", content=PHOTO, headers=headers)
    assert odd.status_code in {404, 422}


def test_too_much_evidence_is_cut_off(office: Office) -> None:
    chunk = b"\0" * evidence.CHUNK
    many = (chunk for _ in range(evidence.LARGEST // evidence.CHUNK + 2))
    answer = office.client.put(
        f"/api/v1/blobs/{'1' * 64}", content=many, headers=office.headers("insp1")
    )
    assert answer.status_code == 413
    assert not office.bihuan.blobs.has("1" * 64)


def test_evidence_is_downloaded_not_shown(office: Office) -> None:
    case = office.planned().on_site()
    path = f"/inspections/{case.id}/evidence/{case.evidence()}"
    answer = office.get("appr1", path)
    assert answer.content == PHOTO
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert office.get("appr5", path).status_code == 404


def test_the_committed_description_is_the_real_one(office: Office) -> None:
    """After a change: write ``app.openapi()`` to docs/openapi.json, and read the difference."""
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    assert office.app.openapi() == committed


def test_readiness_names_what_is_missing(office: Office) -> None:
    answer = office.client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert "不可用" in checks.pop("temporal")
    assert set(checks.values()) == {"ok"}
