"""Who may do and see what: every route, every role, two districts."""

import logging
from uuid import uuid4

import pytest
from starlette.routing import Route

from api.commands import TAGS
from domain.command import COMMANDS
from domain.facts import Role
from tests.api.client import Case, Office

OPEN = {"/healthz", "/readyz", "/version", "/login", "/api/v1/openapi.json", "/api/v1/commands"}
ACCOUNT = {
    Role.INSPECTOR: "insp1",
    Role.APPROVER: "appr1",
    Role.SUPERVISOR: "super1",
    Role.AUDITOR: "audit0",
    Role.ADMINISTRATOR: "admin",
}


@pytest.fixture(scope="module")
def case(office: Office) -> Case:
    served = office.planned().served()
    served.view()
    return served


def routes(office: Office) -> list[tuple[str, str]]:
    found = []
    for route in office.app.routes:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", [route]
        )
        found += [
            (method, r.path)
            for r in inner
            if isinstance(r, Route)
            for method in r.methods or ()
            if method not in {"HEAD", "OPTIONS"}
        ]
    return sorted(set(found))


def test_nobody_gets_in_without_signing_in(office: Office) -> None:
    listed = routes(office)
    assert len(listed) > 70
    for method, path in listed:
        if path in OPEN or path in {"/api/v1/session", "/logout"}:
            continue
        real = path
        for name in ("target", "case_id", "evidence_id"):
            real = real.replace(f"{{{name}}}", str(uuid4()))
        real = real.replace("{sha256}", "0" * 64).replace("{family}", "inspections")
        real = real.replace("{name}", "submit-plan").replace("{kind}", "inspection")
        answer = office.client.request(
            method, real, json={}, headers={"Idempotency-Key": "k"}, follow_redirects=False
        )
        if path.startswith("/api/"):
            assert answer.status_code in {401, 422, 428}, (method, path, answer.status_code)
        elif method == "GET":
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/login"), path
        else:
            assert answer.status_code in {303, 403, 422}, (method, path)


def test_another_district_sees_nothing_of_a_case(office: Office, case: Case) -> None:
    for path in (f"/inspections/{case.id}", f"/inspections/{case.id}/timeline"):
        answer, missing = (
            office.get("appr5", path),
            office.get("appr5", path.replace(case.id, str(uuid4()))),
        )
        assert answer.status_code == missing.status_code == 404
        assert answer.json() | {"trace_id": ""} == missing.json() | {"trace_id": ""}
    for account in ("insp5", "appr5"):
        for path in ("/inspections", "/work", "/deadlines", "/inbox"):
            assert case.id not in office.get(account, path).text
        for (family, name), command in COMMANDS.items():
            if family == "inspections" and not command.CREATES:
                answer = case.post(account, name, {})
                assert answer.status_code in {403, 404, 422}, name
                assert case.said["number"] not in answer.text


def test_keepers_of_accounts_see_no_case(office: Office, case: Case) -> None:
    assert office.get("admin", f"/inspections/{case.id}").status_code == 404
    assert office.get("admin", "/inspections").json()["items"] == []


def test_supervisors_and_auditors_read_and_do_nothing(office: Office, case: Case) -> None:
    for account in ("super1", "audit0"):
        assert office.get(account, f"/inspections/{case.id}").status_code == 200
        answer = case.post(account, "publish-result", {"place": "网站"})
        assert (answer.status_code, answer.json()["rule"]) == (403, "ROLE")


@pytest.mark.parametrize("role", list(ACCOUNT))
def test_every_command_is_for_its_roles_only(office: Office, case: Case, role: Role) -> None:
    """With an empty body: 403 must come for whoever lacks the role, wherever the body is not
    refused first."""
    asked = 0
    for (family, name), command in COMMANDS.items():
        if role in command.ROLES or any(f.is_required() for f in command.model_fields.values()):
            continue
        target = case.id if family == "inspections" else str(uuid4())
        answer = office.post(ACCOUNT[role], f"/{family}/{target}/{name}", {}, If_Match='"v1"')
        assert answer.status_code == (403 if family == "inspections" else 404), (family, name)
        asked += 1
    assert asked >= 1
    assert set(TAGS) == {family for family, _ in COMMANDS}


def test_names_stay_out_of_logs_and_of_what_others_get(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        case = office.planned().on_site()
        views = [case.view(account) for account in ("appr1", "super1", "audit0")]
        timeline = office.get("super1", f"/inspections/{case.id}/timeline?limit=200").text
    assert "万一凡" not in caplog.text
    assert "万一凡" not in timeline
    assert all("万一凡" not in str(v) for v in views)


def test_a_role_taken_back_is_gone_with_the_next_request(office: Office) -> None:
    case = office.planned().do("insp1", "submit-plan")
    grant = {"role": "approver", "unit": case.view()["unit"]}
    member = office.bihuan.load  # the person's id is made of the account
    from domain.organisation.people import Member, person_id  # noqa: PLC0415 - used here only

    version = member(Member, person_id("appr1")).version
    taken = office.post(
        "admin", f"/people/{person_id('appr1')}/revoke-role", grant, If_Match=f'"v{version}"'
    )
    assert taken.status_code == 200, taken.text
    assert case.post("appr1", "approve-plan", {}).status_code == 403
    again = office.post(
        "admin", f"/people/{person_id('appr1')}/grant-role", grant, If_Match=f'"v{version + 1}"'
    )
    assert again.status_code == 200
    case.do("appr1", "approve-plan")
