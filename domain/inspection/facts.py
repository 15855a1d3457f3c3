"""Facts of an inspection, in the order of the eight steps."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.document import Document
from domain.facts import Fact, Frozen
from domain.inspection.values import (
    Evidence,
    Grade,
    ItemResult,
    MeasureKind,
    Officer,
    Plan,
    RecheckResult,
    ServiceMethod,
    Signature,
    Step,
)
from domain.personal import Personal


class StepEntered(Fact):
    """A step of the method begins (进入步骤)."""

    TOPIC: ClassVar[str] = "inspection/step-entered"
    TITLE: ClassVar[str] = "进入步骤"
    step: Step

    def words(self) -> str:
        """Number and name of the step."""
        return f"进入第{self.step.value}步：{self.step.title}"


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
    reason: str


class Cancelled(Fact):
    """The inspection does not take place (取消检查)."""

    TOPIC: ClassVar[str] = "inspection/cancelled"
    TITLE: ClassVar[str] = "取消检查"
    reason: str


class CertificatesShown(Fact):
    """Certificates shown, recorder on, rights told (亮证告知)."""

    TOPIC: ClassVar[str] = "inspection/certificates-shown"
    TITLE: ClassVar[str] = "出示执法证件、告知权利义务"
    officers: tuple[Officer, ...]
    recorder: str
    person_in_charge: Personal
    post: str


class RecusalRequested(Fact):
    """An officer is asked to withdraw, or asks it himself (申请回避)."""

    TOPIC: ClassVar[str] = "inspection/recusal-requested"
    TITLE: ClassVar[str] = "申请回避"
    officer: str
    own: bool
    grounds: str

    def words(self) -> str:
        """Who asks for whom."""
        return f"{'执法人员自行' if self.own else '当事人'}申请回避：{self.officer}"


class RecusalGranted(Fact):
    """The officer withdraws, another one takes his place (同意回避)."""

    TOPIC: ClassVar[str] = "inspection/recusal-granted"
    TITLE: ClassVar[str] = "同意回避"
    officer: str
    replacement: Officer
    opinion: str

    def words(self) -> str:
        """Who goes and who comes."""
        return f"同意{self.officer}回避，由{self.replacement.account}接替"


class RecusalRefused(Fact):
    """The officer stays on the case, with reasons (驳回回避申请)."""

    TOPIC: ClassVar[str] = "inspection/recusal-refused"
    TITLE: ClassVar[str] = "驳回回避申请"
    officer: str
    reason: str

    def words(self) -> str:
        """Title and officer."""
        return f"驳回回避申请：{self.officer}"


class BriefingHeard(Fact):
    """The enterprise described itself (听取介绍)."""

    TOPIC: ClassVar[str] = "inspection/briefing-heard"
    TITLE: ClassVar[str] = "听取企业情况介绍"
    summary: str


class EntryRefused(Fact):
    """The enterprise refused the inspection (拒绝、阻碍检查)."""

    TOPIC: ClassVar[str] = "inspection/entry-refused"
    TITLE: ClassVar[str] = "拒绝、阻碍检查"
    facts: str
    corrected: bool = False

    def words(self) -> str:
        """Title, and whether the order to correct was obeyed."""
        return f"{self.TITLE}（经责令已改正）" if self.corrected else self.TITLE


class ItemsAssigned(Fact):
    """Each item has its officer (检查分工)."""

    TOPIC: ClassVar[str] = "inspection/items-assigned"
    TITLE: ClassVar[str] = "检查分工"
    officer_of: dict[str, str]


class ItemAnswered(Fact):
    """An item has its result (检查项结果)."""

    TOPIC: ClassVar[str] = "inspection/item-answered"
    TITLE: ClassVar[str] = "填写检查结果"
    item: str
    result: ItemResult
    note: str

    def words(self) -> str:
        """Item and result."""
        return f"检查项{self.item}：{self.result.value}"


class EvidenceAdded(Fact):
    """Evidence was secured (固定证据)."""

    TOPIC: ClassVar[str] = "inspection/evidence-added"
    TITLE: ClassVar[str] = "固定证据"
    evidence: Evidence

    def words(self) -> str:
        """Kind and title."""
        return f"固定证据：{self.evidence.kind.value}《{self.evidence.title}》"


class HazardFound(Fact):
    """A hazard was found (发现隐患)."""

    TOPIC: ClassVar[str] = "inspection/hazard-found"
    TITLE: ClassVar[str] = "发现隐患"
    hazard: str
    item: str | None
    description: str
    grade: Grade
    standard: str
    breached: str
    evidence: tuple[UUID, ...]

    def words(self) -> str:
        """Number, grade and description."""
        return f"发现{self.grade.value}隐患{self.hazard}：{self.description}"


class EvidenceLinked(Fact):
    """Evidence was tied to a hazard (关联证据)."""

    TOPIC: ClassVar[str] = "inspection/evidence-linked"
    TITLE: ClassVar[str] = "关联证据"
    hazard: str
    evidence: tuple[UUID, ...]


class VisitFinished(Fact):
    """The visit ended, evidence is fixed (现场检查结束)."""

    TOPIC: ClassVar[str] = "inspection/visit-finished"
    TITLE: ClassVar[str] = "现场检查结束"
    began_at: datetime
    ended_at: datetime
    enterprise: UUID
    hazards: int


class RecordMade(Fact):
    """The record of the visit was made (现场检查记录)."""

    TOPIC: ClassVar[str] = "inspection/record-made"
    TITLE: ClassVar[str] = "制作现场检查记录"
    document: Document
    place: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    officers: tuple[Officer, ...] = ()
    findings: str
    signature: Signature

    def words(self) -> str:
        """Title, number, and a refusal to sign."""
        tail = "" if self.signature.signed else "（当事人拒签，已注明）"
        return f"制作现场检查记录：{self.document.number}{tail}"


class OrderItem(Frozen):
    """A hazard and the day by which it must be gone (整改事项及期限)."""

    hazard: str
    due: date


class OrderIssued(Fact):
    """An order to rectify was made (责令限期整改指令书)."""

    TOPIC: ClassVar[str] = "inspection/order-issued"
    TITLE: ClassVar[str] = "制作责令限期整改指令书"
    document: Document
    items: tuple[OrderItem, ...]
    duties: str
    officers: tuple[Officer, ...] = ()

    def words(self) -> str:
        """Title and number."""
        return f"制作责令限期整改指令书：{self.document.number}"


class MeasureIssued(Fact):
    """An on-site measure was decided (现场处理措施决定书)."""

    TOPIC: ClassVar[str] = "inspection/measure-issued"
    TITLE: ClassVar[str] = "作出现场处理措施决定"
    document: Document
    hazards: tuple[str, ...]
    measure: MeasureKind
    basis: str
    officers: tuple[Officer, ...] = ()

    def words(self) -> str:
        """Measure and number."""
        return f"作出现场处理措施决定（{self.measure.value}）：{self.document.number}"


class DocumentVoided(Fact):
    """A document that was never served has been replaced (文书作废); its number stays taken."""

    TOPIC: ClassVar[str] = "inspection/document-voided"
    TITLE: ClassVar[str] = "文书作废"
    document: UUID
    number: str
    reason: str

    def words(self) -> str:
        """Title, number and reason."""
        return f"文书作废：{self.number}（{self.reason}）"


class ServedHazard(Frozen):
    """A hazard that reached the party for the first time: the monthly count rests on it."""

    hazard: str
    grade: Grade


class DocumentServed(Fact):
    """A document reached the party (文书送达)."""

    TOPIC: ClassVar[str] = "inspection/document-served"
    TITLE: ClassVar[str] = "文书送达"
    document: UUID
    number: str
    method: ServiceMethod
    effective_on: date
    receiver: Personal | None
    note: str
    first_served: tuple[ServedHazard, ...]

    def words(self) -> str:
        """Method and number."""
        return f"文书送达（{self.method.value}）：{self.number}"


class OrderRefused(Fact):
    """The enterprise refuses to obey (拒不执行)."""

    TOPIC: ClassVar[str] = "inspection/order-refused"
    TITLE: ClassVar[str] = "拒不执行指令、决定"
    document: UUID
    hazards: tuple[str, ...]
    facts: str


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


class ExtensionRequested(Fact):
    """The enterprise asks for more time (延期申请)."""

    TOPIC: ClassVar[str] = "inspection/extension-requested"
    TITLE: ClassVar[str] = "申请延期整改"
    extension: str
    hazards: tuple[str, ...]
    due: date
    reason: str


class ExtensionGranted(Fact):
    """More time was given in writing (同意延期)."""

    TOPIC: ClassVar[str] = "inspection/extension-granted"
    TITLE: ClassVar[str] = "同意延期整改"
    extension: str
    due: date
    opinion: str


class ExtensionRefused(Fact):
    """More time was refused in writing (不同意延期)."""

    TOPIC: ClassVar[str] = "inspection/extension-refused"
    TITLE: ClassVar[str] = "不同意延期整改"
    extension: str
    reason: str


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


class ResumptionRequested(Fact):
    """The enterprise asks to resume (恢复生产经营、使用申请)."""

    TOPIC: ClassVar[str] = "inspection/resumption-requested"
    TITLE: ClassVar[str] = "申请恢复生产经营（使用）"
    document: UUID
    request: str


class ResumptionAgreed(Fact):
    """Review passed, the measure is lifted (审查同意恢复)."""

    TOPIC: ClassVar[str] = "inspection/resumption-agreed"
    TITLE: ClassVar[str] = "审查同意恢复生产经营（使用）"
    document: UUID
    opinion: str


class ResumptionRefused(Fact):
    """Review not passed, the measure stays (审查不同意恢复)."""

    TOPIC: ClassVar[str] = "inspection/resumption-refused"
    TITLE: ClassVar[str] = "审查不同意恢复"
    document: UUID
    reason: str


class FilingProposed(Fact):
    """A penalty case was proposed (建议立案)."""

    TOPIC: ClassVar[str] = "inspection/filing-proposed"
    TITLE: ClassVar[str] = "建议立案查处"
    penalty: UUID
    cause: str
    hazards: tuple[str, ...]

    def words(self) -> str:
        """Title and cause."""
        return f"建议立案查处：{self.cause}"


class FilingDecided(Fact):
    """The proposal to file was decided (立案审批结果)."""

    TOPIC: ClassVar[str] = "inspection/filing-decided"
    TITLE: ClassVar[str] = "立案审批结果"
    penalty: UUID
    approved: bool

    def words(self) -> str:
        """Title and outcome."""
        return f"立案审批结果：{'准予立案' if self.approved else '不予立案'}"


class TransferProposed(Fact):
    """A transfer was proposed (建议移送)."""

    TOPIC: ClassVar[str] = "inspection/transfer-proposed"
    TITLE: ClassVar[str] = "建议移送"
    transfer: UUID
    signal: str
    hazards: tuple[str, ...]


class TransferDecided(Fact):
    """The proposal to transfer was decided (移送审批结果)."""

    TOPIC: ClassVar[str] = "inspection/transfer-decided"
    TITLE: ClassVar[str] = "移送审批结果"
    transfer: UUID
    approved: bool

    def words(self) -> str:
        """Title and outcome."""
        return f"移送审批结果：{'批准移送' if self.approved else '不批准移送'}"


class EnterpriseShutDown(Fact):
    """The enterprise no longer operates (企业关闭、停业)."""

    TOPIC: ClassVar[str] = "inspection/enterprise-shut-down"
    TITLE: ClassVar[str] = "企业已关闭（停业）"
    facts: str
    evidence: tuple[UUID, ...]


class ResultPublished(Fact):
    """The result was made public (公示检查结果)."""

    TOPIC: ClassVar[str] = "inspection/result-published"
    TITLE: ClassVar[str] = "公示检查结果"
    place: str


class Closed(Fact):
    """The loop is closed (结案归档)."""

    TOPIC: ClassVar[str] = "inspection/closed"
    TITLE: ClassVar[str] = "结案归档"
    opinion: str
