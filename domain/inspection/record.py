"""Step ⑤, the record of the visit (现场检查记录), signed on the spot."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, lacks, owes
from domain.command import Desk
from domain.deadlines import Key
from domain.document import Document
from domain.enterprise import Enterprise
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import InspectionCommand, OnSiteCommand, new_paper
from domain.inspection.officers import signing
from domain.inspection.papers import RECORD, Paper, Papers
from domain.inspection.reads import signed_paper
from domain.inspection.values import Officer, Signature, Step
from domain.law import Law
from domain.organisation.numbers import told
from domain.times import day

PUBLICATION = Key("PUB-INSP")
"""The result is to be made public from the day of the record on."""
MAKE = Duty("make-record", "make-record", Role.INSPECTOR, "制作现场检查记录")
PUBLISH = Duty("publish-result", "publish-result", Role.INSPECTOR, "公示检查结果")
SIGNERS: list[str] = Field(
    default_factory=list[str], description="签字的执法人员账号，至少两名；省略即为到场的执法人员"
)


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


class ResultPublished(Fact):
    """The result was made public (公示检查结果)."""

    TOPIC: ClassVar[str] = "inspection/result-published"
    TITLE: ClassVar[str] = "公示检查结果"
    place: str


class Recorded(Papers):
    """The part of the record, and of making its result public."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.published = False

    @takes(RecordMade)
    def _recorded(self, fact: RecordMade, event: Event) -> None:
        self.papers[fact.document.id] = Paper(fact.document, event.occurred_at)

    @takes(ResultPublished)
    def _published(self, _fact: ResultPublished, _: Event) -> None:
        self.published = True

    @property
    def to_publish(self) -> bool:
        """Whether there is a result that has not been made public."""
        return PUBLICATION in self.deadlines and not self.published

    @owes
    def _record(self) -> Iterator[Todo]:
        if self.step is Step.SERVE_DOCUMENTS and not self.has_record:
            yield Todo(MAKE, self.handlers)

    @owes
    def _publish(self) -> Iterator[Todo]:
        if self.to_publish:
            due, key = self.due(PUBLICATION)
            yield Todo(PUBLISH, self.handlers, due=due, deadline=key)

    @lacks
    def _unpublished(self) -> Iterator[str]:
        if self.to_publish:
            yield "检查结果未公示"


class MakeRecord(OnSiteCommand):
    """Make the record of the visit (制作现场检查记录), signed or with the refusal noted."""

    NAME: ClassVar[str] = "make-record"
    TITLE: ClassVar[str] = "制作现场检查记录"

    findings: str = Field(min_length=1, max_length=5000, description="检查情况")
    place: str = Field(default="", max_length=300, description="检查地点；省略即为企业登记的地址")
    officers: list[str] = SIGNERS
    signature: Signature = Field(description="签字或拒签情况")

    def reads(self, case: Recorded, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, the register, and the enterprise where its address is the place."""
        yield from signed_paper(case, RECORD, self.officers, law, on)
        if case.enterprise is not None and not self.place:
            yield case.enterprise

    def act(self, case: Recorded, desk: Desk) -> dict[str, Any]:
        """Always made; without a hazard the case goes straight to step ⑧."""
        case.require_step(Step.SERVE_DOCUMENTS)
        if case.has_record:
            raise Refusal("RECORD-MADE", "现场检查记录已经制作，不能重复制作。")
        require_signature(self.signature, desk)
        officers = signing(case, self.officers, desk)
        document = new_paper(case, desk, RECORD)
        fact = RecordMade(
            document=document,
            place=self.place or _address(case, desk),
            began_at=case.began_at,
            ended_at=case.ended_at,
            officers=officers,
            findings=self.findings,
            signature=self.signature,
        )
        case.record(fact, desk.act)
        due = desk.law.due(PUBLICATION.rule, day(desk.at))
        case.set_deadlines([PUBLICATION], due, desk.act)
        if not case.hazards:
            case.enter(Step.CLOSE_LOOP, desk.act)
        return told(document)


class PublishResult(InspectionCommand):
    """Make the result public (公示检查结果)."""

    NAME: ClassVar[str] = "publish-result"
    TITLE: ClassVar[str] = "公示检查结果"

    place: str = Field(min_length=1, max_length=300, description="公示平台或网址")

    def act(self, case: Recorded, desk: Desk) -> None:
        """Once, when the record stands."""
        if PUBLICATION not in case.deadlines:
            raise Refusal("PUBLISH-EARLY", "现场检查记录尚未制作，没有可公示的检查结果。")
        if case.published:
            raise Refusal("PUBLISHED", "检查结果已经公示，无需重复办理。")
        case.record(ResultPublished(place=self.place), desk.act)
        case.meet_deadlines([PUBLICATION], desk.act)


def require_signature(signature: Signature, desk: Desk) -> None:
    """A refusal to sign is noted (拒签注明)."""
    if not signature.signed and not signature.note.strip():
        raise Refusal(
            "SIGNATURE-NOTE",
            "被检查单位拒绝签字的，请注明拒签情况并由两名执法人员签字。",
            basis=desk.law.threshold("RECORD-SIGNING", day(desk.at)).basis,
        )


def _address(case: Recorded, desk: Desk) -> str:
    own = desk.get(Enterprise, case.drawn_up.enterprise).particulars
    return own.address if own else ""
