"""What other sites and odd requests get: nothing, and every answer carries its headers."""

import logging

import httpx
import pytest

from api.app import create_app
from deploy.demo.world import PASSWORD
from tests.api.client import Office
from tests.api.conftest import served

OURS = "our own origin"
FORM = {"account": "insp2", "password": PASSWORD}
MATRIX = [
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "cross-site", "origin": OURS}, False),
    ({"origin": "https://evil.example"}, False),
    ({"origin": "null"}, False),
    ({"sec-fetch-site": "cross-site", "authorization": "Basic eDp5"}, False),
    ({"sec-fetch-site": "same-origin"}, True),
    ({"sec-fetch-site": "none"}, True),
    ({"origin": OURS}, True),
]


def given(office: Office, headers: dict[str, str]) -> dict[str, str]:
    ours = str(office.client.base_url).rstrip("/")
    return {name: ours if value == OURS else value for name, value in headers.items()}


@pytest.mark.parametrize(("headers", "allowed"), [*MATRIX, ({}, False)])
def test_another_site_cannot_act_with_our_cookie(
    office: Office, headers: dict[str, str], *, allowed: bool
) -> None:
    office.client.post("/login", data=FORM)
    answer = office.client.post("/logout", headers=given(office, headers))
    assert answer.status_code == (303 if allowed else 403)


@pytest.mark.parametrize(("headers", "allowed"), [*MATRIX, ({}, True)])
def test_another_site_cannot_sign_a_browser_in(
    office: Office, headers: dict[str, str], *, allowed: bool
) -> None:
    answer = office.client.post("/login", data=FORM, headers=given(office, headers))
    assert answer.status_code == (303 if allowed else 403)
    if not allowed:
        assert "set-cookie" not in answer.headers
        assert answer.json()["rule"] == "CROSS-SITE"


def test_a_machine_with_its_token_needs_no_origin(office: Office) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = office.post("insp1", "/inspections/plan-inspection", office.plan_fields(), **headers)
    assert answer.status_code == 201


def test_no_other_origin_may_read(office: Office) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for method in ("OPTIONS", "GET"):
        answer = office.client.request(method, "/api/v1/me", headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control")]


def assert_headers(answer: httpx.Response) -> None:
    headers = answer.headers
    policy = headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy


def test_every_answer_carries_the_headers(office: Office) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    answers = [
        office.client.get(path)
        for path in ("/login", "/", "/nowhere", "/api/v1/me", "/static/app.css", "/static/none")
    ]
    answers += [office.client.get("/healthz"), office.client.get("/readyz")]
    answers += [office.client.patch("/api/v1/me"), office.client.post("/login", headers=cross)]
    answers += [office.client.post("/api/v1/session", content=b"{"), office.client.get("/cases/1")]
    answers += [office.get("insp1", "/me"), office.get("insp1", "/inspections/1")]
    seen = {a.status_code for a in answers}
    assert seen == {200, 303, 401, 403, 404, 405, 422, 503}
    for answer in answers:
        assert_headers(answer)


def test_a_defect_is_answered_without_its_text(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    database = office.database
    app = create_app(office.bihuan, command=database.command, reader=database.reader)

    @app.get("/defect/{name}")
    def defect(name: str) -> None:
        raise RuntimeError(name)

    with served(app) as address, caplog.at_level(logging.DEBUG):
        answer = httpx.get(f"{address}/defect/%E4%B8%87%E4%B8%80%0Aforged", params={"q": "万二"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert_headers(answer)
    assert answer.json()["trace_id"] in answer.json()["detail"]
    assert "万一" not in answer.text
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    text = record.getMessage()
    assert answer.json()["trace_id"] in text
    assert "RuntimeError" in text
    assert "in defect" in text
    assert record.exc_info is None
    assert "万二" not in text
    assert "\nforged" not in text
