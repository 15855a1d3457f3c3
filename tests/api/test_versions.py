"""Whoever decides says which version they saw; whoever saw an old one learns what changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.deadlines import Key, RungRef
from domain.store import StreamMoved, skip_clock
from tests.api.client import Office
from tests.domain.given import strike


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
    deadline = office.bihuan.clocks("inspection", UUID(case.id)).deadlines[Key.read("FIX-DUE/H1/1")]
    first = deadline.rungs[0]
    skip_clock(office.database.owner, first.at - office.bihuan.store.now() + timedelta(seconds=1))
    rung = RungRef(deadline=str(deadline.key), due_version=1, rung=first.name)
    now = office.bihuan.store.now()
    assert strike(office.bihuan, "inspection", UUID(case.id), [rung], now).outcomes == ["fired"]
    answer = case.post("insp1", "report-rectification", {"hazards": ["H1"], "report": "已清理"})
    assert answer.status_code == 200, answer.text
    inbox = office.get("insp1", "/inbox", **{"Min-Seq": str(answer.json()["seq"])}).json()["items"]
    assert [n["action_title"] for n in inbox if n["case_id"] == case.id] == ["提醒"]


def test_two_who_act_at_once_never_both_win(office: Office) -> None:
    for _ in range(10):
        case = office.planned()
        with ThreadPoolExecutor(2) as pool:
            asked = [
                pool.submit(case.post, who, "cancel-inspection", {"reason": who})
                for who in ("insp1", "insp2")
            ]
            answers = [a.result() for a in asked]
        assert sorted(a.status_code for a in answers) == [200, 409]
        (lost,) = [a.json() for a in answers if a.status_code == 409]
        assert lost["current"] == case.version + 1
        assert [s["version"] for s in lost["since"]] == [case.version + 1]


def test_who_finds_no_place_is_told_to_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.planned()

    def others_are_faster(**_: object) -> None:
        raise StreamMoved(UUID(case.id), case.version, case.version + 1)

    with monkeypatch.context() as crowded:
        crowded.setattr("domain.turns.PATIENCE", 0.0)
        crowded.setattr(office.bihuan.store, "append", others_are_faster)
        answer = case.post("insp1", "submit-plan", {})
    assert (answer.status_code, answer.json()["rule"]) == (503, "BUSY")
    assert answer.headers["retry-after"] == "2"
    assert case.post("insp1", "submit-plan", {}).status_code == 200


@pytest.mark.parametrize("odd", ["12", "v12", '"12"', "*", '"v1", "v2"', '"v-1"', '"v1e3"', ""])
def test_an_odd_version_is_refused(office: Office, odd: str) -> None:
    path = f"/inspections/{uuid4()}/submit-plan"
    answer = office.post("insp1", path, {}, If_Match=odd)
    assert (answer.status_code, answer.json()["rule"]) == (400, "IF-MATCH")


def test_a_version_still_to_come_is_a_conflict(office: Office) -> None:
    case = office.planned()
    answer = case.post("insp1", "submit-plan", {}, If_Match='"v999999999"')
    assert (answer.status_code, answer.json()["current"]) == (409, case.version)


def test_the_version_is_told_where_the_case_is_read(office: Office) -> None:
    case = office.planned()
    case.view()
    read = office.get("insp1", f"/inspections/{case.id}")
    assert read.headers["etag"] == f'"v{case.version}"'
    done = office.post(
        "insp1", f"/inspections/{case.id}/submit-plan", {}, If_Match=read.headers["etag"]
    )
    assert done.headers["etag"] == f'"v{case.version + 1}"'
