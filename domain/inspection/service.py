"""Step ⑤, service (送达): a document reaches the party, and the clocks of what it orders begin."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.command import Desk
from domain.deadlines import Key
from domain.errors import Refusal
from domain.facts import Event, Fact, Frozen, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.hazards import FIX_DUE
from domain.inspection.measures import Measures
from domain.inspection.papers import Paper
from domain.inspection.values import Grade, HazardStatus, ServiceMethod, Step
from domain.personal import Personal
from domain.times import day

SUSPEND = "SUSPEND"


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


class Service(Measures):
    """The part of the service."""

    @takes(DocumentServed)
    def _served(self, fact: DocumentServed, event: Event) -> None:
        paper = self.papers[fact.document]
        paper.served_on, paper.served_at = fact.effective_on, event.occurred_at
        for no in paper.hazards:
            self.hazards[no].acted_at = event.occurred_at
        for served in fact.first_served:
            self.hazards[served.hazard].served = True


class ServeDocument(OnSiteCommand):
    """Serve a document (送达文书): the clocks of what it orders begin."""

    NAME: ClassVar[str] = "serve-document"
    TITLE: ClassVar[str] = "送达文书"

    document: UUID = Field(description="文书")
    method: ServiceMethod = Field(description="送达方式")
    receiver: str = Field(default="", max_length=50, description="受送达人（签收人）姓名")
    note: str = Field(default="", max_length=500, description="留置、电子、邮寄、公告送达的说明")

    def rests_on(self, case: Service) -> datetime | None:
        """The document."""
        paper = case.papers.get(self.document)
        return paper and paper.made_at

    def act(self, case: Service, desk: Desk) -> None:
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
            ServedHazard(hazard=no, grade=case.hazards[no].grade)
            for no in paper.hazards
            if not case.hazards[no].served
        ]
        fact = DocumentServed(
            document=self.document,
            number=paper.document.number,
            method=self.method,
            effective_on=effective,
            receiver=receiver,
            note=self.note,
            first_served=tuple(first),
        )
        case.record(fact, desk.act)
        _start_clocks(case, paper, effective, desk)
        if all_ordered_and_served(case):
            case.enter(Step.CLOSE_LOOP, desk.act)

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


def all_ordered_and_served(case: Service) -> bool:
    """Every hazard is under an order or measure, and everything made has been served."""
    ordered = all(h.status is not HazardStatus.FOUND for h in case.hazards.values())
    return ordered and not case.unserved()


def _require_time_left(paper: Paper, effective: date) -> None:
    if late := [no for no, due in paper.dues.items() if due <= effective]:
        raise Refusal(
            "SERVE-LATE",
            f"送达之日已到或超过隐患{'、'.join(late)}的整改期限，请重新制作指令书。",
        )


def suspend_key(paper: Paper) -> Key:
    """Key of the deadline of a stop."""
    return Key(SUSPEND, str(paper.document.id))


def _start_clocks(case: Service, paper: Paper, effective: date, desk: Desk) -> None:
    """One ladder for the hazards of each date; what an earlier order had begun ends."""
    hazards = [case.hazards[no] for no in paper.dues if not case.hazards[no].settled]
    earlier = [key for h in hazards if h.rounds > 1 for key in (*h.fix_keys[:-1], h.recheck_key)]
    case.void_deadlines(earlier, "已重新责令", desk.act)
    for due in dict.fromkeys(paper.dues[h.no] for h in hazards):
        keys = [h.fix_key for h in hazards if paper.dues[h.no] == due]
        agreed = desk.law.due(FIX_DUE, effective, agreed=due)
        case.set_deadlines(keys, agreed, desk.act)
    if paper.measure is not None and paper.measure.stops:
        stop = desk.law.due(SUSPEND, effective)
        case.set_deadlines([suspend_key(paper)], stop, desk.act)
