"""Documents of the case (文书): what each orders, and whether it has been served or replaced."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.case import Duty, Todo, lacks, owes
from domain.document import Document
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.hazards import Hazards
from domain.inspection.plan import PlanApproved
from domain.inspection.values import MeasureKind, Step

RECORD, ORDER, MEASURE, RECHECK = "RECORD", "ORDER", "MEASURE", "RECHECK"
SERVE = Duty("serve-document", "serve-document", Role.INSPECTOR, "送达{}")


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


@dataclass
class Paper:
    """A document of the case, what it orders, and whether it has been served."""

    document: Document
    made_at: datetime
    dues: dict[str, date] = field(default_factory=dict[str, date])
    hazards: tuple[str, ...] = ()
    measure: MeasureKind | None = None
    served_on: date | None = None
    served_at: datetime | None = None
    void: bool = False
    refused: bool = False
    lifted: bool = False
    resumptions: int = 0
    resumption_asked: bool = False
    answered_at: datetime | None = None
    """When a request to resume was last answered."""

    @property
    def stops_now(self) -> bool:
        """A served stop of business or use that has not been lifted."""
        stops = self.measure is not None and self.measure.stops
        return stops and self.served_on is not None and not self.lifted

    @property
    def must_be_served(self) -> bool:
        """Orders, measures and opinions go to the party; the record is signed on the spot."""
        return not self.void and self.document.code in {ORDER, MEASURE, RECHECK}

    def content(self) -> dict[str, Any]:
        """What is shown of it."""
        return self.document.model_dump() | {
            "measure": self.measure,
            "hazards": self.hazards,
            "to_serve": self.must_be_served,
            "served_on": self.served_on,
            "void": self.void,
            "lifted": self.lifted,
        }


class Papers(Hazards):
    """The part that keeps the documents."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.papers: dict[UUID, Paper] = {}
        self.shut_down = False
        """Whether the enterprise no longer operates: nothing is served any more."""

    @property
    def has_record(self) -> bool:
        """Whether the record of the visit has been made."""
        return self.recorded_at is not None

    @property
    def recorded_at(self) -> datetime | None:
        """When the record was made."""
        return next((p.made_at for p in self.papers.values() if p.document.code == RECORD), None)

    @takes(PlanApproved)
    def _plan_numbered(self, fact: PlanApproved, event: Event) -> None:
        self.papers[fact.document.id] = Paper(fact.document, event.occurred_at)

    @takes(DocumentVoided)
    def _replaced(self, fact: DocumentVoided, _: Event) -> None:
        self.papers[fact.document].void = True

    def name_of(self, subject: str) -> str:
        """The number of a document."""
        try:
            paper = self.papers.get(UUID(subject))
        except ValueError:
            return super().name_of(subject)
        return paper.document.number if paper else subject

    def paper(self, document: UUID) -> Paper:
        """The document, or a refusal."""
        if document not in self.papers:
            raise Refusal("DOCUMENT-UNKNOWN", "本检查没有这份文书，请核对文书编号。")
        return self.papers[document]

    def unserved(self) -> list[Paper]:
        """Documents made for the party that have not reached it and still have to."""
        return [
            p
            for p in self.papers.values()
            if p.must_be_served and p.served_on is None and not self._pointless(p)
        ]

    def _pointless(self, paper: Paper) -> bool:
        """An order whose hazards have all gone meanwhile has nothing left to order."""
        return bool(paper.hazards) and all(self.hazards[no].settled for no in paper.hazards)

    @owes
    def _to_serve(self) -> Iterator[Todo]:
        done = self.shut_down or self.step not in {Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP}
        for paper in [] if done or not self.has_record else self.unserved():
            yield Todo(
                SERVE,
                self.handlers,
                about=(paper.document.title,),
                given={"document": str(paper.document.id)},
            )

    @lacks
    def _unserved(self) -> Iterator[str]:
        numbers = [p.document.number for p in self.unserved()]
        if numbers and not self.shut_down:
            yield f"文书{'、'.join(numbers)}未送达"


def require_record(case: Papers) -> None:
    """The record comes before any order."""
    if not case.has_record:
        raise Refusal("RECORD-FIRST", "请先制作现场检查记录，再制作指令或决定。")
