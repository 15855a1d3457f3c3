"""Step ⑤, orders (责令限期整改指令书): each hazard has its own due date."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Desk
from domain.document import Document
from domain.errors import Refusal
from domain.facts import Event, Fact, Frozen, Role, takes
from domain.inspection.base import OnSiteCommand, new_paper, require_sane
from domain.inspection.hazards import latest
from domain.inspection.officers import signing
from domain.inspection.papers import ORDER, DocumentVoided, Paper, require_record
from domain.inspection.reads import signed_paper
from domain.inspection.record import SIGNERS, Recorded
from domain.inspection.values import HazardStatus, Officer, Step
from domain.law import Law
from domain.organisation.numbers import told
from domain.times import day

ISSUE = Duty("issue-order", "issue-order", Role.INSPECTOR, "制作责令限期整改指令书")
AGAIN = Duty("issue-order-again", "issue-order", Role.INSPECTOR, "隐患{}复查未整改，再次责令")


class OrderItem(Frozen):
    """A hazard and the day by which it must be gone (整改事项及期限)."""

    hazard: str
    due: date


class OrderIssued(Fact):
    """An order to rectify was made (责令限期整改指令书)."""

    TOPIC: ClassVar[str] = "inspection/order-issued"
    TITLE: ClassVar[str] = "制作责令限期整改指令书"
    document: Document
    items: tuple[OrderItem, ...]
    duties: str
    officers: tuple[Officer, ...] = ()

    def words(self) -> str:
        """Title and number."""
        return f"制作责令限期整改指令书：{self.document.number}"


class Orders(Recorded):
    """The part of the orders."""

    @takes(OrderIssued)
    def _ordered(self, fact: OrderIssued, event: Event) -> None:
        dues = {item.hazard: item.due for item in fact.items}
        self.papers[fact.document.id] = Paper(
            fact.document, event.occurred_at, dues=dues, hazards=tuple(dues)
        )
        for no in dues:
            self.hazards[no].status = HazardStatus.ORDERED
            self.hazards[no].rounds += 1

    @owes
    def _order(self) -> Iterator[Todo]:
        if not self.has_record or self.step not in {Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP}:
            return
        if any(h.status is HazardStatus.FOUND for h in self.hazards.values()):
            yield Todo(ISSUE, self.handlers)
        again = [h.no for h in self.hazards.values() if h.status is HazardStatus.NOT_REMOVED]
        if again:
            yield Todo(AGAIN, self.handlers, about=tuple(again))


class IssueOrder(OnSiteCommand):
    """Make an order to rectify (责令限期整改指令书): each hazard has its own due date."""

    NAME: ClassVar[str] = "issue-order"
    TITLE: ClassVar[str] = "制作责令限期整改指令书"

    items: list[OrderItem] = Field(min_length=1, description="整改事项：隐患编号与整改期限")
    duties: str = Field(
        default="整改期间落实安全防范措施，确保安全", max_length=500, description="整改期间的要求"
    )
    officers: list[str] = SIGNERS

    def rests_on(self, case: Orders) -> datetime | None:
        """The record; the newest recheck of what is ordered again."""
        return latest(case.recorded_at, *case.last_acts(item.hazard for item in self.items))

    def reads(self, case: Orders, law: Law, on: date) -> Iterable[UUID]:
        """Those who sign, and the register."""
        return signed_paper(case, ORDER, self.officers, law, on)

    def act(self, case: Orders, desk: Desk) -> dict[str, Any]:
        """For hazards under no running order; a second one follows a recheck that found them.

        A date that is a day off is no bar: the answer warns of it.
        """
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        numbers = [item.hazard for item in self.items]
        if len(set(numbers)) != len(numbers):
            raise Refusal("ORDER-TWICE", "同一隐患在指令书中出现两次，请合并。")
        for item in self.items:
            _require_orderable(case, item, desk)
        officers = signing(case, self.officers, desk)
        _void_replaced(case, set(numbers), desk)
        document = new_paper(case, desk, ORDER)
        fact = OrderIssued(
            document=document, items=tuple(self.items), duties=self.duties, officers=officers
        )
        case.record(fact, desk.act)
        return told(document) | {"warnings": days_off((i.due for i in self.items), desk)}


def days_off(dates: Iterable[date], desk: Desk) -> list[str]:
    """What to think of when a named date is a day off: it stands, only a period is rolled."""
    named = [desk.law.day_off(on) for on in sorted(set(dates))]
    return [f"整改期限{off}，文书载明的日期不顺延，请确认。" for off in named if off]


def _require_orderable(case: Orders, item: OrderItem, desk: Desk) -> None:
    on = day(desk.at)
    hazard = case.hazard(item.hazard)
    first = not hazard.settled and not hazard.rounds
    again = hazard.status is HazardStatus.NOT_REMOVED or _is_unserved(case, hazard.no)
    if hazard.settled or not (first or again):
        raise Refusal(
            "ORDER-RUNNING", f"隐患{hazard.no}{hazard.status.value}，复查认定未整改后方可再次责令。"
        )
    if item.due <= on:
        raise Refusal("ORDER-DUE", f"隐患{hazard.no}的整改期限须晚于文书日期{on.isoformat()}。")
    require_sane("整改期限", item.due, desk)


def _is_unserved(case: Orders, no: str) -> bool:
    return any(no in paper.dues for paper in case.unserved())


def _void_replaced(case: Orders, hazards: set[str], desk: Desk) -> None:
    """A new order takes the place of one that was never served, if it covers all of it."""
    for paper in case.unserved():
        if not hazards & set(paper.dues):
            continue
        if left := {no for no in paper.dues if not case.hazards[no].settled} - hazards:
            raise Refusal(
                "ORDER-REPLACE",
                f"{paper.document.number}尚未送达，重新制作须包括其中的隐患{'、'.join(sorted(left))}。",
            )
        fact = DocumentVoided(
            document=paper.document.id, number=paper.document.number, reason="未送达，重新制作"
        )
        case.record(fact, desk.act)
