"""Steps ⑥ and ⑦ beside the rectification: filing proposals and refused orders."""

from uuid import UUID

from domain import inspection as f
from domain.deadlines import DeadlineSet, Key
from domain.inspection import Step
from domain.penalty.penalty import FilingProposed
from tests.domain import walk
from tests.domain.given import Play

CAUSE = {"cause": "未如实记录安全生产教育和培训情况", "facts_seen": "抽查三人无培训记录"}


def test_a_violation_is_proposed_at_once(play: Play) -> None:
    """⑤ → ⑥ at once: the fine need not wait for non-rectification."""
    walk.found(play).does("insp2", "propose-filing", **CAUSE, hazards=["H1"])
    assert set(play.facts) == {FilingProposed, f.FilingProposed, f.StepEntered}
    proposal = play.fact(FilingProposed)
    assert (proposal.cause, proposal.hazards, proposal.urgent) == (CAUSE["cause"], ("H1",), False)
    assert play.inspection.step is Step.FIX_EVIDENCE
    assert Step.REFER in play.inspection.entered


def test_a_proposal_needs_a_visit_and_known_hazards(play: Play) -> None:
    walk.approved(play)
    play.refuses("CERTIFICATES-FIRST", "insp1", "propose-filing", **CAUSE)
    play.does("insp1", "show-certificates", **walk.certificates())
    play.refuses("HAZARD-UNKNOWN", "insp1", "propose-filing", **CAUSE, hazards=["H1"])


def test_evidence_first_in_urgency_starts_the_term_to_file(play: Play) -> None:
    walk.found(play).does("insp1", "propose-filing", **CAUSE, urgent=True)
    due = play.fact(DeadlineSet).due
    assert (due.rule, due.length, str(due.due)) == ("FILE-LATE", 5, "2026-03-09")


def test_filing_opens_step_seven_and_the_rectification_goes_on(play: Play) -> None:
    walk.served(play).does("insp1", "propose-filing", **CAUSE)
    play.does("appr1", "approve-filing")
    case = play.inspection
    assert Step.HANDLE_BY_LAW in case.entered
    assert case.step is Step.CLOSE_LOOP
    assert case.running(Key.read("FIX-DUE/H1/1"))


def refuse(play: Play, document: str) -> Play:
    return play.does("insp1", "record-order-refusal", document=document, facts_seen="拒不停止作业")


def test_a_refused_order_on_a_general_hazard_proposes_to_file(play: Play) -> None:
    walk.served(play)
    refuse(play, play.said["order"])
    assert play.fact(f.OrderRefused).hazards == ("H1",)
    assert play.fact(FilingProposed).hazards == ("H1",)


def test_a_refusal_is_of_something_served_and_still_open(play: Play) -> None:
    walk.recorded(play)
    record = play.said["document"]
    given = {"document": record, "facts_seen": "拒不整改"}
    play.refuses("REFUSAL-UNSERVED", "insp1", "record-order-refusal", **given)
    given["document"] = walk.order(play, H1="2026-03-20")
    play.refuses("REFUSAL-UNSERVED", "insp1", "record-order-refusal", **given)
    walk.serve(play, given["document"])
    walk.recheck(play, "已整改", "H1")
    play.refuses("REFUSAL-SETTLED", "insp1", "record-order-refusal", **given)


def test_each_proposal_is_decided_for_itself(play: Play) -> None:
    walk.served(play).does("insp1", "propose-filing", **CAUSE)
    first = play.said["penalty"]
    refuse(play, play.said["order"])
    second = play.said["penalty"]
    play.does("appr1", "approve-filing", target=UUID(first))
    proposals = {str(k): v for k, v in play.inspection.proposals.items()}
    assert proposals == {first: "approved", second: "proposed"}


def test_the_general_hazards_of_a_refused_order_are_filed_beside_the_transfer(play: Play) -> None:
    """⑥ is entered on refusal; the transfer takes only the major hazard along."""
    walk.served(play, "重大", "一般")
    refuse(play, play.said["order"])
    assert play.fact(f.TransferProposed).hazards == ("H1",)
    assert play.fact(FilingProposed).hazards == ("H2",)


def test_the_same_refusal_is_recorded_once(play: Play) -> None:
    walk.served(play)
    refuse(play, play.said["order"])
    again = {"document": play.said["order"], "facts_seen": "拒不停止作业"}
    play.refuses("REFUSAL-RECORDED", "insp2", "record-order-refusal", **again)
