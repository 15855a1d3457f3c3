"""The inspection (执法检查): state after its facts, and the questions its commands ask."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.clocked import LIVE, Clocked, Deadline, DeadlineSet
from domain.document import Document
from domain.errors import Refusal
from domain.facts import Actor, Event
from domain.inspection import facts as f
from domain.inspection.values import (
    Evidence,
    Grade,
    HazardStatus,
    ItemResult,
    MeasureKind,
    Officer,
    Plan,
    PlanItem,
    RecheckResult,
    Step,
)
from domain.law import Law, Rung, law

BESIDE = frozenset({Step.REFER, Step.HANDLE_BY_LAW})


@dataclass
class Item:
    """A checklist item with its officer and answer."""

    plan: PlanItem
    officer: str | None = None
    result: ItemResult | None = None


@dataclass
class Hazard:
    """A hazard and where it stands."""

    no: str
    grade: Grade
    item: str | None
    evidence: set[UUID]
    status: HazardStatus = HazardStatus.FOUND
    rounds: int = 0
    rechecks: int = 0
    served: bool = False
    reported: bool = False

    @property
    def settled(self) -> bool:
        """Removed, or no longer there to remove."""
        return self.status in {HazardStatus.REMOVED, HazardStatus.MOOT}

    @property
    def fix_key(self) -> str:
        """Key of its running rectification deadline."""
        return f"FIX-DUE/{self.no}/{self.rounds}"

    @property
    def fix_keys(self) -> list[str]:
        """Keys of its rectification deadlines, one per order."""
        return [f"FIX-DUE/{self.no}/{n}" for n in range(1, self.rounds + 1)]

    @property
    def recheck_key(self) -> str:
        """Key of its newest recheck deadline."""
        return f"RECHECK/{self.no}/{self.rechecks}"


@dataclass
class Paper:
    """A document of the case, what it orders, and whether it has been served."""

    document: Document
    dues: dict[str, date] = field(default_factory=dict[str, date])
    hazards: tuple[str, ...] = ()
    measure: MeasureKind | None = None
    served_on: date | None = None
    void: bool = False
    refused: bool = False
    lifted: bool = False
    resumptions: int = 0
    resumption_asked: bool = False

    @property
    def stops_now(self) -> bool:
        """A served stop of business or use that has not been lifted."""
        stops = self.measure is not None and self.measure.stops
        return stops and self.served_on is not None and not self.lifted

    @property
    def must_be_served(self) -> bool:
        """Orders, measures and opinions go to the party; the record is signed on the spot."""
        return not self.void and self.document.code in {"ORDER", "MEASURE", "RECHECK"}


@dataclass
class Extension:
    """A request for more time."""

    hazards: tuple[str, ...]
    deadlines: tuple[str, ...]
    due: date
    answered: bool = False


class Inspection(Clocked):
    """One closed-loop inspection."""

    KIND: ClassVar[str] = "inspection"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.unit: UUID | None = None
        self.plan: Plan | None = None
        self.plan_status = ""
        self.entered: dict[Step, datetime] = {}
        self.began_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.present: tuple[Officer, ...] = ()
        self.recusals: dict[str, str] = {}
        self.replacements: set[str] = set()
        self.entry_refused = False
        self.shut_down = False
        self.items: dict[str, Item] = {}
        self.hazards: dict[str, Hazard] = {}
        self.evidence: dict[UUID, Evidence] = {}
        self.papers: dict[UUID, Paper] = {}
        self.extensions: dict[str, Extension] = {}
        self.proposals: dict[UUID, str] = {}
        self.causes: dict[UUID, tuple[str, tuple[str, ...]]] = {}
        self.published = False
        self.outcome: str | None = None

    @property
    def terminal(self) -> bool:
        """Closed, cancelled, or its plan refused."""
        return self.outcome is not None

    @property
    def step(self) -> Step:
        """The furthest step of the rectification path; ⑥ and ⑦ run beside it ."""
        return max((s for s in self.entered if s not in BESIDE), default=Step.PREPARE)

    @property
    def officers(self) -> tuple[Officer, ...]:
        """Officers of the plan, with their certificates."""
        return self.plan.officers if self.plan else ()

    @property
    def recused(self) -> set[str]:
        """Accounts that have withdrawn from the case (已回避)."""
        return {account for account, state in self.recusals.items() if state == "granted"}

    @property
    def absent(self) -> set[str]:
        """Accounts of officers who have not shown their certificates on site."""
        return {o.account for o in self.officers} - {o.account for o in self.present}

    @property
    def joining(self) -> set[str]:
        """Accounts that have replaced somebody during the visit and are not on site yet."""
        visiting = self.began_at is not None and self.ended_at is None
        return self.replacements & self.absent if visiting else set()

    @property
    def drawn_up(self) -> Plan:
        """The plan; every case has one from its first fact on."""
        if self.plan is None:
            raise Refusal("PLAN-MISSING", "本检查尚无检查方案，请先制定检查方案。")
        return self.plan

    def evolve_case(self, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one arm per fact, each only assigns
        """Assign what each fact says."""
        match event.fact:
            case f.Planned() as e:
                self.unit, self.plan, self.plan_status = e.unit, e.plan, "draft"
                self._take_items(e.plan)
            case f.PlanRevised() as e:
                self.plan = e.plan
                self._take_items(e.plan)
            case f.PlanSubmitted():
                self.plan_status = "submitted"
            case f.PlanApproved() as e:
                self.plan_status = "approved"
                self.papers[e.document.id] = Paper(e.document)
            case f.PlanRefused():
                self.plan_status, self.outcome = "refused", "方案不予批准"
            case f.Cancelled():
                self.outcome = "已取消"
            case f.StepEntered() as e:
                self.entered.setdefault(e.step, event.occurred_at)
            case f.CertificatesShown() as e:
                self.present, self.entry_refused = e.officers, False
                self.began_at = self.began_at or event.occurred_at
            case f.EntryRefused() as e:
                self.entry_refused = not e.corrected
            case f.RecusalRequested() as e:
                self.recusals[e.officer] = "requested"
            case f.RecusalGranted() as e:
                self.recusals[e.officer] = "granted"
                self._replace(e.officer, e.replacement)
            case f.RecusalRefused() as e:
                self.recusals[e.officer] = "refused"
            case f.VisitFinished():
                self.ended_at = event.occurred_at
            case f.ItemsAssigned() as e:
                for no, account in e.officer_of.items():
                    self.items[no].officer = account
            case f.ItemAnswered() as e:
                self.items[e.item].result = e.result
            case f.EvidenceAdded() as e:
                self.evidence[e.evidence.id] = e.evidence
            case f.HazardFound() as e:
                self.hazards[e.hazard] = Hazard(e.hazard, e.grade, e.item, set(e.evidence))
            case f.EvidenceLinked() as e:
                self.hazards[e.hazard].evidence.update(e.evidence)
            case f.RecordMade() as e:
                self.papers[e.document.id] = Paper(e.document)
            case f.OrderIssued() as e:
                dues = {item.hazard: item.due for item in e.items}
                self.papers[e.document.id] = Paper(e.document, dues=dues, hazards=tuple(dues))
                for no in dues:
                    self._order(no)
            case f.MeasureIssued() as e:
                self.papers[e.document.id] = Paper(e.document, hazards=e.hazards, measure=e.measure)
                for no in e.hazards:
                    if self.hazards[no].status is HazardStatus.FOUND:
                        self.hazards[no].status = HazardStatus.ORDERED
            case f.DocumentVoided() as e:
                self.papers[e.document].void = True
            case f.OrderRefused() as e:
                self.papers[e.document].refused = True
            case f.DocumentServed() as e:
                self.papers[e.document].served_on = e.effective_on
                for served in e.first_served:
                    self.hazards[served.hazard].served = True
            case f.RecheckMade() as e:
                self.papers[e.document.id] = Paper(e.document)
                for opinion in e.results:
                    self._rechecked(opinion)
            case f.RectificationReported() as e:
                for no in e.hazards:
                    self.hazards[no].reported = True
            case f.ExtensionRequested() as e:
                keys = tuple(self.hazards[no].fix_key for no in e.hazards)
                self.extensions[e.extension] = Extension(e.hazards, keys, e.due)
            case f.ExtensionGranted(extension=name) | f.ExtensionRefused(extension=name):
                self.extensions[name].answered = True
            case f.ResumptionRequested() as e:
                self.papers[e.document].resumption_asked = True
                self.papers[e.document].resumptions += 1
            case f.ResumptionAgreed() as e:
                self.papers[e.document].lifted = True
                self.papers[e.document].resumption_asked = False
            case f.ResumptionRefused() as e:
                self.papers[e.document].resumption_asked = False
            case f.FilingProposed() as e:
                self.proposals[e.penalty] = "proposed"
                self.causes[e.penalty] = (e.cause, e.hazards)
            case f.TransferProposed() as e:
                self.proposals[e.transfer] = "proposed"
            case (
                f.FilingDecided(penalty=key, approved=yes)
                | f.TransferDecided(transfer=key, approved=yes)
            ):
                self.proposals[key] = "approved" if yes else "refused"
            case f.EnterpriseShutDown():
                self.shut_down = True
                for hazard in self.hazards.values():
                    if not hazard.settled:
                        hazard.status = HazardStatus.MOOT
                for paper in self.papers.values():
                    paper.lifted, paper.resumption_asked = True, False
            case f.ResultPublished():
                self.published = True
            case f.Closed():
                self.outcome = "已结案"
            case _:
                pass

    def _take_items(self, plan: Plan) -> None:
        self.items = {item.no: Item(item) for item in plan.items}

    def _order(self, no: str) -> None:
        hazard = self.hazards[no]
        hazard.status = HazardStatus.ORDERED
        hazard.rounds += 1

    def _rechecked(self, opinion: f.Rechecked) -> None:
        hazard = self.hazards[opinion.hazard]
        hazard.reported = False
        if opinion.result is RecheckResult.REMOVED:
            hazard.status = HazardStatus.REMOVED
        elif opinion.result is RecheckResult.NOT_REMOVED:
            hazard.status = HazardStatus.NOT_REMOVED

    def _replace(self, account: str, replacement: Officer) -> None:
        """Another officer takes the place; what the first has not answered waits for one."""
        plan = self.drawn_up
        self.replacements.add(replacement.account)
        stay = (o for o in plan.officers if o.account != account)
        self.plan = plan.model_copy(update={"officers": (*stay, replacement)})
        self.present = tuple(o for o in self.present if o.account != account)
        for item in self.items.values():
            if item.officer == account and item.result is None:
                item.officer = None

    def open_hazards(self) -> list[Hazard]:
        """Hazards not yet settled."""
        return [h for h in self.hazards.values() if not h.settled]

    def unserved(self) -> list[Paper]:
        """Documents made for the party that have not reached it and still have to."""
        return [
            p
            for p in self.papers.values()
            if p.must_be_served and p.served_on is None and not self._pointless(p)
        ]

    def _pointless(self, paper: Paper) -> bool:
        """An order whose hazards have all gone meanwhile has nothing left to order."""
        return bool(paper.hazards) and all(self.hazards[no].settled for no in paper.hazards)

    def pursued(self, cause: str) -> set[str]:
        """Hazards in a filing proposal of that cause that was not refused."""
        return {
            hazard
            for key, (known, hazards) in self.causes.items()
            if known == cause and self.proposals[key] != "refused"
            for hazard in hazards
        }

    def hazard(self, no: str) -> Hazard:
        """The hazard, or a refusal that lists those there are."""
        if no not in self.hazards:
            known = "、".join(self.hazards) or "无"
            raise Refusal("HAZARD-UNKNOWN", f"没有编号为{no}的隐患，本检查已登记的隐患：{known}。")
        return self.hazards[no]

    def paper(self, document: UUID) -> Paper:
        """The document, or a refusal."""
        if document not in self.papers:
            raise Refusal("DOCUMENT-UNKNOWN", "本检查没有这份文书，请核对文书编号。")
        return self.papers[document]

    def require_evidence(self, ids: Iterable[UUID]) -> None:
        """Refuse evidence that is not in the case."""
        if missing := [str(i) for i in ids if i not in self.evidence]:
            raise Refusal(
                "EVIDENCE-UNKNOWN",
                f"证据{'、'.join(missing)}尚未登记，请先固定证据。",
                missing=missing,
            )

    def require_step(self, *allowed: Step) -> None:
        """Refuse an act that does not belong to the present step."""
        if self.step not in allowed:
            names = "、".join(f"第{s.value}步“{s.title}”" for s in allowed)
            raise Refusal(
                "STEP-ORDER",
                f"当前在第{self.step.value}步“{self.step.title}”，此操作应在{names}进行。",
                basis="八步工作法",
                step=self.step.value,
            )

    def enter(self, step: Step, *, at: datetime, by: Actor) -> None:
        """Enter a step, once."""
        if step not in self.entered:
            self.record(f.StepEntered(step=step), at=at, by=by)

    def running(self, key: str) -> Deadline | None:
        """The deadline of that key while it runs."""
        deadline = self.deadlines.get(key)
        return deadline if deadline and deadline.status in LIVE else None

    def start_recheck(
        self, hazard: Hazard, from_day: date, law_: Law, *, at: datetime, by: Actor
    ) -> None:
        """Start the recheck clock from the request or the passed due date, the earlier one."""
        if self.running(hazard.recheck_key):
            return
        key = f"RECHECK/{hazard.no}/{hazard.rechecks + 1}"
        hazard_due = law_.due("RECHECK", from_day)
        self.set_deadline(key, f"隐患{hazard.no}", hazard_due, at=at, by=by)

    def evolve(self, event: Event) -> None:
        """Keep the ledger and count a hazard's recheck deadlines."""
        super().evolve(event)
        match event.fact:
            case DeadlineSet(deadline=key) if key.startswith("RECHECK/"):
                self.hazards[key.split("/")[1]].rechecks += 1
            case _:
                pass

    def after_firing(self, deadline: Deadline, rung: Rung, *, at: datetime, by: Actor) -> None:
        """When FIX-DUE has passed, the recheck's own term begins."""
        if rung.action == "expire" and deadline.due.rule == "FIX-DUE":
            hazard = self.hazards[deadline.key.split("/")[1]]
            if not hazard.settled:
                self.start_recheck(hazard, deadline.due.due, law(), at=at, by=by)

    def present_or_planned(self, account: str) -> Officer | None:
        """The officer of that account on this case."""
        return next((o for o in self.officers if o.account == account), None)
