"""Every route there is: listed, closed to strangers, and free of times without a zone."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from tests.api.client import Case, Office
from tests.api.routes import listed

SNAPSHOT = Path(__file__).with_name("routes.txt")
INSTANT = re.compile(r'"(\d{4}-\d\d-\d\dT[^"]+)"')


@pytest.fixture(scope="module")
def case(office: Office) -> Case:
    served = office.planned().served()
    served.view()
    return served


def real(path: str) -> str:
    for name in ("target", "case_id", "evidence_id", "person_id"):
        path = path.replace(f"{{{name}}}", str(uuid4()))
    path = path.replace("{sha256}", "0" * 64).replace("{family}", "inspections")
    return path.replace("{name}", "submit-plan")


def test_every_route_is_listed_with_who_may_use_it(office: Office) -> None:
    """A new route belongs into routes.txt, as a line: method, path, who."""
    lines = [" ".join(entry) for entry in listed(office.app)]
    assert lines == SNAPSHOT.read_text("utf-8").splitlines()


def test_nobody_learns_anything_without_signing_in(office: Office) -> None:
    for method, path, who in listed(office.app):
        if who == "anybody":
            continue
        answer = office.client.request(method, real(path), json={}, follow_redirects=False)
        if path.startswith("/api/"):
            assert (answer.status_code, answer.json()["rule"]) == (401, "SIGN-IN"), (method, path)
        else:
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/login?next=/"), path
            assert "/do/" not in answer.headers["location"]


@pytest.mark.parametrize("token", ["x" * 43, "' OR 1=1 --", "a b", "%00"])
def test_a_made_up_token_is_nobody(office: Office, token: str) -> None:
    answer = office.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    office.client.cookies.set("bihuan-session", token)
    assert office.client.get("/api/v1/me").status_code == 401


def test_every_instant_is_told_in_beijing_time(office: Office, case: Case) -> None:
    unit = case.view()["unit"]
    query = {"/api/v1/stats/month": f"?month={office.now():%Y-%m}&unit={unit}"}
    query["/api/v1/stats/month/events"] = query["/api/v1/stats/month"] + "&indicator=visits"
    told: list[str] = []
    for method, path, who in listed(office.app):
        if method != "GET" or not path.startswith("/api/v1/") or who == "anybody":
            continue
        if any(p in path for p in ("{evidence_id}", "{person_id}", "/penalties/{", "/transfers/{")):
            continue
        answer = office.get("insp1", path.removeprefix("/api/v1").replace("{case_id}", case.id))
        if path.endswith("/workflow"):  # this office has no Temporal: see test_workflow_by_http.py
            assert (answer.status_code, answer.json()["rule"]) == (503, "WORKFLOW-SILENT")
            continue
        if path in query:
            answer = office.get("insp1", path.removeprefix("/api/v1") + query[path])
        assert answer.status_code == 200, (path, answer.text)
        told += INSTANT.findall(answer.text)
    late = case.post("insp1", "finish-visit", {}, If_Match='"v1"')
    assert late.status_code == 409
    told += INSTANT.findall(late.text)
    assert len(told) > 20
    assert [t for t in told if not t.endswith("+08:00")] == []
