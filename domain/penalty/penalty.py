"""Filing (立案): proposed by the handlers, approved or refused by somebody else."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.clocked import Clocked
from domain.command import Desk, day
from domain.document import Document
from domain.facts import Event, Fact


class FilingProposed(Fact):
    """A proposal to file (立案建议)."""

    TOPIC: ClassVar[str] = "penalty/filing-proposed"
    TITLE: ClassVar[str] = "提出立案建议"
    unit: UUID
    inspection: UUID
    enterprise: UUID
    handlers: tuple[str, ...]
    cause: str
    facts_seen: str
    hazards: tuple[str, ...]
    urgent: bool

    def words(self) -> str:
        """Title and cause."""
        return f"提出立案建议：{self.cause}"


class FilingApproved(Fact):
    """The case is filed (准予立案)."""

    TOPIC: ClassVar[str] = "penalty/filing-approved"
    TITLE: ClassVar[str] = "准予立案"
    document: Document
    opinion: str

    def words(self) -> str:
        """Title and number."""
        return f"准予立案：{self.document.number}"


class FilingRefused(Fact):
    """The case is not filed, with reasons (不予立案)."""

    TOPIC: ClassVar[str] = "penalty/filing-refused"
    TITLE: ClassVar[str] = "不予立案"
    reason: str


class PenaltyCase(Clocked):
    """A penalty case (行政处罚案件)."""

    KIND: ClassVar[str] = "penalty"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.unit: UUID | None = None
        self.inspection: UUID | None = None
        self.handlers: tuple[str, ...] = ()
        self.hazards: tuple[str, ...] = ()
        self.cause = ""
        self.status = ""
        self.proposed_at: datetime | None = None

    @property
    def terminal(self) -> bool:
        """A refused proposal ends here."""
        return self.status == "refused"

    def evolve_case(self, event: Event) -> None:
        """Assign."""
        match event.fact:
            case FilingProposed() as f:
                self.unit, self.inspection, self.handlers = f.unit, f.inspection, f.handlers
                self.hazards, self.cause, self.status = f.hazards, f.cause, "proposed"
                self.proposed_at = event.occurred_at
            case FilingApproved():
                self.status = "approved"
            case FilingRefused():
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
        handlers: tuple[str, ...],
        cause: str,
        facts_seen: str,
        hazards: tuple[str, ...],
        urgent: bool,
    ) -> None:
        """Open the proposal; evidence taken first in urgency starts the term to file late."""
        fact = FilingProposed(
            unit=unit,
            inspection=inspection,
            enterprise=enterprise,
            handlers=handlers,
            cause=cause,
            facts_seen=facts_seen,
            hazards=hazards,
            urgent=urgent,
        )
        self.record(fact, at=desk.at, by=desk.by)
        if urgent:
            due = desk.law.due("FILE-LATE", day(desk.at))
            self.set_deadline("FILE-LATE", "补办立案", due, at=desk.at, by=desk.by)
