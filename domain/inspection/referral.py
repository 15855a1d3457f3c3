"""Steps ⑥ 涉嫌违法、移交查处 and ⑦ 全程配合、依法办案: proposals to file and to transfer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.command import Desk, day
from domain.errors import Refusal
from domain.inspection import facts
from domain.inspection.base import InspectionCommand, certified, punishing_unit
from domain.inspection.inspection import Inspection
from domain.inspection.reads import people
from domain.inspection.values import Grade, Step
from domain.law import Law
from domain.penalty import PenaltyCase
from domain.transfer import Transfer

REFUSED = "refused"
"""Crime signal: refusing an order on a major hazard (《刑法》第一百三十四条之一第二项)."""


def propose_filing(
    case: Inspection,
    desk: Desk,
    *,
    cause: str,
    facts_seen: str,
    hazards: Iterable[str] = (),
    urgent: bool = False,
) -> UUID:
    """Open a penalty case as a proposal, in the same commit; step ⑥ begins."""
    numbers = tuple(hazards)
    penalty_id = uuid5(desk.command_id, f"penalty/{cause}")
    penalty = desk.get_or_new(PenaltyCase, penalty_id)
    penalty.propose(
        desk,
        unit=punishing_unit(case, desk),
        inspection=case.id,
        enterprise=case.drawn_up.enterprise,
        handlers=tuple(o.account for o in case.officers),
        cause=cause,
        facts_seen=facts_seen,
        hazards=numbers,
        urgent=urgent,
    )
    fact = facts.FilingProposed(penalty=penalty_id, cause=cause, hazards=numbers)
    case.record(fact, at=desk.at, by=desk.by)
    case.enter(Step.REFER, at=desk.at, by=desk.by)
    return penalty_id


def propose_transfer(
    case: Inspection,
    desk: Desk,
    *,
    signal: str,
    facts_seen: str,
    hazards: Sequence[str],
    team: Sequence[str],
) -> UUID:
    """Open a transfer as a proposal, in the same commit; step ⑥ begins."""
    transfer_id = uuid5(desk.command_id, f"transfer/{signal}")
    transfer = desk.get_or_new(Transfer, transfer_id)
    transfer.propose(
        desk,
        unit=punishing_unit(case, desk),
        inspection=case.id,
        enterprise=case.drawn_up.enterprise,
        team=tuple(team),
        signal=signal,
        facts_seen=facts_seen,
        hazards=tuple(hazards),
    )
    fact = facts.TransferProposed(transfer=transfer_id, signal=signal, hazards=tuple(hazards))
    case.record(fact, at=desk.at, by=desk.by)
    case.enter(Step.REFER, at=desk.at, by=desk.by)
    return transfer_id


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

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
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

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """The team."""
        del case, law, on
        return people(self.team)

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
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


class RecordOrderRefusal(InspectionCommand):
    """The enterprise refuses to obey an order or measure (拒不执行)."""

    NAME: ClassVar[str] = "record-order-refusal"
    TITLE: ClassVar[str] = "记录拒不执行"

    document: UUID = Field(description="被拒不执行的指令书或决定书")
    facts_seen: str = Field(
        min_length=1, max_length=2000, description="拒不执行的事实（含虚假整改）"
    )

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """Transfer on a major hazard where the law of the day knows the crime, else filing."""
        paper = case.paper(self.document)
        if paper.served_on is None or not paper.hazards:
            raise Refusal("REFUSAL-UNSERVED", "该文书尚未送达或不含责令事项，不能认定拒不执行。")
        open_ones = [no for no in paper.hazards if not case.hazards[no].settled]
        if not open_ones:
            raise Refusal("REFUSAL-SETTLED", "该文书涉及的隐患均已整改，不能认定拒不执行。")
        if paper.refused:
            raise Refusal("REFUSAL-RECORDED", "该文书的拒不执行情况已经记录，无需重复办理。")
        fact = facts.OrderRefused(
            document=self.document, hazards=tuple(open_ones), facts=self.facts_seen
        )
        case.record(fact, at=desk.at, by=desk.by)
        return self._refer(case, desk, open_ones)

    def _refer(self, case: Inspection, desk: Desk, hazards: list[str]) -> dict[str, Any]:
        known = REFUSED in desk.law.threshold("CRIME-SIGNALS", day(desk.at)).choices
        major = [no for no in hazards if known and case.hazards[no].grade is Grade.MAJOR]
        rest = [no for no in hazards if no not in major]
        said: dict[str, Any] = {}
        if major:
            team = [o.account for o in case.officers]
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
