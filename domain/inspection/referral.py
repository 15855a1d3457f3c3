"""Steps ⑥ 涉嫌违法、移交查处 and ⑦ 全程配合、依法办案: what an officer proposes on his own."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import lacks
from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, takes
from domain.inspection.base import InspectionCommand, OnSiteCommand
from domain.inspection.officers import certified
from domain.inspection.proposals import propose_filing, propose_transfer
from domain.inspection.reads import people
from domain.inspection.service import Service
from domain.inspection.values import Grade
from domain.law import Law
from domain.times import day

REFUSED = "refused"
"""Crime signal: refusing an order on a major hazard (《刑法》第一百三十四条之一第二项)."""


class OrderRefused(Fact):
    """The enterprise refuses to obey (拒不执行)."""

    TOPIC: ClassVar[str] = "inspection/order-refused"
    TITLE: ClassVar[str] = "拒不执行指令、决定"
    document: UUID
    hazards: tuple[str, ...]
    facts: str


class Referral(Service):
    """The part of orders refused."""

    @takes(OrderRefused)
    def _refused_to_obey(self, fact: OrderRefused, _: Event) -> None:
        self.papers[fact.document].refused = True

    @lacks
    def _undecided(self) -> Iterator[str]:
        if "proposed" in self.proposals.values():
            yield "立案或移送建议待审批"
        if "approved" in self.proposals.values():
            yield "已立案（移送）案件未办结"


class ProposeFiling(InspectionCommand):
    """Propose to file a penalty case (建议立案): at once where a violation deserves a penalty."""

    NAME: ClassVar[str] = "propose-filing"
    TITLE: ClassVar[str] = "建议立案查处"

    cause: str = Field(min_length=1, max_length=200, description="案由")
    facts_seen: str = Field(min_length=1, max_length=2000, description="基本事实")
    hazards: list[str] = Field(default_factory=list[str], description="涉及的隐患编号")
    urgent: bool = Field(
        default=False, description="是否情况紧急先行取证（需在规定期限内补办立案）"
    )

    def act(self, case: Referral, desk: Desk) -> dict[str, Any]:
        """Needs a visit; the rectification goes its own way beside it."""
        if case.began_at is None:
            raise Refusal("CERTIFICATES-FIRST", "尚未亮证检查，不能建议立案。")
        for no in self.hazards:
            case.hazard(no)
        penalty = propose_filing(
            case,
            desk,
            cause=self.cause,
            facts_seen=self.facts_seen,
            hazards=self.hazards,
            urgent=self.urgent,
        )
        return {"penalty": str(penalty)}


class ReportCrimeSignal(InspectionCommand):
    """Report a crime signal (涉嫌犯罪线索): a transfer proposal opens."""

    NAME: ClassVar[str] = "report-crime-signal"
    TITLE: ClassVar[str] = "报告涉嫌犯罪线索"

    signal: str = Field(description="线索代码，见法律数据 CRIME-SIGNALS")
    facts_seen: str = Field(min_length=1, max_length=2000, description="事实与现实危险")
    hazards: list[str] = Field(default_factory=list[str], description="涉及的隐患编号")
    team: list[str] = Field(description="专案组执法人员账号，至少两名")

    def reads(self, case: Referral, law: Law, on: date) -> Iterable[UUID]:
        """The team."""
        del case, law, on
        return people(self.team)

    def act(self, case: Referral, desk: Desk) -> dict[str, Any]:
        """The signal is one the law names; at least two officers investigate."""
        if case.began_at is None:
            raise Refusal("CERTIFICATES-FIRST", "尚未亮证检查，不能报告涉嫌犯罪线索。")
        for no in self.hazards:
            case.hazard(no)
        transfer = propose_transfer(
            case,
            desk,
            signal=self.signal,
            facts_seen=self.facts_seen,
            hazards=self.hazards,
            team=self.team,
        )
        certified(case, self.team, day(desk.at), desk)
        return {"transfer": str(transfer)}


class RecordOrderRefusal(OnSiteCommand):
    """The enterprise refuses to obey an order or measure (拒不执行)."""

    NAME: ClassVar[str] = "record-order-refusal"
    TITLE: ClassVar[str] = "记录拒不执行"

    document: UUID = Field(description="被拒不执行的指令书或决定书")
    facts_seen: str = Field(
        min_length=1, max_length=2000, description="拒不执行的事实（含虚假整改）"
    )

    def rests_on(self, case: Referral) -> datetime | None:
        """The service of the document."""
        paper = case.papers.get(self.document)
        return paper and paper.served_at

    def act(self, case: Referral, desk: Desk) -> dict[str, Any]:
        """Transfer on a major hazard where the law of the day knows the crime, else filing."""
        paper = case.paper(self.document)
        if paper.served_on is None or not paper.hazards:
            raise Refusal("REFUSAL-UNSERVED", "该文书尚未送达或不含责令事项，不能认定拒不执行。")
        open_ones = [no for no in paper.hazards if not case.hazards[no].settled]
        if not open_ones:
            raise Refusal("REFUSAL-SETTLED", "该文书涉及的隐患均已整改，不能认定拒不执行。")
        if paper.refused:
            raise Refusal("REFUSAL-RECORDED", "该文书的拒不执行情况已经记录，无需重复办理。")
        fact = OrderRefused(document=self.document, hazards=tuple(open_ones), facts=self.facts_seen)
        case.record(fact, desk.act)
        return self._refer(case, desk, open_ones)

    def _refer(self, case: Referral, desk: Desk, hazards: list[str]) -> dict[str, Any]:
        known = REFUSED in desk.law.threshold("CRIME-SIGNALS", day(desk.at)).choices
        major = [no for no in hazards if known and case.hazards[no].grade is Grade.MAJOR]
        rest = [no for no in hazards if no not in major]
        said: dict[str, Any] = {}
        if major:
            team = case.handlers
            transfer = propose_transfer(
                case, desk, signal=REFUSED, facts_seen=self.facts_seen, hazards=major, team=team
            )
            said["transfer"] = str(transfer)
        if rest:
            penalty = propose_filing(
                case,
                desk,
                cause="拒不执行责令限期整改指令、现场处理措施决定",
                facts_seen=self.facts_seen,
                hazards=rest,
            )
            said["penalty"] = str(penalty)
        return said
