"""Step ⑧, rectification: report, recheck, and what an unremoved hazard leads to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Desk
from domain.deadlines import DeadlineSet, Key, Status
from domain.document import Document
from domain.errors import Refusal
from domain.facts import Act, Event, Fact, Frozen, Role, takes
from domain.inspection.base import OnSiteCommand, new_paper
from domain.inspection.hazards import FIX_DUE, RECHECK, Hazard, latest
from domain.inspection.officers import own_officers
from domain.inspection.papers import Paper
from domain.inspection.proposals import propose_filing
from domain.inspection.reads import signed_paper
from domain.inspection.record import require_signature
from domain.inspection.service import Service
from domain.inspection.values import HazardStatus, Officer, RecheckResult, Signature
from domain.law import Due, Law, Rung
from domain.organisation.numbers import told
from domain.times import day

UNREMOVED = "未按要求消除事故隐患"
"""Cause of the filing proposal that a failed recheck opens (案由)."""
CHECK = Duty("recheck", "recheck", Role.INSPECTOR, "复查隐患{}")
FOLLOW = Duty("report-rectification", "report-rectification", Role.INSPECTOR, "跟踪隐患{}整改")


class RectificationReported(Fact):
    """The enterprise reports rectification and asks for a recheck (整改报告、复查申请)."""

    TOPIC: ClassVar[str] = "inspection/rectification-reported"
    TITLE: ClassVar[str] = "企业报告整改情况"
    hazards: tuple[str, ...]
    report: str
    evidence: tuple[UUID, ...]

    def words(self) -> str:
        """Title and hazards."""
        return f"企业报告整改情况：{'、'.join(self.hazards)}"


class Rechecked(Frozen):
    """Opinion on one hazard (复查意见)."""

    hazard: str
    result: RecheckResult
    note: str = ""


class RecheckMade(Fact):
    """A recheck was made (整改复查意见书)."""

    TOPIC: ClassVar[str] = "inspection/recheck-made"
    TITLE: ClassVar[str] = "整改复查"
    document: Document
    orders: tuple[str, ...]
    officers: tuple[Officer, ...]
    results: tuple[Rechecked, ...]
    signature: Signature

    def words(self) -> str:
        """Number and result per hazard."""
        results = "、".join(f"{r.hazard}{r.result.value}" for r in self.results)
        return f"整改复查：{self.document.number}（{results}）"


class Rectification(Service):
    """The part of rectification: reports, rechecks and their clocks."""

    @takes(RectificationReported)
    def _reported(self, fact: RectificationReported, event: Event) -> None:
        for no in fact.hazards:
            self.hazards[no].reported, self.hazards[no].acted_at = True, event.occurred_at

    @takes(RecheckMade)
    def _rechecked(self, fact: RecheckMade, event: Event) -> None:
        self.papers[fact.document.id] = Paper(fact.document, event.occurred_at)
        for opinion in fact.results:
            hazard = self.hazards[opinion.hazard]
            hazard.reported, hazard.acted_at = False, event.occurred_at
            if opinion.result is RecheckResult.REMOVED:
                hazard.status = HazardStatus.REMOVED
            elif opinion.result is RecheckResult.NOT_REMOVED:
                hazard.status = HazardStatus.NOT_REMOVED

    @takes(DeadlineSet)
    def _counted(self, fact: DeadlineSet, _: Event) -> None:
        """A hazard's recheck deadlines are numbered."""
        for key in fact.deadlines:
            if key.rule == RECHECK:
                self.hazards[key.subject].rechecks += 1

    def start_rechecks(self, hazards: Iterable[Hazard], due: Due, act: Act) -> None:
        """Start the recheck clocks of hazards that have none running."""
        waiting = [h for h in hazards if not self.running(h.recheck_key)]
        keys = [Key(RECHECK, h.no, h.rechecks + 1) for h in waiting]
        self.set_deadlines(keys, due, act)

    def after_firing(self, keys: Sequence[Key], rung: Rung, act: Act, law: Law) -> None:
        """When FIX-DUE has passed, the recheck's own term begins."""
        super().after_firing(keys, rung, act, law)
        if rung.action != "expire" or keys[0].rule != FIX_DUE:
            return
        passed = [h for key in keys if not (h := self.hazards[key.subject]).settled]
        due = law.due(RECHECK, self.deadlines[keys[0]].due.due)
        self.start_rechecks(passed, due, act)

    @owes
    def _hazards(self) -> Iterator[Todo]:
        """Rechecks and rectifications; hazards with the same date are one thing to do."""
        together: dict[tuple[Duty, date | None], list[tuple[str, Key | None]]] = {}
        for hazard in self.open_hazards():
            for duty, wanted in ((CHECK, hazard.recheck_key), (FOLLOW, hazard.fix_key)):
                if self.running(wanted):
                    due, key = self.due(wanted)
                    together.setdefault((duty, due), []).append((hazard.no, key))
                    break
            else:
                if hazard.served and not hazard.rounds:  # under a measure alone no date runs
                    together.setdefault((CHECK, None), []).append((hazard.no, None))
        for (duty, due), found in together.items():
            numbers = tuple(no for no, _ in found)
            yield Todo(duty, self.handlers, about=numbers, due=due, deadline=found[0][1])


