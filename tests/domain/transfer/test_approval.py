"""Transfer (移送): decided by somebody outside the team, in three days (R310 art. 5)."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineMet
from domain.transfer.transfer import TransferApproved, TransferRefused
from tests.domain import walk
from tests.domain.given import Play

SIGNAL = {"signal": "unlicensed", "facts_seen": "无证从事危险物品生产，存在现实危险"}


@pytest.fixture
def proposed(play: Play) -> Play:
    """A transfer proposal of 2 March, beside a running rectification."""
    walk.served(play, "重大")
    return play.does("insp1", "report-crime-signal", **SIGNAL, team=["insp1", "insp2"])


def test_an_approved_transfer(proposed: Play) -> None:
    proposed.does("appr1", "approve-transfer", opinion="同意移送")
    assert set(proposed.facts) == {TransferApproved, DeadlineMet, f.TransferDecided}
    assert not proposed.fact(DeadlineMet).late
    assert proposed.transfer.status == "approved"
    assert not proposed.transfer.terminal
    assert proposed.inspection.proposals == {UUID(proposed.said["transfer"]): "approved"}


def test_a_refused_transfer_records_its_reason(proposed: Play) -> None:
    proposed.does("appr1", "refuse-transfer", reason="不具有现实危险")
    assert proposed.fact(TransferRefused).reason == "不具有现实危险"
    assert proposed.transfer.terminal
    assert proposed.inspection.proposals == {UUID(proposed.said["transfer"]): "refused"}


@pytest.mark.parametrize("first", ["approve-transfer", "refuse-transfer"])
@pytest.mark.parametrize("second", ["approve-transfer", "refuse-transfer"])
def test_a_transfer_is_decided_once(proposed: Play, first: str, second: str) -> None:
    fields = {"approve-transfer": {}, "refuse-transfer": {"reason": "无"}}
    proposed.does("appr1", first, **fields[first])
    proposed.refuses("TRANSFER-DECIDED", "appr1", second, **fields[second])


def test_three_days_ring_and_escalate(proposed: Play) -> None:
    gone = [(g.at, g.rung) for g in proposed.until("2026-03-31") if g.deadline == "TR-APPR"]
    # Day 0 is Monday, 2 March; a reminder on day 0 would tell nothing.
    assert gone == [
        ("2026-03-04T09:00", "-1wd"),
        ("2026-03-06T00:00", "due"),
        ("2026-03-06T09:00", "+1wd"),
        ("2026-03-10T09:00", "+3wd"),
    ]
    proposed.does("appr1", "approve-transfer")
    assert proposed.fact(DeadlineMet).late


def test_a_decided_transfer_rings_no_more(proposed: Play) -> None:
    proposed.does("appr1", "refuse-transfer", reason="不具有现实危险")
    assert not [g for g in proposed.until("2026-03-31") if g.deadline == "TR-APPR"]


def test_the_team_does_not_decide(play: Play) -> None:
    walk.planned(play, by="appr2", officers=["appr2", "insp1"]).does("insp1", "submit-plan")
    play.does("appr1", "approve-plan")
    play.does("insp1", "show-certificates", **walk.certificates(("appr2", "insp1")))
    play.does("insp1", "report-crime-signal", **SIGNAL, team=["appr2", "insp1"])
    play.refuses("SEPARATION", "appr2", "approve-transfer")
    play.refuses("SEPARATION", "appr2", "refuse-transfer", reason="无")


def test_who_reported_the_crime_does_not_decide(play: Play) -> None:
    """An officer who leaves himself out of the team still decides on his own report."""
    walk.planned(play, by="appr2", officers=["appr2", "insp1"]).does("insp1", "submit-plan")
    play.does("appr1", "approve-plan")
    play.does("insp1", "show-certificates", **walk.certificates(("appr2", "insp1")))
    play.does("appr2", "report-crime-signal", **SIGNAL, team=["insp1", "insp2"])
    play.refuses("SEPARATION", "appr2", "approve-transfer")


def test_only_approvers_of_the_unit_or_above_decide(proposed: Play) -> None:
    proposed.refuses("ROLE", "insp4", "approve-transfer")
    proposed.refuses("NOT-FOUND", "appr9", "approve-transfer")
    proposed.does("appr0", "approve-transfer")


def test_a_transfer_bars_the_closing_until_it_is_refused(proposed: Play) -> None:
    walk.publish(walk.recheck(proposed, "已整改", "H1"))
    refusal = proposed.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"] == ["立案或移送建议待审批"]
    proposed.does("appr1", "refuse-transfer", reason="不具有现实危险")
    walk.close(proposed)


def test_a_decision_is_not_dated_before_its_proposal(proposed: Play) -> None:
    earlier = proposed.log.now - timedelta(days=1)
    proposed.refuses(None, "appr1", "approve-transfer", at=earlier)
