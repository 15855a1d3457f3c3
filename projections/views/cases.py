"""Cases (案件): one row each, the state its aggregate has, and what only its facts tell."""

from typing import Any

from domain import registry
from domain.clocked import Clocked
from domain.inspection import facts as f
from domain.inspection.inspection import Inspection, Paper
from domain.inspection.values import Grade
from domain.penalty import PenaltyCase
from domain.penalty import penalty as p
from domain.transfer import Transfer
from domain.transfer import transfer as t
from projections.projection import Change, Projection, officers_of
from projections.rows import Row, Rows
from projections.tables import Column, Table, columns

STAGES = {
    ("penalty", "proposed"): "立案待审批",
    ("penalty", "approved"): "已立案",
    ("penalty", "refused"): "不予立案",
    ("transfer", "proposed"): "移送待审批",
    ("transfer", "approved"): "已批准移送",
    ("transfer", "refused"): "不批准移送",
}
"""Words for where a case without steps stands."""

CASES = Table(
    "cases",
    "案件",
    ("id",),
    columns(
        id="uuid",
        kind="text",
        unit="uuid",
        enterprise=Column("uuid", "keep"),
        inspection="uuid",
        title=Column("text", "keep"),
        number=Column("text", "keep"),
        step="integer",
        stage="text",
        steps="jsonb",
        outcome="text",
        ended="boolean",
        officers="text[]",
        papers="jsonb",
        found=Column("jsonb", "append"),
        hazards="jsonb",
        hazard_count="integer",
        major_count="integer",
        open_count="integer",
        next_due="date",
        initiator=Column("text", "first"),
        opened_at=Column("timestamptz", "first"),
        opened_seq=Column("bigint", "first"),
        version="integer",
        seq="bigint",
        changed_at="timestamptz",
    ),
    (
        "(unit, kind, opened_seq)",
        "(unit, kind, opened_seq) WHERE NOT ended",
        "(initiator, opened_seq) WHERE NOT ended",
        "(inspection) WHERE inspection IS NOT NULL",
        "(enterprise, opened_seq)",
        "(number)",
    ),
)


def on(change: Change, rows: Rows) -> None:
    """What a fact tells at once, the state when the page has no later fact of the case."""
    case, fact, key = change.case, change.event.fact, {"id": change.stored.stream}
    if case is None:
        return
    match fact:
        case p.FilingProposed(enterprise=enterprise, cause=title):
            rows.put(CASES, key | {"enterprise": enterprise, "title": title})
        case t.TransferProposed(enterprise=enterprise):
            rows.put(CASES, key | {"enterprise": enterprise, "title": "涉嫌犯罪移送"})
        case f.PlanApproved(document=document) | p.FilingApproved(document=document):
            rows.put(CASES, key | {"number": document.number})
        case f.HazardFound():
            kept = {"hazard", "description", "standard", "breached"}
            rows.put(CASES, key | {"found": [fact.model_dump(include=kept)]})
        case _:
            pass
    if change.stored.version == 1:
        opened = {"opened_at": change.event.occurred_at, "opened_seq": change.stored.seq}
        rows.put(CASES, key | opened | {"initiator": change.event.by.account})
    if change.last:
        rows.put(CASES, key | _state(case) | _place(change))


def _place(change: Change) -> Row:
    stored = change.stored
    return {"version": stored.version, "seq": stored.seq, "changed_at": change.event.occurred_at}


def _state(case: Clocked) -> Row:
    dues = [d.due.due for d in case.open_deadlines()]
    common: Row = {
        "kind": case.KIND,
        "unit": registry.unit_of(case),
        "officers": officers_of(case),
        "ended": case.terminal,
        "next_due": min(dues, default=None),
    }
    match case:
        case Inspection():
            return common | _inspection(case)
        case PenaltyCase() | Transfer():
            stage = STAGES.get((case.KIND, case.status), case.status)
            outcome = stage if case.terminal else None
            return common | {"inspection": case.inspection, "stage": stage, "outcome": outcome}
        case _:
            return common


def _inspection(case: Inspection) -> Row:
    plan = case.plan
    return {
        "enterprise": plan and plan.enterprise,
        "title": plan and plan.source,
        "step": case.step,
        "stage": case.step.title,
        "steps": [{"step": s, "entered_at": at} for s, at in sorted(case.entered.items())],
        "outcome": case.outcome,
        "papers": [_paper(paper) for paper in case.papers.values()],
        "hazards": [_hazard(case, no) for no in case.hazards],
        "hazard_count": len(case.hazards),
        "major_count": sum(h.grade is Grade.MAJOR for h in case.hazards.values()),
        "open_count": len(case.open_hazards()),
    }


def _paper(paper: Paper) -> dict[str, Any]:
    return paper.document.model_dump() | {
        "measure": paper.measure,
        "hazards": paper.hazards,
        "to_serve": paper.must_be_served,
        "served_on": paper.served_on,
        "void": paper.void,
        "lifted": paper.lifted,
    }


def _hazard(case: Inspection, no: str) -> dict[str, Any]:
    hazard = case.hazards[no]
    deadline = case.deadlines.get(hazard.fix_key)
    return {
        "hazard": no,
        "item": hazard.item,
        "grade": hazard.grade,
        "status": hazard.status,
        "rounds": hazard.rounds,
        "served": hazard.served,
        "reported": hazard.reported,
        "due": deadline and deadline.due.due,
        "evidence": sorted(str(e) for e in hazard.evidence),
    }


PROJECTION = Projection("cases", 1, (CASES,), on)
