"""The demo world (演示数据): entered by the same commands as real data, once."""

import json
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.imports.units import read_units
from domain.application import Bihuan, Grant, Person
from domain.command import Command
from domain.enterprise.enterprise import EnterpriseEntry, RegisterEnterprise, enterprise_id
from domain.facts import Role
from domain.identity import named
from domain.organisation import ORGANISATION_ID, unit_id
from domain.organisation.people import GrantRole, IssueCertificate, RegisterPerson, person_id
from domain.organisation.unit import ImportUnits

DATA = Path(__file__).parent / "data"
PASSWORD = "bihuan-demo-2026"  # noqa: S105 - the printed password of invented accounts
SETUP = Person(account="setup", grants=(Grant(role=Role.ADMINISTRATOR, unit=ORGANISATION_ID),))
"""The installation itself, before anybody has an account."""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return json.loads((DATA / "people.json").read_text("utf-8"))


def accounts() -> list[tuple[str, str]]:
    """Demo accounts with the roles they hold, in words."""
    return [
        (p["account"], "、".join(f"{path[-1]}{Role(role).chinese}" for role, path in p["roles"]))
        for p in _data()["people"]
    ]


def enterprises() -> list[tuple[str, UUID]]:
    """Demo enterprises by name."""
    return [(e["name"], enterprise_id(e["uscc"])) for e in _data()["enterprises"]]


def seed(bihuan: Bihuan) -> None:
    """Enter units, people with certificates and roles, enterprises."""
    for target, command in _commands():
        body = command.model_dump_json().encode()
        bihuan.execute(
            command,
            person=SETUP,
            target=target,
            command_id=named("demo", target, command.NAME, sha256(body).hexdigest()),
            request_hash=sha256(body).digest(),
        )


def _commands() -> Iterator[tuple[UUID, Command]]:
    yield ORGANISATION_ID, ImportUnits(units=read_units(DATA / "units.json"))
    for person in _data()["people"]:
        own = person_id(person["account"])
        unit = unit_id(*person["unit"])
        yield own, RegisterPerson(account=person["account"], name=person["name"], unit=unit)
        for number, begin, end in person.get("certificates", []):
            yield own, IssueCertificate(number=number, valid_from=begin, valid_to=end)
        for role, path in person["roles"]:
            yield own, GrantRole(role=role, unit=unit_id(*path))
    for enterprise in _data()["enterprises"]:
        entry = EnterpriseEntry(**enterprise | {"unit": unit_id(*enterprise["unit"])})
        yield enterprise_id(entry.uscc), RegisterEnterprise(**entry.model_dump())
