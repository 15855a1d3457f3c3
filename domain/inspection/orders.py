"""Step ⑤ 制作文书、下达指令: record, order, measure, service."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.command import Desk, day
from domain.enterprise import Enterprise
from domain.errors import Refusal
from domain.inspection import facts
from domain.inspection.base import InspectionCommand, new_paper, signing, unit_of
from domain.inspection.inspection import Inspection, Paper
from domain.inspection.reads import signed_paper
from domain.inspection.values import (
    HazardStatus,
    MeasureKind,
    ServiceMethod,
    Signature,
    Step,
)
from domain.law import Law
from domain.organisation.numbers import told
from domain.personal import Personal

SIGNERS: list[str] = Field(
    default_factory=list[str], description="签字的执法人员账号，至少两名；省略即为到场的执法人员"
)


class MakeRecord(InspectionCommand):
    """Make the record of the visit (制作现场检查记录), signed or with the refusal noted."""

    NAME: ClassVar[str] = "make-record"
    TITLE: ClassVar[str] = "制作现场检查记录"

    findings: str = Field(min_length=1, max_length=5000, description="检查情况")
    place: str = Field(default="", max_length=300, description="检查地点；省略即为企业登记的地址")
    officers: list[str] = SIGNERS
    signature: Signature = Field(description="签字或拒签情况")

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, the register, and the enterprise where its address is the place."""
        yield from signed_paper(case, "RECORD", self.officers, law, on)
        if case.plan is not None and not self.place:
            yield case.plan.enterprise

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """Always made; without a hazard the case goes straight to step ⑧."""
        case.require_step(Step.SERVE_DOCUMENTS)
        if any(p.document.code == "RECORD" for p in case.papers.values()):
            raise Refusal("RECORD-MADE", "现场检查记录已经制作，不能重复制作。")
        require_signature(self.signature, desk)
        officers = signing(case, self.officers, desk)
        document = new_paper(case, desk, "RECORD")
        fact = facts.RecordMade(
            document=document,
            place=self.place or _address(case, desk),
            began_at=case.began_at,
            ended_at=case.ended_at,
            officers=officers,
            findings=self.findings,
            signature=self.signature,
        )
        case.record(fact, at=desk.at, by=desk.by)
        due = desk.law.due("PUB-INSP", day(desk.at))
        case.set_deadline("PUB-INSP", "检查结果", due, at=desk.at, by=desk.by)
        if not case.hazards:
            case.enter(Step.CLOSE_LOOP, at=desk.at, by=desk.by)
        return told(document)


class IssueOrder(InspectionCommand):
    """Make an order to rectify (责令限期整改指令书): each hazard has its own due date."""

    NAME: ClassVar[str] = "issue-order"
    TITLE: ClassVar[str] = "制作责令限期整改指令书"

    items: list[facts.OrderItem] = Field(min_length=1, description="整改事项：隐患编号与整改期限")
    duties: str = Field(
        default="整改期间落实安全防范措施，确保安全", max_length=500, description="整改期间的要求"
    )
    officers: list[str] = SIGNERS

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, and the register."""
        return signed_paper(case, "ORDER", self.officers, law, on)

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """For hazards under no running order; a second one follows a recheck that found them."""
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        numbers = [item.hazard for item in self.items]
        if len(set(numbers)) != len(numbers):
            raise Refusal("ORDER-TWICE", "同一隐患在指令书中出现两次，请合并。")
        for item in self.items:
            _require_orderable(case, item, day(desk.at))
        officers = signing(case, self.officers, desk)
        _void_replaced(case, set(numbers), desk)
        document = new_paper(case, desk, "ORDER")
        fact = facts.OrderIssued(
            document=document, items=tuple(self.items), duties=self.duties, officers=officers
        )
        case.record(fact, at=desk.at, by=desk.by)
        return told(document)


class IssueMeasure(InspectionCommand):
    """Decide an on-site measure (现场处理措施决定书)."""

    NAME: ClassVar[str] = "issue-measure"
    TITLE: ClassVar[str] = "作出现场处理措施决定"

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    measure: MeasureKind = Field(description="处理措施")
    basis: str = Field(min_length=1, max_length=200, description="法律依据")
    officers: list[str] = SIGNERS

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, and the register."""
        return signed_paper(case, "MEASURE", self.officers, law, on)

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """Beside or instead of an order; the same document covers several hazards."""
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        _require_power(case, self.measure, desk)
        for no in self.hazards:
            if case.hazard(no).settled:
                raise Refusal("HAZARD-SETTLED", f"隐患{no}已整改，无需再采取措施。")
        officers = signing(case, self.officers, desk)
        document = new_paper(case, desk, "MEASURE")
        fact = facts.MeasureIssued(
            document=document,
            hazards=tuple(self.hazards),
            measure=self.measure,
            basis=self.basis,
            officers=officers,
        )
        case.record(fact, at=desk.at, by=desk.by)
        return told(document)


