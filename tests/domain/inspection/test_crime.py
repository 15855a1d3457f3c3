"""Crime signals: the transfer proposal, and what there was before the law knew the crime."""

from typing import Any

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineSet
from domain.inspection import Step
from domain.penalty.penalty import FilingProposed
from domain.transfer.transfer import TransferProposed
from tests.domain import walk
from tests.domain.given import Play

SIGNAL: dict[str, Any] = {
    "signal": "alarms",
    "facts_seen": "可燃气体报警器被拔除，存在现实危险",
    "hazards": ["H1"],
    "team": ["insp1", "insp2"],
}


@pytest.mark.parametrize("signal", ["alarms", "refused", "unlicensed", "accident"])
def test_a_signal_opens_a_transfer_proposal(play: Play, signal: str) -> None:
    walk.found(play, "重大").does("insp1", "report-crime-signal", **(SIGNAL | {"signal": signal}))
    assert set(play.facts) == {f.TransferProposed, f.StepEntered, TransferProposed, DeadlineSet}
    proposal = play.fact(TransferProposed)
    assert (proposal.signal, proposal.team) == (signal, ("insp1", "insp2"))
    due = play.fact(DeadlineSet).due
    # 2 March + 3 calendar days = 5 March, a Thursday (R310 art. 5, counted in calendar days).
    assert (due.rule, due.unit, str(due.due)) == ("TR-APPR", "cd", "2026-03-05")
    assert Step.REFER in play.inspection.entered


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("CRIME-SIGNAL", {"signal": "theft"}),
        ("TR-TEAM", {"team": ["insp1"]}),
        ("TR-TEAM", {"team": ["insp1", "insp1"]}),
        ("HAZARD-UNKNOWN", {"hazards": ["H9"]}),
    ],
)
def test_a_signal_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.found(play, "重大")
    refusal = play.refuses(rule, "insp1", "report-crime-signal", **(SIGNAL | other))
    assert bool(refusal.basis) == (rule != "HAZARD-UNKNOWN")


def test_the_team_are_officers(play: Play) -> None:
    """R310 5: two or more enforcement officers; names nobody has are not."""
    walk.found(play, "重大")
    strangers = SIGNAL | {"team": ["nobody", "noone"]}
    play.refuses("OFFICER-UNKNOWN", "insp1", "report-crime-signal", **strangers)


def test_no_signal_before_the_visit(play: Play) -> None:
    walk.approved(play)
    given = SIGNAL | {"hazards": []}
    play.refuses("CERTIFICATES-FIRST", "insp1", "report-crime-signal", **given)


def refused(play: Play, day: str) -> Play:
    """A stop on a major hazard, served and refused on ``day``."""
    walk.stopped(play.at(day))
    return play.does(
        "insp1", "record-order-refusal", document=play.said["stop"], facts_seen="继续生产"
    )


def test_a_refused_order_on_a_major_hazard_proposes_the_transfer(play: Play) -> None:
    refused(play, "2026-03-02")
    assert play.fact(TransferProposed).signal == "refused"
    assert play.fact(TransferProposed).hazards == ("H1",)
    assert "penalty" not in play.said


def test_the_crime_is_known_from_march_2021(play: Play) -> None:
    refused(play, "2021-03-01")
    assert "transfer" in play.said


def test_the_day_before_it_was_a_filing(play: Play) -> None:
    refused(play, "2021-02-28")
    assert play.fact(FilingProposed).hazards == ("H1",)
    assert "transfer" not in play.said


def test_before_the_judicial_interpretation_of_2015_too(play: Play) -> None:
    refused(play, "2015-06-02")
    assert play.fact(FilingProposed).hazards == ("H1",)


def test_before_2021_only_the_accident_is_a_signal(play: Play) -> None:
    walk.found(play.at("2019-06-03"), "重大")
    play.refuses("CRIME-SIGNAL", "insp1", "report-crime-signal", **SIGNAL)
    play.does("insp1", "report-crime-signal", **(SIGNAL | {"signal": "accident"}))
