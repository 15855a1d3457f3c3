"""Step ⑤, on-site measures (现场处理措施决定书), beside or instead of an order."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Desk
from domain.document import Document
from domain.errors import Refusal
from domain.facts import Event, Fact, takes
from domain.inspection.base import OnSiteCommand, new_paper, unit_of
from domain.inspection.hazards import latest
from domain.inspection.officers import signing
from domain.inspection.orders import Orders
from domain.inspection.papers import MEASURE, Paper, require_record
from domain.inspection.reads import signed_paper
from domain.inspection.record import SIGNERS
from domain.inspection.values import HazardStatus, MeasureKind, Officer, Step
from domain.law import Law
from domain.organisation.numbers import told
from domain.times import day


class MeasureIssued(Fact):
    """An on-site measure was decided (现场处理措施决定书)."""

    TOPIC: ClassVar[str] = "inspection/measure-issued"
    TITLE: ClassVar[str] = "作出现场处理措施决定"
    document: Document
    hazards: tuple[str, ...]
    measure: MeasureKind
    basis: str
    officers: tuple[Officer, ...] = ()

    def words(self) -> str:
        """Measure and number."""
        return f"作出现场处理措施决定（{self.measure.value}）：{self.document.number}"


class Measures(Orders):
    """The part of the measures."""

    @takes(MeasureIssued)
    def _measured(self, fact: MeasureIssued, event: Event) -> None:
        self.papers[fact.document.id] = Paper(
            fact.document, event.occurred_at, hazards=fact.hazards, measure=fact.measure
        )
        for no in fact.hazards:
            if self.hazards[no].status is HazardStatus.FOUND:
                self.hazards[no].status = HazardStatus.ORDERED


class IssueMeasure(OnSiteCommand):
    """Decide an on-site measure (现场处理措施决定书)."""

    NAME: ClassVar[str] = "issue-measure"
    TITLE: ClassVar[str] = "作出现场处理措施决定"

    hazards: list[str] = Field(min_length=1, description="隐患编号")
    measure: MeasureKind = Field(description="处理措施")
    basis: str = Field(min_length=1, max_length=200, description="法律依据")
    officers: list[str] = SIGNERS

    def rests_on(self, case: Measures) -> datetime | None:
        """The record; the newest recheck of its hazards."""
        return latest(case.recorded_at, *case.last_acts(self.hazards))

    def reads(self, case: Measures, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, and the register."""
        return signed_paper(case, MEASURE, self.officers, law, on)

    def act(self, case: Measures, desk: Desk) -> dict[str, Any]:
        """Beside or instead of an order; the same document covers several hazards."""
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        _require_power(case, self.measure, desk)
        for no in self.hazards:
            if case.hazard(no).settled:
                raise Refusal("HAZARD-SETTLED", f"隐患{no}已整改，无需再采取措施。")
        officers = signing(case, self.officers, desk)
        document = new_paper(case, desk, MEASURE)
        fact = MeasureIssued(
            document=document,
            hazards=tuple(self.hazards),
            measure=self.measure,
            basis=self.basis,
            officers=officers,
        )
        case.record(fact, desk.act)
        return told(document)


def _require_power(case: Measures, measure: MeasureKind, desk: Desk) -> None:
    """A town or street checks, corrects, orders removal and reports; it stops no business."""
    if measure.stops and desk.unit(unit_of(case)).is_town:
        raise Refusal(
            "TOWN-POWERS",
            f"镇街无权{measure.value}，请报告区（市）应急管理部门作出决定。",
            basis=desk.law.threshold("TOWN-POWERS", day(desk.at)).basis,
        )
