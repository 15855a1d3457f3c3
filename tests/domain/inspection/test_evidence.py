"""Step ④: evidence, hazards, the end of the visit."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import inspection as f
from domain.inspection import Step
from domain.inspection.values import EvidenceKind, ItemResult
from tests.domain import walk
from tests.domain.given import Play


def fields(play: Play, **other: Any) -> dict[str, Any]:
    return {
        "kind": "书证",
        "sha256": play.upload("培训台账"),
        "title": "培训台账复印件",
        "place": "办公室",
        "taken_at": play.log.now,
        "taken_by": "insp2",
    } | other


def test_the_law_knows_eight_kinds_of_evidence() -> None:
    assert [k.value for k in EvidenceKind] == [
        "书证",
        "物证",
        "视听资料",
        "电子数据",
        "证人证言",
        "当事人的陈述",
        "鉴定意见",
        "勘验笔录、现场笔录",
    ]


def test_evidence_is_kept_with_hash_time_place_and_taker(play: Play) -> None:
    walk.on_site(play).does("insp1", "add-evidence", **fields(play))
    assert play.facts == [f.EvidenceAdded]
    evidence = play.fact(f.EvidenceAdded).evidence
    assert evidence.sha256 == play.upload("培训台账")
    assert (evidence.place, evidence.taken_by) == ("办公室", "insp2")
    assert evidence.taken_at == play.log.now - timedelta(minutes=1)
    assert play.said["evidence"] == str(evidence.id)


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("EVIDENCE-TAKER", {"taken_by": "insp4"}),
        ("EVIDENCE-BYTES", {"sha256": "0" * 64}),
        ("EVIDENCE-TIME", {"taken_at": "2026-03-03T09:00:00+08:00"}),
    ],
)
def test_evidence_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.on_site(play)
    play.refuses(rule, "insp1", "add-evidence", **fields(play, **other))


def test_no_evidence_before_the_certificates_except_of_a_refusal(play: Play) -> None:
    walk.approved(play)
    play.refuses("CERTIFICATES-FIRST", "insp1", "add-evidence", **fields(play))
    play.does("insp1", "record-entry-refusal", ordered_to_correct=True, facts_seen="拒不开门")
    play.does("insp1", "add-evidence", **fields(play))


def test_a_hazard_is_numbered_and_graded(play: Play) -> None:
    walk.answered(play, ItemResult.FAIL)
    assert walk.hazard(play, item="1") == "H1"
    assert walk.hazard(play, "重大") == "H2"
    fact = play.fact(f.HazardFound)
    assert (fact.grade.value, fact.item) == ("重大", None)
    assert fact.standard


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("HAZARD-ITEM", {"item": "2"}),
        ("HAZARD-ITEM", {"item": "9"}),
        ("HAZARD-STANDARD", {"grade": "重大"}),
        ("EVIDENCE-UNKNOWN", {"evidence": [uuid4()]}),
    ],
)
def test_a_hazard_that_does_not_hold(play: Play, rule: str, other: dict[str, Any]) -> None:
    walk.answered(play, ItemResult.FAIL)
    given = {"description": "隐患", "grade": "一般"} | other
    refusal = play.refuses(rule, "insp1", "record-hazard", **given)
    assert bool(refusal.basis) == (rule == "HAZARD-STANDARD")


def test_the_visit_ends_with_each_hazard_proved(play: Play) -> None:
    walk.answered(play, ItemResult.FAIL)
    play.refuses("ITEM-HAZARD-MISSING", "insp1", "finish-visit")
    walk.hazard(play, item="1", evidence=[])
    refusal = play.refuses("HAZARD-EVIDENCE", "insp1", "finish-visit")
    assert refusal.extra == {"hazards": ["H1"]}
    photo = walk.evidence(play, "补拍照片")
    play.refuses("HAZARD-UNKNOWN", "insp1", "link-evidence", hazard="H9", evidence=[photo])
    play.refuses("EVIDENCE-UNKNOWN", "insp1", "link-evidence", hazard="H1", evidence=[uuid4()])
    play.does("insp2", "link-evidence", hazard="H1", evidence=[photo])
    assert play.fact(f.EvidenceLinked).evidence == (UUID(photo),)
    play.does("insp1", "finish-visit")
    assert play.facts == [f.VisitFinished, f.StepEntered]
    assert play.fact(f.VisitFinished).hazards == 1
    assert play.inspection.step is Step.SERVE_DOCUMENTS


def test_the_visit_does_not_end_before_every_item_is_answered(play: Play) -> None:
    walk.divided(play)
    play.refuses("STEP-ORDER", "insp1", "finish-visit")


def test_a_visit_of_several_days_has_from_and_to(play: Play) -> None:
    walk.found(play)
    play.at("2026-03-03T16:30").does("insp1", "finish-visit")
    fact = play.fact(f.VisitFinished)
    assert f"{fact.began_at:%m-%d} {fact.ended_at:%m-%d}" == "03-02 03-03"


def test_no_hazard_after_the_evidence_is_fixed(play: Play) -> None:
    walk.finished(play)
    play.refuses("STEP-ORDER", "insp1", "record-hazard", description="隐患", grade="一般")
    play.refuses("STEP-ORDER", "insp1", "answer-item", item="1", result="合格")
