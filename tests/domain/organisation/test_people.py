"""People: accounts, certificates valid on a day, roles granted by others."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.facts import Role
from domain.organisation.people import (
    CertificateIssued,
    CertificateRevoked,
    Member,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
)
from tests.domain import world
from tests.domain.given import Play

NEW: dict[str, Any] = {"account": "insp7", "name": "柏林", "unit": world.TOWN}
INSPECTOR: dict[str, Any] = {"role": "inspector", "unit": world.TOWN}


def member(play: Play, account: str) -> Member:
    return play.app.load(Member, world.person(account))


def test_an_account_is_given_once(play: Play) -> None:
    play.does("adm1", "register-person", **NEW)
    assert play.facts == [PersonRegistered]
    assert play.fact(PersonRegistered).name.person == world.person("insp7")
    play.refuses("ACCOUNT-TAKEN", "adm1", "register-person", **NEW)


@pytest.mark.parametrize("account", ["clock", "setup", "system", "root"])
def test_nobody_passes_for_the_system(play: Play, account: str) -> None:
    reserved = NEW | {"account": account}
    play.refuses("ACCOUNT-RESERVED", "adm1", "register-person", **reserved)


def test_an_administrator_stays_in_the_own_area(play: Play) -> None:
    elsewhere = NEW | {"unit": world.OTHER}
    play.refuses("UNIT-SCOPE", "adm1", "register-person", **elsewhere)
    grant = {"role": "inspector", "unit": world.CITY}
    play.refuses("UNIT-SCOPE", "adm1", "grant-role", target=world.person("insp5"), **grant)
    grant = {"role": "inspector", "unit": world.TOWN}
    play.refuses("NOT-FOUND", "adm1", "grant-role", target=world.person("insp9"), **grant)


def test_a_person_belongs_to_a_unit_that_exists(play: Play) -> None:
    nowhere = uuid4()
    play.refuses("UNIT-UNKNOWN", world.ROOT, "register-person", **(NEW | {"unit": nowhere}))
    grant = {"role": "inspector", "unit": nowhere}
    play.refuses("UNIT-UNKNOWN", world.ROOT, "grant-role", target=world.person("insp5"), **grant)


def test_a_certificate_counts_from_its_first_to_its_last_day(play: Play) -> None:
    play.does("adm1", "register-person", **NEW)
    term = {"number": "15049001", "valid_from": "2026-03-02", "valid_to": "2026-12-31"}
    play.does("adm1", "issue-certificate", target=world.person("insp7"), **term)
    assert play.facts == [CertificateIssued]
    on = member(play, "insp7").certificate_on
    assert not on(date(2026, 3, 1))
    assert on(date(2026, 3, 2))
    assert on(date(2026, 12, 31))
    assert not on(date(2027, 1, 1))
    back = term | {"valid_to": "2026-03-01"}
    target = world.person("insp7")
    play.refuses("CERTIFICATE-TERM", "adm1", "issue-certificate", target=target, **back)


def test_the_longest_certificate_is_relied_on(play: Play) -> None:
    term = {"number": "15049002", "valid_from": "2026-01-01", "valid_to": "2031-12-31"}
    play.does("adm1", "issue-certificate", target=world.person("insp1"), **term)
    found = member(play, "insp1").certificate_on(date(2026, 3, 2))
    assert found
    assert found.number == "15049002"


def test_a_withdrawn_certificate_does_not_count_from_its_day(play: Play) -> None:
    revoke = {"number": world.certificate("insp1"), "on": "2026-04-01", "reason": "退休"}
    play.does("adm1", "revoke-certificate", target=world.person("insp1"), **revoke)
    assert play.facts == [CertificateRevoked]
    on = member(play, "insp1").certificate_on
    assert on(date(2026, 3, 31))
    assert not on(date(2026, 4, 1))
    unknown = revoke | {"number": "99"}
    target = world.person("insp1")
    play.refuses("CERTIFICATE-UNKNOWN", "adm1", "revoke-certificate", target=target, **unknown)


def test_a_role_is_granted_and_revoked_once(play: Play) -> None:
    target = world.person("sup1")
    for name, kind in (("grant-role", RoleGranted), ("revoke-role", RoleRevoked)):
        play.does("adm1", name, target=target, **INSPECTOR)
        assert play.facts == [kind]
        play.does("adm1", name, target=target, **INSPECTOR)
        assert play.facts == []
    assert member(play, "sup1").grants == {(Role.SUPERVISOR, world.DISTRICT)}


@pytest.mark.parametrize("name", ["grant-role", "revoke-role"])
def test_nobody_changes_their_own_roles(play: Play, name: str) -> None:
    own = {"role": "approver", "unit": world.DISTRICT}
    play.refuses("GRANT-SELF", "adm1", name, target=world.person("adm1"), **own)
    play.refuses("ROLE", "insp1", name, target=world.person("insp1"), **own)


def test_the_clock_is_no_role_to_give(play: Play) -> None:
    clock = {"role": "system", "unit": world.TOWN}
    play.refuses("GRANT-SYSTEM", "adm1", "grant-role", target=world.person("insp5"), **clock)
