"""Step ① 精心准备、制定方案: the plan, its approval or refusal, cancellation."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Command, Desk
from domain.document import Document
from domain.enterprise import Enterprise
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import APPROVERS, InspectionCommand, new_paper, require_sane, unit_of
from domain.inspection.officers import Officers, require_officers
from domain.inspection.reads import paper, people
from domain.inspection.values import Plan, PlanItem, Source, Step
from domain.law import Law
from domain.organisation.numbers import told
from domain.times import day

SUBMIT = Duty("submit-plan", "submit-plan", Role.INSPECTOR, "检查方案送审")
APPROVE = Duty("approve-plan", "approve-plan", Role.APPROVER, "审批检查方案")


class Planned(Fact):
    """A plan was drawn up (制定检查方案)."""

    TOPIC: ClassVar[str] = "inspection/planned"
    TITLE: ClassVar[str] = "制定检查方案"
    unit: UUID
    plan: Plan


class PlanRevised(Fact):
    """The plan was changed before approval (修改检查方案)."""

    TOPIC: ClassVar[str] = "inspection/plan-revised"
    TITLE: ClassVar[str] = "修改检查方案"
    plan: Plan


class PlanSubmitted(Fact):
    """The plan went to the approver (方案送审)."""

    TOPIC: ClassVar[str] = "inspection/plan-submitted"
    TITLE: ClassVar[str] = "检查方案送审"


class PlanApproved(Fact):
    """The plan was approved (方案批准)."""

    TOPIC: ClassVar[str] = "inspection/plan-approved"
    TITLE: ClassVar[str] = "检查方案批准"
    document: Document
    opinion: str

    def words(self) -> str:
        """Title and number."""
        return f"检查方案批准：{self.document.number}"


class PlanRefused(Fact):
    """The plan was not approved (方案不予批准)."""

    TOPIC: ClassVar[str] = "inspection/plan-refused"
    TITLE: ClassVar[str] = "检查方案不予批准"
    ENDS: ClassVar[bool] = True
    reason: str


class Cancelled(Fact):
    """The inspection does not take place (取消检查)."""

    TOPIC: ClassVar[str] = "inspection/cancelled"
    TITLE: ClassVar[str] = "取消检查"
    ENDS: ClassVar[bool] = True
    reason: str


class Planning(Officers):
    """The part of the plan: drawn up, sent, approved or refused."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.plan: Plan | None = None
        self.plan_status = ""

    @property
    def drawn_up(self) -> Plan:
        """The plan; every case has one from its first fact on."""
        if self.plan is None:
            raise Refusal("PLAN-MISSING", "本检查尚无检查方案，请先制定检查方案。")
        return self.plan

    @takes(Planned)
    def _planned(self, fact: Planned, _: Event) -> None:
        self.unit, self.plan_status = fact.unit, "draft"
        self._take(fact.plan)

    @takes(PlanRevised)
    def _revised(self, fact: PlanRevised, _: Event) -> None:
        self._take(fact.plan)

    @takes(PlanSubmitted)
    def _submitted(self, _fact: PlanSubmitted, _: Event) -> None:
        self.plan_status = "submitted"

    @takes(PlanApproved)
    def _approved(self, fact: PlanApproved, _: Event) -> None:
        self.plan_status, self.number = "approved", fact.document.number

    @takes(PlanRefused)
    def _refused(self, _fact: PlanRefused, _: Event) -> None:
        self.plan_status, self.ending = "refused", "plan-refused"

    @takes(Cancelled)
    def _cancelled(self, _fact: Cancelled, _: Event) -> None:
        self.ending = "cancelled"

    def _take(self, plan: Plan) -> None:
        self.plan, self.officers = plan, plan.officers
        self.enterprise, self.subject = plan.enterprise, plan.source.value

    @property
    def visited(self) -> bool:
        """Whether somebody has been at the enterprise: then nothing is cancelled any more."""
        return False

    @owes
    def _plan(self) -> Iterator[Todo]:
        if self.step is Step.PREPARE and self.plan_status == "submitted":
            yield Todo(APPROVE)
        elif self.step is Step.PREPARE:
            yield Todo(SUBMIT, self.handlers)


class _PlanFields(Command):
    enterprise: UUID = Field(description="被检查企业")
    source: Source = Field(description="检查来源")
    visit_from: date = Field(description="拟检查日期起")
    visit_to: date = Field(description="拟检查日期止")
    officers: list[str] = Field(description="执法人员账号，至少两名持证人员")
    items: list[PlanItem] = Field(min_length=1, description="检查项")
    method: str = Field(default="现场检查", max_length=200, description="检查方式")
    basis: str = Field(min_length=1, max_length=200, description="检查依据")
    experts: list[str] = Field([], description="协助检查的专家（只提供技术支持）")
    cap_checked: bool = Field(description="是否已核对该企业年度检查频次上限")

    def reads(self, case: Planning, law: Law, on: date) -> Iterable[UUID]:
        """The enterprise and the officers."""
        del case, law, on
        return (self.enterprise, *people(self.officers))

    def plan(self, case: Planning, unit: UUID, desk: Desk) -> Plan:
        """Check the plan's rules for the ``unit`` and give it as a value."""
        if not desk.unit(unit).exists_on(self.visit_from):
            raise Refusal("UNIT-TIME", f"承办单位在{self.visit_from}不存在，请改选单位。")
        desk.get(Enterprise, self.enterprise).require_area(unit, desk)
        if desk.by.account not in self.officers:
            raise Refusal(
                "PLAN-PLANNER", "制定方案的人员应列入执法人员，请把本人加入执法人员名单。"
            )
        if not self.cap_checked:
            raise Refusal(
                "PLAN-CAP",
                "请先核对该企业年度检查频次上限，再制定方案。",
                basis=desk.law.threshold("INSPECTION-CAP", day(desk.at)).basis,
            )
        if self.visit_to < self.visit_from:
            raise Refusal("PLAN-DATES", "拟检查日期止早于日期起，请核对日期。")
        require_sane("拟检查日期止", self.visit_to, desk)
        if len({item.no for item in self.items}) != len(self.items):
            raise Refusal("PLAN-ITEMS", "检查项的项号重复，请改为互不相同的项号。")
        return Plan(
            enterprise=self.enterprise,
            source=self.source,
            visit_from=self.visit_from,
            visit_to=self.visit_to,
            officers=require_officers(case, self.officers, self.visit_from, desk),
            items=tuple(self.items),
            method=self.method,
            basis=self.basis,
            experts=tuple(self.experts),
            cap_checked=self.cap_checked,
        )