class ServeDocument(InspectionCommand):
    """Serve a document (送达文书): the clocks of what it orders begin."""

    NAME: ClassVar[str] = "serve-document"
    TITLE: ClassVar[str] = "送达文书"

    document: UUID = Field(description="文书")
    method: ServiceMethod = Field(description="送达方式")
    receiver: str = Field(default="", max_length=50, description="受送达人（签收人）姓名")
    note: str = Field(default="", max_length=500, description="留置、电子、邮寄、公告送达的说明")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Once per document; left service needs its witness or film, e-service its consent."""
        paper = case.paper(self.document)
        if paper.void or case.shut_down:
            raise Refusal(
                "SERVE-NEEDLESS", f"{paper.document.number}已作废或企业已关闭，无需送达。"
            )
        if not paper.must_be_served:
            raise Refusal("SERVE-KIND", f"《{paper.document.title}》由现场签字确认，无需送达。")
        if paper.served_on is not None:
            raise Refusal(
                "SERVED", f"{paper.document.number}已于{paper.served_on}送达，不能重复送达。"
            )
        self._require_proof(desk)
        effective = self._effective(desk)
        _require_time_left(paper, effective)
        receiver = None
        if self.receiver:
            receiver = Personal(
                person=uuid5(case.id, f"receiver/{self.receiver}"), text=self.receiver
            )
        first = [
            facts.ServedHazard(hazard=no, grade=case.hazards[no].grade)
            for no in paper.hazards
            if not case.hazards[no].served
        ]
        fact = facts.DocumentServed(
            document=self.document,
            number=paper.document.number,
            method=self.method,
            effective_on=effective,
            receiver=receiver,
            note=self.note,
            first_served=tuple(first),
        )
        case.record(fact, at=desk.at, by=desk.by)
        _start_clocks(case, paper, effective, desk)
        if all_ordered_and_served(case):
            case.enter(Step.CLOSE_LOOP, at=desk.at, by=desk.by)

    def _require_proof(self, desk: Desk) -> None:
        if self.method is ServiceMethod.DIRECT and not self.receiver:
            raise Refusal("SERVE-RECEIVER", "直接送达请填写签收人姓名；拒收的请改为留置送达。")
        if self.method is not ServiceMethod.DIRECT and not self.note.strip():
            raise Refusal(
                "SERVE-PROOF",
                f"{self.method.value}请在说明中写明见证人或录像（留置）、同意书（电子）、单号（邮寄）或公告载体。",
                basis=desk.law.rule("SERVE", day(desk.at)).basis,
            )

    def _effective(self, desk: Desk) -> date:
        if self.method is ServiceMethod.PUBLIC:
            return desk.law.due("SERVE-PUB", day(desk.at)).due
        return day(desk.at)


def require_signature(signature: Signature, desk: Desk) -> None:
    """A refusal to sign is noted (拒签注明)."""
    if not signature.signed and not signature.note.strip():
        raise Refusal(
            "SIGNATURE-NOTE",
            "被检查单位拒绝签字的，请注明拒签情况并由两名执法人员签字。",
            basis=desk.law.threshold("RECORD-SIGNING", day(desk.at)).basis,
        )


def _address(case: Inspection, desk: Desk) -> str:
    own = desk.get(Enterprise, case.drawn_up.enterprise).particulars
    return own.address if own else ""


def require_record(case: Inspection) -> None:
    """The record comes before any order."""
    if not any(p.document.code == "RECORD" for p in case.papers.values()):
        raise Refusal("RECORD-FIRST", "请先制作现场检查记录，再制作指令或决定。")


def _require_power(case: Inspection, measure: MeasureKind, desk: Desk) -> None:
    """A town or street checks, corrects, orders removal and reports; it stops no business."""
    if measure.stops and desk.unit(unit_of(case)).is_town:
        raise Refusal(
            "TOWN-POWERS",
            f"镇街无权{measure.value}，请报告区（市）应急管理部门作出决定。",
            basis=desk.law.threshold("TOWN-POWERS", day(desk.at)).basis,
        )


def all_ordered_and_served(case: Inspection) -> bool:
    """Every hazard is under an order or measure, and everything made has been served."""
    ordered = all(h.status is not HazardStatus.FOUND for h in case.hazards.values())
    return ordered and not case.unserved()


def _require_orderable(case: Inspection, item: facts.OrderItem, on: date) -> None:
    hazard = case.hazard(item.hazard)
    first = not hazard.settled and not hazard.rounds
    again = hazard.status is HazardStatus.NOT_REMOVED or _is_unserved(case, hazard.no)
    if hazard.settled or not (first or again):
        raise Refusal(
            "ORDER-RUNNING", f"隐患{hazard.no}{hazard.status.value}，复查认定未整改后方可再次责令。"
        )
    if item.due <= on:
        raise Refusal("ORDER-DUE", f"隐患{hazard.no}的整改期限须晚于文书日期{on.isoformat()}。")


def _is_unserved(case: Inspection, no: str) -> bool:
    return any(no in paper.dues for paper in case.unserved())


def _void_replaced(case: Inspection, hazards: set[str], desk: Desk) -> None:
    """A new order takes the place of one that was never served, if it covers all of it."""
    for paper in case.unserved():
        if not hazards & set(paper.dues):
            continue
        if left := {no for no in paper.dues if not case.hazards[no].settled} - hazards:
            raise Refusal(
                "ORDER-REPLACE",
                f"{paper.document.number}尚未送达，重新制作须包括其中的隐患{'、'.join(sorted(left))}。",
            )
        fact = facts.DocumentVoided(
            document=paper.document.id, number=paper.document.number, reason="未送达，重新制作"
        )
        case.record(fact, at=desk.at, by=desk.by)


def _require_time_left(paper: Paper, effective: date) -> None:
    if late := [no for no, due in paper.dues.items() if due <= effective]:
        raise Refusal(
            "SERVE-LATE",
            f"送达之日已到或超过隐患{'、'.join(late)}的整改期限，请重新制作指令书。",
        )


def _start_clocks(case: Inspection, paper: Paper, effective: date, desk: Desk) -> None:
    for no, due in paper.dues.items():
        hazard = case.hazards[no]
        if hazard.settled:
            continue
        for key in (*hazard.fix_keys[:-1], hazard.recheck_key):
            case.void_deadline(key, "已重新责令", at=desk.at, by=desk.by)
        deadline = desk.law.due("FIX-DUE", effective, agreed=due)
        case.set_deadline(hazard.fix_key, f"隐患{no}", deadline, at=desk.at, by=desk.by)
    if paper.measure is not None and paper.measure.stops:
        deadline = desk.law.due("SUSPEND", effective)
        key = f"SUSPEND/{paper.document.id}"
        case.set_deadline(key, paper.document.number, deadline, at=desk.at, by=desk.by)
