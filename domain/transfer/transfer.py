"""Transfer of a suspected crime (涉嫌犯罪移送): proposed by a team, decided by the head."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.clocked import Clocked
from domain.command import Desk, day
from domain.errors import Refusal
from domain.facts import Event, Fact


class TransferProposed(Fact):
    """A written report to the principal head (移送建议)."""

    TOPIC: ClassVar[str] = "transfer/proposed"
    TITLE: ClassVar[str] = "提出移送建议"
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
    opinion: str


class TransferRefused(Fact):
    """The principal head does not approve; the reason is recorded (不批准移送)."""

    TOPIC: ClassVar[str] = "transfer/refused"
    TITLE: ClassVar[str] = "不批准移送"
    reason: str


class Transfer(Clocked):
    """A transfer (移送案件)."""

    KIND: ClassVar[str] = "transfer"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.unit: UUID | None = None
        self.inspection: UUID | None = None
        self.team: tuple[str, ...] = ()
        self.signal = ""
        self.proposed_at: datetime | None = None
        self.status = ""

    @property
    def terminal(self) -> bool:
        """A refused proposal ends here."""
        return self.status == "refused"

    def evolve_case(self, event: Event) -> None:
        """Assign."""
        match event.fact:
            case TransferProposed() as f:
                self.unit, self.inspection, self.team = f.unit, f.inspection, f.team
                self.signal, self.status = f.signal, "proposed"
                self.proposed_at = event.occurred_at
            case TransferApproved():
                self.status = "approved"
            case TransferRefused():
                self.status = "refused"
            case _:
                pass

    def propose(
        self,
        desk: Desk,
        *,
        unit: UUID,
        inspection: UUID,
        enterprise: UUID,
        team: tuple[str, ...],
        signal: str,
        facts_seen: str,
        hazards: tuple[str, ...],
    ) -> None:
        """Report to the principal head; the term to decide begins (TR-TEAM, TR-APPR)."""
        on = day(desk.at)
        least = desk.law.threshold("TRANSFER-TEAM", on)
        if len(set(team)) < least.number:
            raise Refusal(
                "TR-TEAM", f"移送须由不少于{least.number}名执法人员组成专案组。", basis=least.basis
            )
        signals = desk.law.threshold("CRIME-SIGNALS", on)
        if signal not in signals.choices:
            known = "、".join(f"{code}（{words}）" for code, words in signals.choices.items())
            raise Refusal("CRIME-SIGNAL", f"没有这种线索代码，可用：{known}。", basis=signals.basis)
        fact = TransferProposed(
            unit=unit,
            inspection=inspection,
            enterprise=enterprise,
            team=team,
            signal=signal,
            facts_seen=facts_seen,
            hazards=hazards,
        )
        self.record(fact, at=desk.at, by=desk.by)
        self.set_deadline(
            "TR-APPR", "移送审批", desk.law.due("TR-APPR", on), at=desk.at, by=desk.by
        )
