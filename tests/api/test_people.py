"""People: an administrator who only speaks HTTP can keep them; nobody else sees them."""

from uuid import uuid4

from domain.organisation.people import person_id
from tests.api.client import Office


def test_an_administrator_registers_and_certifies_by_http(office: Office) -> None:
    unit = office.get("insp1", "/me").json()["grants"][0]["unit"]
    body = {"account": "insp9", "name": "万二凡", "unit": unit}
    made = office.post("admin", "/people/register-person", body)
    assert made.status_code == 201, made.text
    at = made.headers["location"].removeprefix("/api/v1")
    seen = office.get("admin", at)
    assert (seen.json()["account"], seen.json()["name"]) == ("insp9", "万二凡")
    assert seen.headers["etag"] == made.headers["etag"]
    dates = {"valid_from": "2026-01-01", "valid_to": "2030-12-31"}
    certificate = {"number": "鲁演示999"} | dates
    issued = office.post(
        "admin", f"{at}/issue-certificate", certificate, If_Match=seen.headers["etag"]
    )
    assert issued.status_code == 200, issued.text
    again = office.get("admin", at)
    assert again.headers["etag"] == issued.headers["etag"] != seen.headers["etag"]
    assert [c["number"] for c in again.json()["certificates"]] == ["鲁演示999"]


def test_the_list_of_people_names_nobody(office: Office) -> None:
    listed = office.get("admin", "/people?limit=200").json()["items"]
    assert {"insp1", "appr1"} <= {one["account"] for one in listed}
    assert all("name" not in one for one in listed)
    insp1 = next(one for one in listed if one["account"] == "insp1")
    assert insp1["id"] == str(person_id("insp1"))
    assert insp1["certificates"]


def test_only_keepers_of_accounts_see_people(office: Office) -> None:
    for account in ("insp1", "appr1", "super1", "audit0"):
        assert office.get(account, "/people").json()["items"] == []
        hidden = office.get(account, f"/people/{person_id('insp1')}")
        missing = office.get(account, f"/people/{uuid4()}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json() | {"trace_id": ""} == missing.json() | {"trace_id": ""}


def test_what_has_no_address_gives_none(office: Office) -> None:
    unit = office.get("insp1", "/me").json()["grants"][0]["unit"]
    body = {"uscc": "91370402MA3EXAMP03", "name": "演示企业甲", "unit": unit}
    made = office.post("insp1", "/enterprises/register-enterprise", body)
    assert made.status_code == 201, made.text
    assert "location" not in made.headers
