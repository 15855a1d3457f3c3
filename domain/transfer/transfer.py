"""Transfer of a suspected crime (涉嫌犯罪移送): proposed by a team, decided by the head."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain import inspection
from domain.case import Case, Duty, Follower, Todo, owes
from domain.command import Desk, Family
from domain.deadlines import Key
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection import Inspection
from domain.times import day

TRANSFERS = Family("transfers", "移送", "transfer", readable=True)
DECISION = Key("TR-APPR")
"""The principal head decides within this term."""
APPROVE = Duty("approve-transfer", "approve-transfer", Role.APPROVER, "移送审批")


class TransferProposed(Fact):
    """A written report to the principal head (移送建议)."""

    TOPIC: ClassVar[str] = "transfer/proposed"
    TITLE: ClassVar[str] = "提出移送建议"
    TELLS: ClassVar[bool] = True
    unit: UUID
    inspection: UUID
    enterprise: UUID
    team: tuple[str, ...]
    signal: str
    facts_seen: str
    hazards: tuple[str, ...]


class TransferApproved(Fact):
    """The principal head approves (批准移送)."""

    TOPIC: ClassVar[str] = "transfer/approved"
    TITLE: ClassVar[str] = "批准移送"
    ENDS: ClassVar[bool] = True
    opinion: str


class TransferRefused(Fact):
    """The principal head does not approve; the reason is recorded (不批准移送)."""

    TOPIC: ClassVar[str] = "transfer/refused"
    TITLE: ClassVar[str] = "不批准移送"
    ENDS: ClassVar[bool] = True
    reason: str


def open_transfer(fact: inspection.TransferProposed, event: Event, desk: Desk) -> None:
    """Report to the principal head; the term to decide begins (TR-TEAM, TR-APPR)."""
    on = day(event.occurred_at)
    least = desk.law.threshold("TRANSFER-TEAM", on)
    if len(set(fact.team)) < least.number:
        raise Refusal(
            "TR-TEAM", f"移送须由不少于{least.number}名执法人员组成专案组。", basis=least.basis
        )
    signals = desk.law.threshold("CRIME-SIGNALS", on)
    if fact.signal not in signals.choices:
        known = "、".join(f"{code}（{words}）" for code, words in signals.choices.items())
        raise Refusal("CRIME-SIGNAL", f"没有这种线索代码，可用：{known}。", basis=signals.basis)
    source = desk.get(Inspection, event.originator_id)
    case = desk.get_or_new(Transfer, fact.transfer)
    proposed = TransferProposed(
        unit=fact.unit or source.belongs_to or event.by.unit,
        inspection=source.id,
        enterprise=source.drawn_up.enterprise,
        team=fact.team,
        signal=fact.signal,
        facts_seen=fact.facts_seen,
        hazards=fact.hazards,
    )
    case.record(proposed, desk.act)
    due = desk.law.due(DECISION.rule, on)
    case.set_deadlines([DECISION], due, desk.act)


class Transfer(Case):
    """A transfer (移送案件)."""

    KIND: ClassVar[str] = "transfer"
    FAMILY: ClassVar[Family] = TRANSFERS
    TITLE: ClassVar[str] = "涉嫌犯罪移送"
    WORKFLOW: ClassVar[str] = "TransferWorkflow"
    STAGES: ClassVar[Mapping[str, str]] = {
        "proposed": "移送待审批",
        "approved": "已批准移送",
        "refused": "不批准移送",
    }
    ENDINGS: ClassVar[Mapping[str, str]] = {"refused": "不批准移送"}
    TERMS: ClassVar[Mapping[str, str]] = {DECISION.rule: "移送审批"}
    FOLLOWS: ClassVar[Mapping[type[Fact], Follower]] = {inspection.TransferProposed: open_transfer}

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.team: tuple[str, ...] = ()
        self.signal = ""
        self.proposed_at: datetime | None = None
        self.status = ""

    @property
    def stage(self) -> str:
        """Proposed, approved or refused."""
        return self.status

    @property
    def awaited(self) -> bool:
        """So far up to the answer to the proposal."""
        return self.status == "proposed"

    @property
    def handlers(self) -> tuple[str, ...]:
        """The team that investigates."""
        return self.team

    @takes(TransferProposed)
    def _proposed(self, fact: TransferProposed, event: Event) -> None:
        self.unit, self.parent, self.team = fact.unit, fact.inspection, fact.team
        self.enterprise = fact.enterprise
        self.signal, self.status = fact.signal, "proposed"
        self.proposed_at = event.occurred_at

    @takes(TransferApproved)
    def _approved(self, _fact: TransferApproved, _: Event) -> None:
        self.status = "approved"

    @takes(TransferRefused)
    def _refused(self, _fact: TransferRefused, _: Event) -> None:
        self.status = self.ending = "refused"

    @owes
    def _decision(self) -> Iterator[Todo]:
        if self.status == "proposed":
            due, key = self.due(DECISION)
            yield Todo(APPROVE, due=due, deadline=key)
