"""Random moves on one inspection: the fields of every command, from what the case holds now."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from domain.deadlines import Status
from domain.inspection import Inspection, Step
from domain.inspection.values import ItemResult, MeasureKind, RecheckResult
from tests.domain import walk
from tests.domain.given import Play

T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]

PLANNING = ("submit-plan", "approve-plan", "refuse-plan", "cancel-inspection")
ON_SITE = (
    "show-certificates",
    "hear-briefing",
    "assign-items",
    "answer-item",
    "record-hazard",
    "finish-visit",
    "record-entry-refusal",
)
AFTER = (
    "make-record",
    "issue-order",
    "issue-measure",
    "serve-document",
    "report-rectification",
    "recheck",
    "request-extension",
    "request-resumption",
    "record-order-refusal",
    "publish-result",
    "suspend-rectification",
    "record-shutdown",
)
ANSWERS = (
    "grant-extension",
    "refuse-extension",
    "resume-rectification",
    "agree-resumption",
    "refuse-resumption",
    "close-inspection",
)
REFERRAL = ("propose-filing", "report-crime-signal")
ELSEWHERE = ("approve-filing", "refuse-filing", "approve-transfer", "refuse-transfer")
EVERYTHING = PLANNING + ON_SITE + AFTER + ANSWERS + REFERRAL


def likely(case: Inspection) -> tuple[str, ...]:
    """Commands that have a chance now: most random ones would only be refused."""
    if case.step < Step.SHOW_CERTIFICATES:
        return PLANNING
    if case.step < Step.SERVE_DOCUMENTS:
        return ON_SITE + REFERRAL
    asked = any(p.resumption_asked for p in case.papers.values())
    waiting = asked or any(not e.answered for e in case.extensions.values())
    still = any(d.status is Status.SUSPENDED for d in case.deadlines.values())
    return AFTER + (ANSWERS * 2 if waiting or still else ANSWERS[-1:]) + REFERRAL


def fields(name: str, play: Play, pick: Pick) -> dict[str, Any]:
    """Fields of a command, sometimes sensible, sometimes not."""
    case, today = play.inspection, play.log.now.date()
    make = _FIELDS.get(name)
    return make(case, today, pick) if make else {}


def _hazards(case: Inspection, pick: Pick) -> list[str]:
    known = list(case.hazards) or ["H1"]
    first = pick(known)
    return [first] if pick([True, False]) else [*dict.fromkeys([first, *known])]


def _document(case: Inspection, pick: Pick) -> UUID:
    return pick([*case.papers] or [case.id])


def _later(today: date, pick: Pick) -> date:
    return today + timedelta(days=pick([3, 8, 15, 30, 0]))


def _order(case: Inspection, today: date, pick: Pick) -> dict[str, Any]:
    items = [{"hazard": no, "due": _later(today, pick)} for no in _hazards(case, pick)]
    return {"items": items}


def _recheck(case: Inspection, _: date, pick: Pick) -> dict[str, Any]:
    results = [{"hazard": no, "result": pick(list(RecheckResult))} for no in _hazards(case, pick)]
    return walk.opinion("已整改") | {"results": results}


def _serve(case: Inspection, _: date, pick: Pick) -> dict[str, Any]:
    unserved = [d for d, p in case.papers.items() if p.must_be_served and not p.served_on]
    method = pick(["直接送达", "直接送达", "留置送达", "公告送达"])
    document = pick(unserved) if unserved else _document(case, pick)
    return {"document": document, "method": method, "receiver": "万一凡", "note": "录像编号七"}


def _answer(_: Inspection, __: date, pick: Pick) -> dict[str, Any]:
    return {"item": pick(["1", "2"]), "result": pick(list(ItemResult)), "note": "现场查见"}


_FIELDS: dict[str, Callable[[Inspection, date, Pick], dict[str, Any]]] = {
    "show-certificates": lambda *_: walk.certificates(),
    "hear-briefing": lambda *_: {"summary": "介绍"},
    "record-entry-refusal": lambda _, __, pick: {
        "facts_seen": "拒不开门",
        "ordered_to_correct": True,
        "still_refuses": pick([True, False]),
    },
    "assign-items": lambda *_: {"officer_of": {"1": "insp1", "2": "insp2"}},
    "answer-item": _answer,
    "record-hazard": lambda c, _, pick: {
        "description": "隐患",
        "grade": pick(["一般", "重大"]),
        "standard": "判定标准",
        "item": pick([None, "1", "2"]),
        "evidence": [pick([*c.evidence])] if c.evidence else [],
    },
    "make-record": lambda *_: {"findings": "详见附页", "signature": walk.SIGNED},
    "issue-order": _order,
    "issue-measure": lambda c, _, pick: {
        "hazards": _hazards(c, pick),
        "measure": pick(list(MeasureKind)),
        "basis": "第六十五条",
    },
    "serve-document": _serve,
    "report-rectification": lambda c, _, pick: {"hazards": _hazards(c, pick), "report": "已整改"},
    "request-extension": lambda c, today, pick: {
        "hazards": _hazards(c, pick),
        "due": _later(today, pick) + timedelta(days=30),
        "force_majeure": True,
        "reason": "洪水",
    },
    "recheck": _recheck,
    "request-resumption": lambda c, _, pick: {"document": _document(c, pick), "request": "申请"},
    "record-order-refusal": lambda c, _, pick: {
        "document": _document(c, pick),
        "facts_seen": "拒不执行",
    },
    "propose-filing": lambda c, _, pick: {
        "cause": "案由",
        "facts_seen": "事实",
        "hazards": _hazards(c, pick) if c.hazards else [],
        "urgent": pick([True, False]),
    },
    "report-crime-signal": lambda *_: {
        "signal": "alarms",
        "facts_seen": "报警器被拔除",
        "team": ["insp1", "insp2"],
    },
    "publish-result": lambda *_: {"place": "示例政务公开网"},
    "record-shutdown": lambda c, _, __: {"facts_seen": "已注销", "evidence": [*c.evidence][:1]},
    "cancel-inspection": lambda *_: {"reason": "改期"},
    "refuse-plan": lambda *_: {"reason": "无"},
    "grant-extension": lambda c, today, pick: {
        "extension": pick([*c.extensions] or ["E1"]),
        "due": _later(today, pick) + timedelta(days=20),
    },
    "refuse-extension": lambda c, _, pick: {
        "extension": pick([*c.extensions] or ["E1"]),
        "reason": "无",
    },
    "suspend-rectification": lambda c, _, pick: {
        "hazards": _hazards(c, pick),
        "reason": "复议停止执行",
        "basis": "《行政复议法》第四十二条",
    },
    "resume-rectification": lambda c, _, pick: {"hazards": _hazards(c, pick), "reason": "终结"},
    "agree-resumption": lambda c, _, pick: {"document": _document(c, pick)},
    "refuse-resumption": lambda c, _, pick: {"document": _document(c, pick), "reason": "无"},
    "refuse-filing": lambda *_: {"reason": "无"},
    "refuse-transfer": lambda *_: {"reason": "无"},
}
