"""Filing (立案): approved or refused by somebody who does not handle the case."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain import inspection as f
from domain.deadlines import DeadlineMet, Key
from domain.organisation.numbers import NumberTaken
from domain.penalty.penalty import FilingApproved, FilingRefused
from tests.domain import walk
from tests.domain.given import Play

CAUSE = {"cause": "特种作业人员未持证上岗", "facts_seen": "焊工一人无证"}


@pytest.fixture
def proposed(play: Play) -> Play:
    """A filing proposal beside a running rectification."""
    return walk.served(play).does("insp1", "propose-filing", **CAUSE)


def test_an_approved_filing_has_its_number(proposed: Play) -> None:
    proposed.does("appr1", "approve-filing", opinion="同意立案")
    assert set(proposed.facts) == {FilingApproved, f.FilingDecided, f.StepEntered, NumberTaken}
    approved = proposed.fact(FilingApproved)
    assert (approved.document.number, approved.opinion) == ("（枣青）应急立〔2026〕1号", "同意立案")
    assert proposed.fact(f.FilingDecided).approved
    assert proposed.penalty.status == "approved"
    assert not proposed.penalty.terminal
    assert proposed.inspection.proposals == {UUID(proposed.said["penalty"]): "approved"}


def test_a_refused_filing_gives_its_reason_and_ends(proposed: Play) -> None:
    proposed.does("appr1", "refuse-filing", reason="首次违法且危害后果轻微并及时改正")
    assert set(proposed.facts) == {FilingRefused, f.FilingDecided}
    assert proposed.fact(FilingRefused).reason.startswith("首次违法")
    assert proposed.penalty.terminal
    assert proposed.inspection.proposals == {UUID(proposed.said["penalty"]): "refused"}


@pytest.mark.parametrize("first", ["approve-filing", "refuse-filing"])
@pytest.mark.parametrize("second", ["approve-filing", "refuse-filing"])
def test_a_filing_is_decided_once(proposed: Play, first: str, second: str) -> None:
    fields = {"approve-filing": {}, "refuse-filing": {"reason": "无"}}
    proposed.does("appr1", first, **fields[first])
    proposed.refuses("FILING-DECIDED", "appr1", second, **fields[second])


def test_the_handlers_do_not_file_their_own_case(play: Play) -> None:
    walk.planned(play, by="appr2", officers=["appr2", "insp1"]).does("insp1", "submit-plan")
    play.does("appr1", "approve-plan")
    play.does("insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门")
    play.refuses("SEPARATION", "appr2", "approve-filing")
    play.refuses("SEPARATION", "appr2", "refuse-filing", reason="无")
    play.does("appr1", "approve-filing")


def test_only_approvers_of_the_unit_or_above_decide(proposed: Play) -> None:
    proposed.refuses("ROLE", "insp4", "approve-filing")
    proposed.refuses("NOT-FOUND", "appr9", "approve-filing")
    proposed.refuses("NOT-FOUND", "appr5", "approve-filing")
    proposed.does("appr0", "approve-filing")


def test_filed_late_after_urgent_evidence(play: Play) -> None:
    """FILE-LATE: five days, rung by rung, and met late."""
    walk.found(play).does("insp1", "propose-filing", **CAUSE, urgent=True)
    assert str(play.penalty.deadlines[Key.read("FILE-LATE")].due.due) == "2026-03-09"
    gone = [(g.at, g.rung) for g in play.until("2026-03-11T08:00") if g.deadline == "FILE-LATE"]
    assert gone == [
        ("2026-03-04T09:00", "-3wd"),
        ("2026-03-06T09:00", "-1wd"),
        ("2026-03-10T00:00", "due"),
        ("2026-03-10T09:00", "+1wd"),
    ]
    play.does("appr1", "approve-filing")
    assert play.fact(DeadlineMet).late
    assert not [g for g in play.until("2026-04-30") if g.deadline == "FILE-LATE"]


def test_a_case_that_is_not_there(play: Play) -> None:
    play.refuses("NOT-FOUND", "appr1", "approve-filing", target=play.case)


def test_a_decision_is_not_dated_before_its_proposal(proposed: Play) -> None:
    earlier = proposed.log.now - timedelta(days=1)
    proposed.refuses(None, "appr1", "approve-filing", at=earlier)
