"""Forms of the pages: the same commands by the same rules, and errors that people can read."""

from uuid import UUID, uuid4

import httpx
import pytest

from domain.enterprise.enterprise import Enterprise
from domain.organisation.people import Member
from tests.api.client import Case, Office

SAME = {"sec-fetch-site": "same-origin"}


def send(case: Case, account: str, name: str, **fields: str) -> httpx.Response:
    case.view()  # whoever fills in a form has seen its page
    given = {"-key": str(uuid4()), "-version": str(case.version)} | fields
    path = f"/inspections/{case.id}/do/inspections/{case.id}/{name}"
    return case.office.client.post(path, data=given, headers=case.office.cookie(account) | SAME)


def test_a_form_does_what_the_command_does_once(office: Office) -> None:
    case, key = office.planned().do("insp1", "submit-plan"), str(uuid4())
    for _ in range(2):
        answer = send(case, "appr1", "approve-plan", **{"-key": key})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/inspections/{case.id}?said=")
    assert case.view()["version"] == case.version + 2


def test_a_form_is_refused_on_its_page(office: Office) -> None:
    case = office.planned()
    early = send(case, "appr1", "approve-plan")
    assert early.status_code == 422
    assert 'role="alert"' in early.text
    seen = case.version
    case.do("insp1", "submit-plan")
    late = send(case, "appr1", "approve-plan", **{"-version": str(seen)})
    assert "已被他人更新" in late.text
    assert "须由审批人办理" in send(case, "insp1", "approve-plan").text
    assert "填写有误" in send(case, "appr1", "refuse-plan", reason="字" * 501).text
    assert "没有这种操作" in send(case, "appr1", "destroy-plan").text


@pytest.mark.parametrize("version", ["", "x", "-1", "1e3"])
def test_a_form_without_its_version_decides_nothing(office: Office, version: str) -> None:
    case = office.planned()
    answer = send(case, "insp1", "submit-plan", **{"-version": version})
    assert answer.status_code == 422
    assert "IF-MATCH" in answer.text
    assert case.view()["version"] == case.version


def test_a_form_without_its_key_decides_nothing(office: Office) -> None:
    case = office.planned()
    assert "IDEMPOTENCY-KEY" in send(case, "insp1", "submit-plan", **{"-key": ""}).text


def test_a_form_cannot_choose_the_id_of_what_it_makes(office: Office) -> None:
    """Ids of people and enterprises are made of their names; a forged address must not matter."""
    case, forged = office.planned(), uuid4()
    unit = case.view()["unit"]
    fields = {"uscc": "91370402MA3D00009E", "name": "演示伪造有限公司", "unit": unit}
    keys = {"-key": str(uuid4()), "-version": "1"}
    office.client.post(
        f"/inspections/{case.id}/do/enterprises/{forged}/register-enterprise",
        data=fields | keys,
        headers=office.cookie("insp1") | SAME,
    )
    office.client.post(
        f"/inspections/{case.id}/do/people/{forged}/register-person",
        data={"account": "forged", "name": "某甲", "unit": unit} | keys,
        headers=office.cookie("admin") | SAME,
    )
    assert office.bihuan.load(Enterprise, forged).version == 0
    assert office.bihuan.load(Member, forged).version == 0


def test_after_the_session_a_form_leads_back_to_its_page(office: Office) -> None:
    case = office.planned()
    path = f"/inspections/{case.id}/do/inspections/{case.id}/submit-plan"
    answer = office.client.post(path, data={"-key": "k", "-version": "1"})
    assert answer.headers["location"] == f"/login?next=/inspections/{case.id}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/inspections/{UUID(int=1)}", 404),
        ("/inspections/1", 422),
        ("/?tab=all", 422),
        ("/?after=nonsense", 422),
        ("/stats?month=2026-13", 400),
    ],
)
def test_people_read_a_sentence_not_a_document(office: Office, path: str, status: int) -> None:
    answer = office.client.get(path, headers=office.cookie("insp1"))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "返回我的待办" in answer.text


def test_another_district_gets_no_page(office: Office) -> None:
    case = office.planned()
    case.view()
    hidden, none = (
        office.client.get(f"/inspections/{i}", headers=office.cookie("appr5"))
        for i in (case.id, uuid4())
    )
    assert hidden.status_code == none.status_code == 404
    assert hidden.text == none.text
    assert send(case, "appr5", "approve-plan").status_code == 404
