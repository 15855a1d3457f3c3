"""Dropped and made again: the same bytes, beside the live tables, at any time (F21)."""

from collections.abc import Sequence
from dataclasses import replace

import psycopg
import pytest

from projections.catalog import PROJECTIONS
from projections.projection import Change
from projections.rebuild import LOCK, RebuildRunningError, rebuild
from projections.rows import Rows
from projections.tables import Table, columns
from projections.views import units
from tests.projections.helpers import DISTRICT, OTHER, TOWN, City, digest, only, ordered, running


@pytest.fixture
def busy(city: City) -> City:
    for team in (DISTRICT, TOWN, OTHER) * 2:
        ordered(city.play, team, "一般", "重大", days=10)
    city.play.until("2026-03-20")
    city.project()
    return city


def tables(city: City) -> Sequence[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'read'::regnamespace ORDER BY 1"
    return [row["relname"] for row in city.rows(query)]


def test_a_rebuild_gives_the_same_bytes_and_the_same_tables(busy: City) -> None:
    before, names = digest(busy.database), tables(busy)
    done = rebuild(busy.database.projector)
    assert [r.name for r in done] == [p.name for p in PROJECTIONS]
    assert all(r.same and r.swapped and r.seq == busy.head for r in done)
    assert sum(t.rows for r in done for t in r.tables) > 300
    assert (digest(busy.database), tables(busy)) == (before, names)


def test_what_was_changed_by_hand_is_found_and_put_right(busy: City) -> None:
    before = digest(busy.database)
    with psycopg.connect(busy.database.projector) as connection:
        connection.execute("UPDATE read.units SET name = '乌有镇' WHERE name = '柳桥镇'")
        connection.execute("DELETE FROM read.timeline WHERE topic = 'clock/fired'")
    changed = digest(busy.database)
    compared = {r.name: r for r in rebuild(busy.database.projector, compare=True)}
    assert {n for n, r in compared.items() if not r.same} == {"units", "timeline"}
    found = only(compared["units"].tables)
    assert (found.only_live, found.only_rebuilt) == (1, 1)
    assert sorted(e[:3] for e in found.examples) == ["仅现用", "仅重建"]
    assert any(e.startswith("仅现用") and "乌有镇" in e for e in found.examples)
    assert digest(busy.database) == changed, "comparing puts nothing in place"
    assert not only(rebuild(busy.database.projector, "units")).same
    rebuild(busy.database.projector, "timeline")
    assert digest(busy.database) == before


def test_a_rebuild_while_the_runner_works_loses_nothing(busy: City) -> None:
    with running(busy.database):
        for team in (DISTRICT, OTHER):
            ordered(busy.play, team, "一般")
            assert all(r.same for r in rebuild(busy.database.projector))
        busy.wait()
    live = digest(busy.database)
    assert all(r.same for r in rebuild(busy.database.projector, compare=True))
    assert digest(busy.database) == live


def test_one_rebuild_at_a_time(busy: City) -> None:
    with psycopg.connect(busy.database.projector) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        with pytest.raises(RebuildRunningError):
            rebuild(busy.database.projector)


def test_an_unknown_projection_is_named(busy: City) -> None:
    with pytest.raises(KeyError):
        rebuild(busy.database.projector, "unknown")


def test_a_new_version_takes_the_place_of_the_old_one(busy: City) -> None:
    """With another shape and at the position where the old one stood."""
    shape = columns(id="uuid", named="text")
    newer = Table("units", "机构", ("id",), shape, ("(named)",))

    def on(change: Change, rows: Rows) -> None:
        old = Rows()
        units.on(change, old)
        match change.event.fact:
            case units.UnitAdded(unit=unit) | units.UnitChanged(unit=unit):
                rows.put(newer, {"id": unit.id, "named": f"单位{unit.name}"})
            case _:
                pass

    changed = replace(units.PROJECTION, version=2, tables=(newer,), on=on)
    projections = [changed if p.name == "units" else p for p in PROJECTIONS]
    busy.project(projections)
    names = busy.rows("SELECT named FROM read.units ORDER BY 1")
    assert {"named": "单位柳桥镇"} in names
    row = only(busy.rows("SELECT version, seq FROM read.positions WHERE name = 'units'"))
    assert row == {"version": 2, "seq": busy.head}
