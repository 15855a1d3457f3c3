"""Step ⑥ 涉嫌违法、移交查处: what was proposed to file or to transfer, and what became of it.

The inspection only records that it proposes; the penalty case and the transfer follow the fact in
the same append (``domain.penalty``, ``domain.transfer``).
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar
from uuid import UUID, uuid5

from domain.command import Desk
from domain.facts import Event, Fact, takes
from domain.inspection.base import punishing_unit
from domain.inspection.plan import Planning
from domain.inspection.values import Step


class FilingProposed(Fact):
    """A penalty case was proposed (建议立案)."""

    TOPIC: ClassVar[str] = "inspection/filing-proposed"
    TITLE: ClassVar[str] = "建议立案查处"
    TELLS: ClassVar[bool] = True
    penalty: UUID
    cause: str
    hazards: tuple[str, ...]
    unit: UUID | None = None
    """Unit that decides; None, as the next two, where the log was written before this was kept."""
    facts_seen: str = ""
    urgent: bool = False

    def words(self) -> str:
        """Title and cause."""
        return f"建议立案查处：{self.cause}"


class FilingDecided(Fact):
    """The proposal to file was decided (立案审批结果)."""

    TOPIC: ClassVar[str] = "inspection/filing-decided"
    TITLE: ClassVar[str] = "立案审批结果"
    TELLS: ClassVar[bool] = True
    penalty: UUID
    approved: bool

    def words(self) -> str:
        """Title and outcome."""
        return f"立案审批结果：{'准予立案' if self.approved else '不予立案'}"


class TransferProposed(Fact):
    """A transfer was proposed (建议移送)."""

    TOPIC: ClassVar[str] = "inspection/transfer-proposed"
    TITLE: ClassVar[str] = "建议移送"
    TELLS: ClassVar[bool] = True
    transfer: UUID
    signal: str
    hazards: tuple[str, ...]
    unit: UUID | None = None
    """Unit that decides; None, as the next two, where the log was written before this was kept."""
    facts_seen: str = ""
    team: tuple[str, ...] = ()


class TransferDecided(Fact):
    """The proposal to transfer was decided (移送审批结果)."""

    TOPIC: ClassVar[str] = "inspection/transfer-decided"
    TITLE: ClassVar[str] = "移送审批结果"
    TELLS: ClassVar[bool] = True
    transfer: UUID
    approved: bool

    def words(self) -> str:
        """Title and outcome."""
        return f"移送审批结果：{'批准移送' if self.approved else '不批准移送'}"


class Proposals(Planning):
    """The part that remembers what was proposed, and how it was decided."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.proposals: dict[UUID, str] = {}
        """State of each proposed case: proposed, approved, refused."""
        self.causes: dict[UUID, tuple[str, tuple[str, ...]]] = {}
        """Cause and hazards of each filing proposed."""

    @takes(FilingProposed)
    def _filing(self, fact: FilingProposed, _: Event) -> None:
        self.proposals[fact.penalty] = "proposed"
        self.causes[fact.penalty] = (fact.cause, fact.hazards)

    @takes(TransferProposed)
    def _transfer(self, fact: TransferProposed, _: Event) -> None:
        self.proposals[fact.transfer] = "proposed"

    @takes(FilingDecided)
    def _filing_decided(self, fact: FilingDecided, _: Event) -> None:
        self.proposals[fact.penalty] = "approved" if fact.approved else "refused"

    @takes(TransferDecided)
    def _transfer_decided(self, fact: TransferDecided, _: Event) -> None:
        self.proposals[fact.transfer] = "approved" if fact.approved else "refused"

    def pursued(self, cause: str) -> set[str]:
        """Hazards in a filing proposal of that cause that was not refused."""
        return {
            hazard
            for key, (known, hazards) in self.causes.items()
            if known == cause and self.proposals[key] != "refused"
            for hazard in hazards
        }


def propose_filing(
    case: Proposals,
    desk: Desk,
    *,
    cause: str,
    facts_seen: str,
    hazards: Iterable[str] = (),
    urgent: bool = False,
) -> UUID:
    """Propose a penalty case, which opens in the same append; step ⑥ begins."""
    penalty = uuid5(desk.command_id, f"penalty/{cause}")
    fact = FilingProposed(
        penalty=penalty,
        cause=cause,
        hazards=tuple(hazards),
        unit=punishing_unit(case, desk),
        facts_seen=facts_seen,
        urgent=urgent,
    )
    case.record(fact, desk.act)
    case.enter(Step.REFER, desk.act)
    return penalty


def propose_transfer(
    case: Proposals,
    desk: Desk,
    *,
    signal: str,
    facts_seen: str,
    hazards: Sequence[str],
    team: Sequence[str],
) -> UUID:
    """Propose a transfer, which opens in the same append; step ⑥ begins."""
    transfer = uuid5(desk.command_id, f"transfer/{signal}")
    fact = TransferProposed(
        transfer=transfer,
        signal=signal,
        hazards=tuple(hazards),
        unit=punishing_unit(case, desk),
        facts_seen=facts_seen,
        team=tuple(team),
    )
    case.record(fact, desk.act)
    case.enter(Step.REFER, desk.act)
    return transfer
