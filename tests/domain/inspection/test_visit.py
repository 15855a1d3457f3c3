"""Steps ② and ③: certificates, briefing, refusal of entry, division of work."""

from typing import Any

import pytest

from domain import inspection as f
from domain.inspection import Step
from domain.penalty.penalty import FilingProposed
from tests.domain import walk, world
from tests.domain.given import Play


def test_certificates_are_shown_with_the_recorder_on_and_the_rights_told(play: Play) -> None:
    walk.on_site(play)
    assert play.facts == [f.CertificatesShown]
    fact = play.fact(f.CertificatesShown)
    assert {o.certificate for o in fact.officers} == {
        world.certificate("insp1"),
        world.certificate("insp2"),
    }
    assert (fact.recorder, fact.person_in_charge.text) == ("记录仪甲-07", "万一凡")


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("PLAN-OFFICERS", {"officers": ["insp1"]}),
        ("VISIT-OFFICERS", {"officers": ["insp1", "insp4"]}),
        ("RECORDER-OFF", {"recorder": "  "}),
        ("RIGHTS-NOT-TOLD", {"rights_told": False}),
    ],
)
def test_the_party_may_refuse_what_is_not_shown(
    play: Play, rule: str, other: dict[str, Any]
) -> None:
    walk.approved(play)
    refusal = play.refuses(rule, "insp1", "show-certificates", **(walk.certificates() | other))
    assert refusal.basis or rule == "VISIT-OFFICERS"


def test_a_certificate_withdrawn_since_the_plan_does_not_count(play: Play) -> None:
    walk.approved(play)
    walk.certificate_revoked(play, "insp2")
    play.refuses("OFFICER-CERTIFICATE", "insp1", "show-certificates", **walk.certificates())


def test_nothing_on_site_before_the_plan_is_approved(play: Play) -> None:
    walk.submitted(play)
    play.refuses("STEP-ORDER", "insp1", "show-certificates", **walk.certificates())
    play.refuses(
        "STEP-ORDER",
        "insp1",
        "record-entry-refusal",
        ordered_to_correct=True,
        facts_seen="门卫阻拦",
    )


def test_the_briefing_opens_step_three_once(play: Play) -> None:
    walk.approved(play)
    play.refuses("CERTIFICATES-FIRST", "insp1", "hear-briefing", summary="介绍")
    play.does("insp1", "show-certificates", **walk.certificates())
    play.refuses("VISIT-BEGUN", "insp1", "show-certificates", **walk.certificates())
    play.does("insp2", "hear-briefing", summary="介绍")
    assert play.facts == [f.BriefingHeard, f.StepEntered]
    assert play.inspection.step is Step.DIVIDE_WORK
    play.refuses("BRIEFING-HEARD", "insp1", "hear-briefing", summary="介绍")


def test_a_refused_entry_proposes_to_file(play: Play) -> None:
    walk.approved(play).does(
        "insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门"
    )
    assert set(play.facts) == {f.EntryRefused, f.FilingProposed, f.StepEntered, FilingProposed}
    assert play.fact(f.StepEntered).step is Step.REFER
    proposal = play.fact(FilingProposed)
    assert proposal.inspection == play.case
    assert proposal.handlers == ("insp1", "insp2")
    assert proposal.facts_seen == "拒不开门"
    play.refuses(
        "ENTRY-REFUSED",
        "insp2",
        "record-entry-refusal",
        ordered_to_correct=True,
        facts_seen="再次拒绝",
    )


def test_a_fine_for_obstruction_needs_an_order_to_correct_first(play: Play) -> None:
    """WSL 108: only who does not obey it is fined."""
    walk.approved(play)
    fields = {"facts_seen": "拒不开门", "ordered_to_correct": False}
    refusal = play.refuses("ORDER-TO-CORRECT", "insp1", "record-entry-refusal", **fields)
    assert "第一百零八条" in refusal.basis


def test_who_obeys_the_order_is_not_pursued(play: Play) -> None:
    walk.approved(play).does(
        "insp1",
        "record-entry-refusal",
        facts_seen="门卫阻拦，责令后放行",
        ordered_to_correct=True,
        still_refuses=False,
    )
    assert play.facts == [f.EntryRefused]
    assert play.fact(f.EntryRefused).words() == "拒绝、阻碍检查（经责令已改正）"
    assert not play.inspection.entry_refused
    play.does("insp1", "show-certificates", **walk.certificates())


def test_after_a_refusal_the_visit_may_be_tried_again(play: Play) -> None:
    walk.approved(play).does(
        "insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门"
    )
    play.does("insp1", "show-certificates", **walk.certificates())
    assert not play.inspection.entry_refused
    play.does("insp1", "hear-briefing", summary="介绍")
    assert play.inspection.step is Step.DIVIDE_WORK


def test_every_item_has_an_officer_who_is_present(play: Play) -> None:
    walk.approved(play)
    play.refuses("STEP-ORDER", "insp1", "assign-items", officer_of={"1": "insp1"})
    play.does("insp1", "show-certificates", **walk.certificates())
    play.does("insp1", "hear-briefing", summary="介绍")
    play.refuses("ITEMS-ASSIGNED", "insp1", "assign-items", officer_of={"1": "insp1"})
    unknown = {"1": "insp1", "2": "insp2", "9": "insp1"}
    play.refuses("ITEM-UNKNOWN", "insp1", "assign-items", officer_of=unknown)
    absent = {"1": "insp1", "2": "insp4"}
    play.refuses("ITEM-OFFICER", "insp1", "assign-items", officer_of=absent)
    play.refuses("ITEM-ASSIGNED", "insp1", "answer-item", item="1", result="合格")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    assert play.facts == [f.ItemsAssigned]


def test_the_last_answer_opens_step_four(play: Play) -> None:
    walk.divided(play)
    play.refuses("ITEM-UNKNOWN", "insp1", "answer-item", item="9", result="合格")
    play.refuses("ITEM-NOTE", "insp1", "answer-item", item="1", result="不合格")
    play.does("insp1", "answer-item", item="1", result="不合格", note="无培训记录")
    assert play.facts == [f.ItemAnswered]
    play.does("insp2", "answer-item", item="2", result="不涉及")
    assert play.facts == [f.ItemAnswered, f.StepEntered]
    assert play.inspection.step is Step.FIX_EVIDENCE


def test_an_item_with_a_hazard_stays_failed(play: Play) -> None:
    walk.found(play)
    play.refuses("ITEM-HAZARD", "insp1", "answer-item", item="1", result="合格")
    play.does("insp1", "answer-item", item="1", result="不合格", note="补充说明")
