"""The tree of units: imported as a whole, parents first."""

from typing import Any

import pytest

from domain.organisation import ORGANISATION_ID, Organisation, unit_id
from domain.organisation.unit import UnitAdded, UnitChanged
from tests.domain import world
from tests.domain.given import Play

HAMLET = unit_id("枣庄市", "青禾区", "杏花街道")


def unit(**other: Any) -> dict[str, Any]:
    new = {"id": HAMLET, "name": "杏花街道", "abbr": "青杏", "kind": "街道"}
    return new | {"parent": world.DISTRICT} | other


def tree(play: Play) -> Organisation:
    return play.app.load(Organisation, ORGANISATION_ID)


def test_an_import_tells_what_it_did(play: Play) -> None:
    known = world.UNITS[3]
    changed = world.UNITS[2] | {"abbr": "枣栖"}
    play.does(world.ROOT, "import-units", units=[known, changed, unit()])
    assert play.facts == [UnitChanged, UnitAdded]
    assert play.said == {"added": 1, "changed": 1, "unchanged": 1}
    play.does(world.ROOT, "import-units", units=[unit()])
    assert play.facts == []


def test_a_parent_comes_first(play: Play) -> None:
    below = unit(id=unit_id("枣庄市", "新区", "新镇"), parent=unit_id("枣庄市", "新区"))
    play.refuses("UNIT-PARENT", world.ROOT, "import-units", units=[unit(), below])


@pytest.mark.parametrize("parent", [world.DISTRICT, world.TOWN])
def test_no_unit_stands_above_itself(play: Play, parent: object) -> None:
    district = world.UNITS[1] | {"parent": parent}
    play.refuses("UNIT-PARENT", world.ROOT, "import-units", units=[district])


def test_a_unit_covers_itself_and_all_below(play: Play) -> None:
    covers = tree(play).covers
    assert covers(world.CITY, world.TOWN)
    assert covers(world.DISTRICT, world.DISTRICT)
    assert not covers(world.TOWN, world.DISTRICT)
    assert not covers(world.OTHER, world.TOWN)
    assert covers(world.CITY, ORGANISATION_ID)
    assert not covers(world.DISTRICT, ORGANISATION_ID)
    assert covers(ORGANISATION_ID, world.TOWN)


def test_only_the_top_imports_units(play: Play) -> None:
    play.refuses("NOT-FOUND", "adm1", "import-units", units=[unit()])
    play.refuses("ROLE", "insp0", "import-units", units=[unit()])
    play.does("adm0", "import-units", units=[unit()])


def test_a_changed_parent_changes_who_covers(play: Play) -> None:
    moved = world.UNITS[3] | {"parent": world.OTHER}
    play.does(world.ROOT, "import-units", units=[moved])
    assert tree(play).covers(world.OTHER, world.TOWN)
    assert not tree(play).covers(world.DISTRICT, world.TOWN)
