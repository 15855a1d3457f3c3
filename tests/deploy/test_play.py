"""Public cases through a whole system of their own: real database, real Temporal, real API."""

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.commands.play import SCENARIOS
from deploy.play.player import Outcome, play
from deploy.play.scenario import read_scenario
from domain.deadlines import Key
from domain.law import law


@pytest.fixture(scope="module")
def forgotten() -> Outcome:
    """G12: an order of 2015, rechecked 150 days late."""
    return asyncio.run(
        play(read_scenario(SCENARIOS / "G12-forgotten-for-five-months.jsonl"), print)
    )


def deadlines(row: dict[str, Any]) -> list[str]:
    """Deadlines that a line of the timeline is about, as addresses write them."""
    return [str(Key(*key)) for key in row["data"].get("deadlines", ())]


def fired(outcome: Outcome, deadline: str) -> list[tuple[str, str, str]]:
    """Rung, addressee and instant of every clock of a deadline, in order of the log."""
    return [
        (row["data"]["rung"]["name"], row["data"]["rung"]["to"], row["at"])
        for row in outcome.timeline
        if row["topic"] == "clock/fired" and deadline in deadlines(row)
    ]


def test_a_forgotten_order_is_escalated_from_the_first_day_to_higher_levels(
    forgotten: Outcome,
) -> None:
    assert forgotten.as_expected
    assert fired(forgotten, "FIX-DUE/H1/1") == [
        ("-3wd", "handler", "2015-06-25T09:00:00+08:00"),
        ("-1wd", "handler", "2015-06-29T09:00:00+08:00"),
        ("due", "handler", "2015-07-01T00:00:00+08:00"),
        ("+1wd", "supervisor", "2015-07-01T09:00:00+08:00"),
        ("+3wd", "supervisor", "2015-07-03T09:00:00+08:00"),
    ]
    recheck = fired(forgotten, "RECHECK/H1/1")
    calendar = law().calendar
    assert [(name, to) for name, to, _ in recheck] == [
        ("-3wd", "handler"),
        ("-1wd", "handler"),
        ("due", "handler"),
        ("+1wd", "supervisor"),
        ("+3wd", "supervisor"),
        ("+10wd", "superior"),
        ("+30wd", "superior"),
        ("+60wd", "superior"),
    ]
    due = calendar.roll(date(2015, 7, 10))
    for name, _, at in recheck[3:]:
        assert at[:10] == calendar.add_workdays(due, int(name[1:-2])).isoformat()


def test_every_clock_fires_at_its_instant_and_once(forgotten: Outcome) -> None:
    clocks = [r for r in forgotten.timeline if r["topic"] == "clock/fired"]
    keys = [
        (r["case"], deadline, r["data"]["due"], r["data"]["rung"]["name"])
        for r in clocks
        for deadline in deadlines(r)
    ]
    assert len(set(keys)) == len(keys) > 30
    assert all(r["data"]["late_seconds"] == 0 for r in clocks)
    assert [r["at"] for r in forgotten.timeline] == sorted(r["at"] for r in forgotten.timeline)


def test_the_failed_recheck_opened_a_filing_proposal_in_the_same_moment(forgotten: Outcome) -> None:
    (recheck,) = [r for r in forgotten.timeline if r["topic"] == "inspection/recheck-made"]
    (proposal,) = [r for r in forgotten.timeline if r["topic"] == "penalty/filing-proposed"]
    assert proposal["at"] == recheck["at"]
    assert proposal["data"]["hazards"] == ["H1", "H3"]
    assert "FIX-DUE/H1/2" in {key for r in forgotten.timeline for key in deadlines(r)}


def test_a_line_that_goes_otherwise_ends_with_exit_1_and_shows_the_rule(tmp_path: Path) -> None:
    lines = [
        {
            "at": "2026-03-02T09:00:00+08:00",
            "by": "insp1",
            "do": "plan-inspection",
            "with": {
                "enterprise": "$enterprise1",
                "source": "年度计划",
                "visit_from": "2026-03-03",
                "visit_to": "2026-03-03",
                "officers": ["insp1"],
                "items": [{"no": "1", "title": "消防通道"}],
                "basis": "年度执法计划",
                "cap_checked": True,
            },
        },
        {"at": "2026-03-02T10:00:00+08:00", "by": "insp1", "do": "submit-plan"},
    ]
    file = tmp_path / "one-officer.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    result = CliRunner().invoke(app, ["play", str(file), "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert [line["answer"]["rule"] for line in told["lines"]] == ["PLAN-OFFICERS"]
    assert "PLAN-OFFICERS" in result.stderr
