"""Units, people and enterprises as rows."""

import psycopg

from domain.application import Grant
from domain.facts import Role
from projections.reads import enterprises, grants_of, people, units, units_covered_by
from tests.domain import world
from tests.projections.helpers import City, only


def test_units_stand_in_their_tree(city: City, reading: psycopg.Connection) -> None:
    city.project()
    found = units(reading)
    assert (found[0]["name"], found[0]["depth"]) == ("枣庄市", 0)
    assert {u["id"] for u in found} == {u["id"] for u in world.UNITS}
    assert set(units_covered_by(reading, world.DISTRICT)) == {world.DISTRICT, world.TOWN}


def test_grants_are_those_of_the_log(city: City, reading: psycopg.Connection) -> None:
    play = city.play
    who = world.person("appr2")
    play.does(world.ROOT, "revoke-role", target=who, role="inspector", unit=world.DISTRICT)
    city.project()
    assert grants_of(reading, "appr2") == (Grant(role=Role.APPROVER, unit=world.DISTRICT),)
    assert grants_of(reading, "nobody") == ()


def test_a_withdrawn_certificate_keeps_its_term(city: City, reading: psycopg.Connection) -> None:
    number, who = world.certificate("insp1"), world.person("insp1")
    city.play.does(
        world.ROOT, "revoke-certificate", target=who, number=number, on="2026-03-02", reason="调离"
    )
    city.project()
    page = people(reading, [world.DISTRICT])
    row = next(p for p in page.items if p["account"] == "insp1")
    assert only(row["certificates"]) == {
        "number": number,
        "valid_from": "2013-01-01",
        "valid_to": "2030-12-31",
        "revoked_on": "2026-03-02",
    }
    assert row["name"].keys() == {"person", "sealed"}


def test_enterprises_are_found_by_name_and_code_page_by_page(
    city: City, reading: psycopg.Connection
) -> None:
    city.project()
    within = units_covered_by(reading, world.CITY)
    first = enterprises(reading, within, limit=1)
    second = enterprises(reading, within, after=first.next, limit=1)
    assert {first.items[0]["uscc"], second.items[0]["uscc"]} == {world.USCC, world.OTHER_USCC}
    assert second.next is None
    assert only(enterprises(reading, within, "机械").items)["uscc"] == world.USCC
    assert only(enterprises(reading, within, world.OTHER_USCC).items)["unit"] == world.OTHER
    assert enterprises(reading, [world.OTHER], "机械").items == []
