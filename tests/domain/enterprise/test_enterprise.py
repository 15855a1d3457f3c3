"""Enterprises: one per unified social credit code, in the actor's area, all rows or none."""

from typing import Any

from domain.enterprise import Enterprise, enterprise_id
from domain.enterprise.enterprise import EnterpriseRegistered, EnterprisesImported
from tests.domain import world
from tests.domain.given import Play

ROW: dict[str, Any] = {
    "uscc": "91370400MA3GHRT054",
    "name": "柳桥示例木业有限公司",
    "unit": world.TOWN,
    "principal": "万二凡",
    "phone": "00000000000",
}


def test_an_inspector_registers_in_the_own_area(play: Play) -> None:
    play.does("insp1", "register-enterprise", **ROW)
    assert play.facts == [EnterpriseRegistered]
    fact = play.fact(EnterpriseRegistered)
    assert (fact.particulars.name, fact.particulars.unit) == (ROW["name"], world.TOWN)
    assert fact.principal
    assert fact.phone
    assert fact.principal.person == fact.phone.person
    assert play.said == {"changed": True}


def test_the_same_again_changes_nothing(play: Play) -> None:
    play.does("insp1", "register-enterprise", **ROW)
    play.does("insp1", "register-enterprise", **ROW)
    assert play.facts == []
    assert play.said == {"changed": False}
    play.does("insp1", "register-enterprise", **(ROW | {"phone": "00000000001"}))
    assert play.facts == [EnterpriseRegistered]


def test_outside_the_own_area_before_or_after(play: Play) -> None:
    elsewhere = ROW | {"unit": world.OTHER}
    play.refuses("UNIT-SCOPE", "insp1", "register-enterprise", **elsewhere)
    play.does("insp1", "register-enterprise", **ROW)
    play.refuses("NOT-FOUND", "insp9", "register-enterprise", **elsewhere)
    play.refuses("UNIT-SCOPE", "insp1", "register-enterprise", **elsewhere)
    play.does("adm0", "register-enterprise", **elsewhere)
    assert play.app.load(Enterprise, enterprise_id(ROW["uscc"])).particulars


def test_an_import_has_all_rows_or_none(play: Play) -> None:
    rows = [ROW, ROW | {"uscc": "91370400MA3GHRT061", "name": "柳桥示例石材有限公司"}]
    play.does("adm1", "import-enterprises", source="企业名单.xlsx", rows=rows)
    assert play.facts.count(EnterpriseRegistered) == 2
    assert play.fact(EnterprisesImported).changed == 2
    rows[1] = rows[1] | {"industry": "建材"}
    play.does("adm1", "import-enterprises", source="企业名单.xlsx", rows=rows)
    assert play.said == {"rows": 2, "changed": 1}
    rows[1] = rows[1] | {"unit": world.OTHER, "uscc": "91370400MA3GHRT077"}
    play.refuses("UNIT-SCOPE", "adm1", "import-enterprises", source="企业名单.xlsx", rows=rows)
    assert not play.app.load(Enterprise, enterprise_id(rows[1]["uscc"])).version


def test_no_code_twice_in_a_sheet(play: Play) -> None:
    rows = [ROW, ROW | {"name": "另一名称有限公司"}]
    play.refuses("IMPORT-TWICE", "adm1", "import-enterprises", source="名单.xlsx", rows=rows)


def test_an_inspector_imports_no_sheet(play: Play) -> None:
    play.refuses("ROLE", "insp1", "import-enterprises", source="名单.xlsx", rows=[ROW])