class ReportRectification(OnSiteCommand):
    """The enterprise reports rectification of some or all hazards (整改报告、复查申请)."""

    NAME: ClassVar[str] = "report-rectification"
    TITLE: ClassVar[str] = "登记企业整改报告"

    hazards: list[str] = Field(min_length=1, description="报告已整改的隐患编号")
    report: str = Field(min_length=1, max_length=5000, description="整改情况")
    evidence: list[UUID] = Field(default_factory=list[UUID], description="整改证据")

    def rests_on(self, case: Rectification) -> datetime | None:
        """The service of the order, or the newest act on the same hazards."""
        return latest(*case.last_acts(self.hazards))

    def act(self, case: Rectification, desk: Desk) -> None:
        """The recheck's term begins with the request."""
        hazards = [_served_hazard(case, no) for no in dict.fromkeys(self.hazards)]
        case.require_evidence(self.evidence)
        fact = RectificationReported(
            hazards=tuple(h.no for h in hazards),
            report=self.report,
            evidence=tuple(self.evidence),
        )
        case.record(fact, desk.act)
        due = desk.law.due(RECHECK, day(desk.at))
        case.start_rechecks(hazards, due, desk.act)


class Recheck(OnSiteCommand):
    """Recheck hazards on site (整改复查); one opinion per hazard."""

    NAME: ClassVar[str] = "recheck"
    TITLE: ClassVar[str] = "整改复查"

    results: list[Rechecked] = Field(min_length=1, description="逐项复查意见")
    officers: list[str] = Field(description="到场复查的执法人员账号，至少两名")
    signature: Signature = Field(description="签字或拒签情况")

    def rests_on(self, case: Rectification) -> datetime | None:
        """The service of the order, or the newest act on the same hazards."""
        return latest(*case.last_acts(opinion.hazard for opinion in self.results))

    def reads(self, case: Rectification, law: Law, on: date) -> Iterable[UUID]:
        """Those who recheck, and the register."""
        return signed_paper(case, RECHECK, self.officers, law, on)

    def act(self, case: Rectification, desk: Desk) -> dict[str, Any]:
        """Removed ends the clocks; not removed opens a filing proposal."""
        officers = own_officers(case, self.officers, desk)
        require_signature(self.signature, desk)
        if len({r.hazard for r in self.results}) != len(self.results):
            raise Refusal("RECHECK-TWICE", "同一隐患出现两条复查意见，请合并。")
        for opinion in self.results:
            _require_fitting(case, opinion, desk)
        document = new_paper(case, desk, "RECHECK")
        fact = RecheckMade(
            document=document,
            orders=_orders_of(case, [r.hazard for r in self.results]),
            officers=officers,
            results=tuple(self.results),
            signature=self.signature,
        )
        case.record(fact, desk.act)
        _settle_clocks(case, self.results, desk)
        return told(document) | self._refer(case, desk)

    def _refer(self, case: Rectification, desk: Desk) -> dict[str, Any]:
        proposed = case.pursued(UNREMOVED)
        unremoved = [
            r.hazard
            for r in self.results
            if r.result is RecheckResult.NOT_REMOVED and r.hazard not in proposed
        ]
        if not unremoved:
            return {}
        penalty = propose_filing(
            case,
            desk,
            cause=UNREMOVED,
            facts_seen=f"复查认定隐患{'、'.join(unremoved)}未整改",
            hazards=unremoved,
        )
        return {"penalty": str(penalty)}


def _served_hazard(case: Rectification, no: str) -> Hazard:
    hazard = case.hazard(no)
    if hazard.settled:
        raise Refusal("HAZARD-SETTLED", f"隐患{no}{hazard.status.value}，无需再办理。")
    if not hazard.served:
        raise Refusal("HAZARD-UNSERVED", f"隐患{no}的指令或决定尚未送达，请先送达。")
    return hazard


def _require_fitting(case: Rectification, opinion: Rechecked, desk: Desk) -> None:
    hazard = _served_hazard(case, opinion.hazard)
    deadline = case.deadlines.get(hazard.fix_key)
    suspended = deadline is not None and deadline.status is Status.SUSPENDED
    live = case.running(hazard.fix_key)
    running = suspended or (live is not None and desk.at < live.due.due_at)
    if opinion.result is RecheckResult.IN_PROGRESS and not running:
        raise Refusal(
            "RECHECK-EXPIRED",
            f"隐患{hazard.no}的整改期限已届满，复查意见只能是已整改或未整改。",
            basis=desk.law.rule("RECHECK", day(desk.at)).basis,
        )
    if (
        opinion.result is RecheckResult.NOT_REMOVED
        and running
        and (suspended or not hazard.reported)
    ):
        raise Refusal(
            "RECHECK-EARLY",
            f"隐患{hazard.no}尚在整改期限内且企业未报告整改完成，请选择“尚在期限内”。",
            basis=desk.law.rule("RECHECK", day(desk.at)).basis,
        )


def _settle_clocks(case: Rectification, results: Sequence[Rechecked], desk: Desk) -> None:
    """The rechecks are made; of what is gone nothing runs on, of the rest what has not passed."""
    hazards = [case.hazards[opinion.hazard] for opinion in results]
    case.meet_deadlines([h.recheck_key for h in hazards], desk.act)
    removed = [h for h in hazards if h.status is HazardStatus.REMOVED]
    case.meet_deadlines([key for h in removed for key in h.fix_keys], desk.act)
    case.void_deadlines([h.recheck_key for h in removed], "复查时隐患已消除", desk.act)
    passed = [
        h.fix_key
        for h in hazards
        if h.status is HazardStatus.NOT_REMOVED
        and (deadline := case.running(h.fix_key))
        and desk.at >= deadline.due.due_at
    ]
    case.void_deadlines(passed, "复查认定未整改，转立案审批", desk.act)


def _orders_of(case: Rectification, hazards: list[str]) -> tuple[str, ...]:
    papers = [p for p in case.papers.values() if p.hazards and p.served_on]
    return tuple(p.document.number for p in papers if set(p.hazards) & set(hazards))
