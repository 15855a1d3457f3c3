"""Sign-in, sessions, other sites."""

import pytest

from api.auth import set_password
from api.auth.passwords import FAILURES
from deploy.demo.world import PASSWORD
from domain.errors import Refusal
from tests.api.client import Office

FORM = {"account": "insp2", "password": PASSWORD, "next": "/deadlines"}


def sign_in(office: Office, account: str, password: str):
    return office.client.post("/api/v1/session", json={"account": account, "password": password})


def test_a_wrong_password_and_an_unknown_account_look_the_same(office: Office) -> None:
    wrong, unknown = sign_in(office, "insp2", "wrong"), sign_in(office, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() | {"trace_id": ""} == unknown.json() | {"trace_id": ""}


def test_an_account_is_locked_after_failures(office: Office) -> None:
    set_password(office.database.command, "insp6", PASSWORD)
    for _ in range(FAILURES):
        assert sign_in(office, "insp6", "wrong").status_code == 401
    assert sign_in(office, "insp6", PASSWORD).status_code == 401
    set_password(office.database.command, "insp6", PASSWORD)
    assert sign_in(office, "insp6", PASSWORD).status_code == 201


def test_a_session_is_dead_at_once(office: Office) -> None:
    token = sign_in(office, "insp2", PASSWORD).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert office.client.get("/api/v1/me", headers=headers).status_code == 200
    assert office.client.delete("/api/v1/session", headers=headers).status_code == 204
    assert office.client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_new_password_ends_the_sessions(office: Office) -> None:
    token = sign_in(office, "insp5", PASSWORD).json()["token"]
    set_password(office.database.command, "insp5", PASSWORD)
    headers = {"Authorization": f"Bearer {token}"}
    assert office.client.get("/api/v1/me", headers=headers).status_code == 401
    office.tokens.pop("insp5", None)


@pytest.mark.parametrize("password", ["short", "insp1-insp1-x", "1234567890"])
def test_a_weak_password_is_refused(office: Office, password: str) -> None:
    with pytest.raises(Refusal) as refused:
        set_password(office.database.command, "insp1", password)
    assert refused.value.rule == "PASSWORD-WEAK"


def test_the_form_signs_in_and_leads_only_inside(office: Office) -> None:
    client = office.client
    answer = client.post("/login", data=FORM, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deadlines")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil"):
        client.cookies.clear()
        given = client.post("/login", data=FORM | {"next": elsewhere}, follow_redirects=False)
        assert given.headers["location"] == "/"
    assert client.get("/deadlines").status_code == 200
    client.cookies.clear()
    assert client.post("/login", data=FORM | {"password": "wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "OURS"}, 303),
    ],
)
def test_another_site_cannot_act_with_our_cookie(
    office: Office, headers: dict[str, str], status: int
) -> None:
    client = office.client
    client.post("/login", data=FORM, follow_redirects=False)
    ours = str(client.base_url).rstrip("/")
    given = {name: value.replace("OURS", ours) for name, value in headers.items()}
    answer = client.post("/logout", headers=given, follow_redirects=False)
    assert answer.status_code == status
    client.cookies.clear()


def test_every_answer_carries_the_headers(office: Office) -> None:
    for path in ("/login", "/nowhere", "/api/v1/me", "/static/app.css", "/healthz"):
        headers = office.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
