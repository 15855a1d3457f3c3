"""Towns and streets (镇街) find and order; penalty and transfer are decided above (SD 47, 58)."""

from typing import Any

import pytest

from domain import inspection as f
from domain.penalty.penalty import FilingProposed
from domain.transfer.transfer import TransferProposed
from tests.domain import walk, world
from tests.domain.given import Play

CAUSE = {"cause": "未如实记录安全生产教育和培训情况", "facts_seen": "抽查三人无培训记录"}
TOWN = next(unit for unit in world.UNITS if unit["id"] == world.TOWN)


@pytest.fixture
def visit(play: Play) -> Play:
    return walk.town_on_site(play)


def changed(play: Play, **particulars: Any) -> Play:
    return play.does(world.ROOT, "import-units", units=[TOWN | particulars])


def test_a_town_reports_and_the_district_decides(visit: Play) -> None:
    visit.does("insp5", "propose-filing", **CAUSE)
    assert visit.fact(FilingProposed).unit == world.DISTRICT
    visit.refuses("NOT-FOUND", "appr5", "approve-filing")
    visit.does("appr1", "approve-filing")
    assert visit.said["number"].startswith("（枣青）")
    assert visit.fact(f.FilingDecided).approved


def test_so_it_does_with_a_suspected_crime(visit: Play) -> None:
    signal = {"signal": "alarms", "facts_seen": "报警器被拔除", "team": ["insp5", "insp6"]}
    visit.does("insp5", "report-crime-signal", **signal)
    assert visit.fact(TransferProposed).unit == world.DISTRICT
    visit.refuses("NOT-FOUND", "appr5", "approve-transfer")
    visit.does("appr1", "approve-transfer")


def test_a_town_with_the_delegated_power_decides_itself(visit: Play) -> None:
    changed(visit, delegated=True).does("insp5", "propose-filing", **CAUSE)
    assert visit.fact(FilingProposed).unit == world.TOWN
    visit.does("appr5", "approve-filing")
    assert visit.said["number"].startswith("（青柳）")


def test_a_town_with_nobody_above_is_told_so(visit: Play) -> None:
    changed(visit, parent=None)
    refusal = visit.refuses("TOWN-REPORTS", "insp5", "propose-filing", **CAUSE)
    assert "第四十七条" in refusal.basis