class PlanInspection(InspectionCommand, _PlanFields):
    """Draw up an inspection plan (制定检查方案)."""

    NAME: ClassVar[str] = "plan-inspection"
    TITLE: ClassVar[str] = "制定检查方案"
    CREATES: ClassVar[bool] = True

    unit: UUID | None = Field(default=None, description="承办单位；省略即为本人所在角色的单位")

    def scope(self) -> UUID | None:
        """The unit that will inspect."""
        return self.unit

    def act(self, case: Planning, desk: Desk) -> dict[str, Any]:
        """The enterprise is known and in the unit's area; the planner is one of the officers."""
        unit = self.unit or desk.by.unit
        desk.require_cover(unit)
        if case.version:
            raise Refusal("PLAN-STATUS", "该检查已有方案，请修改原方案或另行制定。")
        fact = Planned(unit=unit, plan=self.plan(case, unit, desk))
        case.record(fact, desk.act)
        case.enter(Step.PREPARE, desk.act)
        return {"case": str(case.id)}


class RevisePlan(InspectionCommand, _PlanFields):
    """Change the plan before it is approved (修改检查方案)."""

    NAME: ClassVar[str] = "revise-plan"
    TITLE: ClassVar[str] = "修改检查方案"

    def act(self, case: Planning, desk: Desk) -> None:
        """Only a draft can be changed."""
        _require_status(case, "draft", "方案已送审，不能修改；请在审批人退回后重新制定。")
        fact = PlanRevised(plan=self.plan(case, unit_of(case), desk))
        case.record(fact, desk.act)


class SubmitPlan(InspectionCommand):
    """Send the plan to the approver (方案送审)."""

    NAME: ClassVar[str] = "submit-plan"
    TITLE: ClassVar[str] = "检查方案送审"

    def act(self, case: Planning, desk: Desk) -> None:
        """Once."""
        _require_status(case, "draft", "方案已送审，无需重复提交。")
        case.record(PlanSubmitted(), desk.act)


class ApprovePlan(InspectionCommand):
    """Approve the plan (批准检查方案)."""

    NAME: ClassVar[str] = "approve-plan"
    TITLE: ClassVar[str] = "批准检查方案"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    opinion: str = Field(default="同意", max_length=500, description="审批意见")

    def reads(self, case: Planning, law: Law, on: date) -> Iterable[UUID]:
        """The register."""
        return paper(case, "PLAN", law, on)

    def act(self, case: Planning, desk: Desk) -> dict[str, Any]:
        """The plan gets its number; step ② begins."""
        _require_status(case, "submitted", "方案尚未送审或已审批，请核对。")
        document = new_paper(case, desk, "PLAN")
        fact = PlanApproved(document=document, opinion=self.opinion)
        case.record(fact, desk.act)
        case.enter(Step.SHOW_CERTIFICATES, desk.act)
        return told(document)


class RefusePlan(InspectionCommand):
    """Do not approve the plan (不批准检查方案); the case ends."""

    NAME: ClassVar[str] = "refuse-plan"
    TITLE: ClassVar[str] = "不批准检查方案"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    reason: str = Field(min_length=1, max_length=500, description="不批准的理由")

    def act(self, case: Planning, desk: Desk) -> None:
        """Only a submitted plan."""
        _require_status(case, "submitted", "方案尚未送审或已审批，请核对。")
        case.record(PlanRefused(reason=self.reason), desk.act)


class CancelInspection(InspectionCommand):
    """Cancel before the visit begins (取消检查)."""

    NAME: ClassVar[str] = "cancel-inspection"
    TITLE: ClassVar[str] = "取消检查"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.INSPECTOR, Role.APPROVER})

    reason: str = Field(min_length=1, max_length=500, description="取消的原因")

    def act(self, case: Planning, desk: Desk) -> None:
        """What has been seen on site cannot be cancelled away."""
        if case.visited:
            raise Refusal("CANCEL-LATE", "现场检查已经开始，不能取消；请继续办理并在第8步结案。")
        case.record(Cancelled(reason=self.reason), desk.act)


def _require_status(case: Planning, status: str, sentence: str) -> None:
    if case.plan_status != status:
        raise Refusal("PLAN-STATUS", sentence, status=case.plan_status)
