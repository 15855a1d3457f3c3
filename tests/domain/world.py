"""An invented city, its officers and one enterprise, entered by the commands themselves."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.enterprise import enterprise_id
from domain.organisation import unit_id
from domain.organisation.people import person_id
from domain.times import SHANGHAI

CITY = unit_id("枣庄市")
DISTRICT = unit_id("枣庄市", "青禾区")
OTHER = unit_id("枣庄市", "云栖区")
TOWN = unit_id("枣庄市", "青禾区", "柳桥镇")

UNITS: list[dict[str, Any]] = [
    {"id": CITY, "name": "枣庄市", "abbr": "鲁枣", "kind": "设区的市"},
    {"id": DISTRICT, "name": "青禾区", "abbr": "枣青", "kind": "市辖区", "parent": CITY},
    {"id": OTHER, "name": "云栖区", "abbr": "枣云", "kind": "市辖区", "parent": CITY},
    {"id": TOWN, "name": "柳桥镇", "abbr": "青柳", "kind": "镇", "parent": DISTRICT},
]

USCC = "91370400MA3QHJX012"
ADDRESS = "青禾区示例路一号"
OTHER_USCC = "91370400MA3YQKM037"
ENTERPRISE = enterprise_id(USCC)
OTHER_ENTERPRISE = enterprise_id(OTHER_USCC)

FOUNDED = datetime(2013, 1, 1, 8, 0, tzinfo=SHANGHAI)
LONG = (date(2013, 1, 1), date(2030, 12, 31))

# account, name, unit, roles, term of the certificate
PEOPLE: list[tuple[str, str, UUID, tuple[str, ...], tuple[date, date] | None]] = [
    ("adm0", "钟管", CITY, ("administrator",), None),
    ("adm1", "钟理", DISTRICT, ("administrator",), None),
    ("insp0", "季巡", CITY, ("inspector",), LONG),
    ("appr0", "季批", CITY, ("approver",), None),
    ("insp1", "柏青", DISTRICT, ("inspector",), LONG),
    ("insp2", "柏松", DISTRICT, ("inspector",), LONG),
    ("insp3", "柏年", DISTRICT, ("inspector",), (date(2013, 1, 1), date(2020, 12, 31))),
    ("insp4", "柏杨", DISTRICT, ("inspector",), LONG),
    ("appr1", "石准", DISTRICT, ("approver",), None),
    ("appr2", "石允", DISTRICT, ("approver", "inspector"), LONG),
    ("sup1", "石督", DISTRICT, ("supervisor",), None),
    ("aud1", "石审", DISTRICT, ("auditor",), None),
    ("insp5", "桥东", TOWN, ("inspector",), LONG),
    ("insp6", "桥西", TOWN, ("inspector",), LONG),
    ("appr5", "桥批", TOWN, ("approver",), None),
    ("insp9", "云天", OTHER, ("inspector",), LONG),
    ("appr9", "云批", OTHER, ("approver",), None),
]

ROOT = "root"
"""The set-up administrator, whose unit is the whole organisation."""


def person(account: str) -> UUID:
    """Stream of a person."""
    return person_id(account)


def certificate(account: str) -> str:
    """Number of the certificate of an account of this world."""
    order = [row[0] for row in PEOPLE].index(account)
    return f"1504{order:05d}"
