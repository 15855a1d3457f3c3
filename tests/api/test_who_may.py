"""Who may do and see what: every command and case route, every role, two districts."""

import logging
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.command import COMMANDS, Command
from domain.facts import Role
from domain.organisation.people import Member, person_id
from tests.api.client import Case, Office
from tests.api.filled import filled

ACCOUNT = {
    Role.INSPECTOR: "insp1",
    Role.APPROVER: "appr1",
    Role.SUPERVISOR: "super1",
    Role.AUDITOR: "audit0",
    Role.ADMINISTRATOR: "admin",
}
ELSEWHERE = {Role.INSPECTOR: "insp5", Role.APPROVER: "appr5"}
OF_A_CASE = ("", "/timeline", "/evidence/{evidence}")


@pytest.fixture(scope="module")
def case(office: Office) -> Case:
    served = office.planned().served()
    served.view()
    return served


def address(key: tuple[str, str], command: type[Command], target: str) -> str:
    family, name = key
    own = "" if command.CREATES or family == "organisation" else f"/{target}"
    return f"/{family}{own}/{name}"


def told(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    return answer.status_code, answer.json() | {"trace_id": ""}


@pytest.mark.parametrize("role", list(ACCOUNT))
def test_every_command_is_for_its_roles_only(office: Office, case: Case, role: Role) -> None:
    targets = {"inspections": case.id, "people": str(person_id("insp2"))}
    before, asked = office.bihuan.store.head()[0], 0
    for key, command in COMMANDS.items():
        if role in command.ROLES or key[0] in {"penalties", "transfers"}:
            continue
        path = address(key, command, targets.get(key[0], str(uuid4())))
        answer = office.post(ACCOUNT[role], path, filled(command), If_Match='"v1"')
        assert (answer.status_code, answer.json()["rule"]) == (403, "ROLE"), (key, answer.text)
        asked += 1
    assert asked >= 10
    assert office.bihuan.store.head()[0] == before


@pytest.mark.parametrize("role", list(ELSEWHERE))
def test_a_case_of_another_district_is_as_good_as_none(
    office: Office, case: Case, role: Role
) -> None:
    account, before = ELSEWHERE[role], office.bihuan.store.head()[0]
    for part in OF_A_CASE:
        path = f"/inspections/{{}}{part.format(evidence=case.said['evidence'])}"
        hidden, none = (office.get(account, path.format(i)) for i in (case.id, uuid4()))
        assert told(hidden) == told(none), path
        assert hidden.status_code == 404
    asked = 0
    for key, command in COMMANDS.items():
        if key[0] == "inspections" and role in command.ROLES and not command.CREATES:
            body = filled(command)
            hidden, none = (
                office.post(account, address(key, command, i), body, If_Match='"v1"')
                for i in (case.id, str(uuid4()))
            )
            assert told(hidden) == told(none), key
            assert hidden.status_code == 404
            asked += 1
    assert asked >= 5
    assert office.bihuan.store.head()[0] == before


def test_no_list_holds_a_case_of_another_district(office: Office, case: Case) -> None:
    unit = case.view()["unit"]
    here = office.get("insp1", f"/inspections?limit=200&unit={unit}").json()["items"]
    assert case.id in {c["id"] for c in here}
    for account in ELSEWHERE.values():
        lists = ["/work", "/work?tab=started", "/inbox", "/deadlines", "/deadlines?officer=insp1"]
        lists += ["/inspections", f"/inspections?unit={unit}", f"/deadlines?unit={unit}"]
        lists += [f"/inspections?enterprise={office.plan_fields()['enterprise']}", "/enterprises"]
        for path in lists:
            assert office.get(account, path).json()["items"] == [] or case.id not in (
                office.get(account, path).text
            ), path
        table = office.get(account, f"/stats/month?month=2026-01&unit={unit}")
        assert table.status_code == 404
        names = [e["name"] for e in office.get(account, "/enterprises").json()["items"]]
        assert names == ["演示建材有限公司"]


def test_an_inspection_is_planned_in_ones_own_district_only(office: Office) -> None:
    answer = office.post("insp5", "/inspections/plan-inspection", office.plan_fields())
    assert answer.status_code in {403, 404}, answer.text


def test_the_administrator_sees_no_case(office: Office, case: Case) -> None:
    for part in OF_A_CASE:
        path = f"/inspections/{case.id}{part.format(evidence=case.said['evidence'])}"
        assert office.get("admin", path).status_code == 404
    for path in ("/inspections", "/work", "/work?tab=started", "/deadlines", "/inbox"):
        assert office.get("admin", path).json()["items"] == [], path


def test_supervisors_and_auditors_read_the_case(office: Office, case: Case) -> None:
    for account in ("super1", "audit0"):
        assert office.get(account, f"/inspections/{case.id}").status_code == 200
        assert office.get(account, f"/inspections/{case.id}/timeline").status_code == 200


def test_a_case_is_read_as_what_it_is(office: Office, case: Case) -> None:
    for family in ("penalties", "transfers"):
        assert office.get("insp1", f"/{family}/{case.id}").status_code == 404


def test_a_role_taken_back_is_gone_with_the_next_command(office: Office) -> None:
    case = office.planned().do("insp1", "submit-plan")
    own = person_id("appr1")
    grant = {"role": "approver", "unit": case.view()["unit"]}

    def change(name: str) -> None:
        seen = f'"v{office.bihuan.load(Member, own).version}"'
        answer = office.post("admin", f"/people/{own}/{name}", grant, If_Match=seen)
        assert answer.status_code == 200, answer.text

    change("revoke-role")
    assert case.post("appr1", "approve-plan", {}).status_code == 403
    change("grant-role")
    case.do("appr1", "approve-plan")


def test_who_acts_where_and_when_is_not_the_clients_to_say(office: Office) -> None:
    for name, value in (("by", "appr1"), ("number", "1"), ("step", 8), ("recorded_at", 0)):
        fields = office.plan_fields() | {name: value}
        answer = office.post("insp1", "/inspections/plan-inspection", fields)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"pointer": f"/{name}", "detail": "没有这个字段，请删除"}
        ]


def test_names_stay_out_of_logs_and_of_what_others_get(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    name = "万一凡"
    with caplog.at_level(logging.DEBUG):
        case = office.planned().on_site()
        case.refused("ITEM-NOTE", "insp1", "answer-item", item="1", result="不合格")
        case.view()
        seen = [
            office.get(account, f"/inspections/{case.id}{part}").text
            for account in ("appr1", "super1", "audit0", "insp5", "appr5", "admin")
            for part in ("", "/timeline?limit=200")
        ]
    assert name not in caplog.text
    assert all(name not in text for text in seen)
