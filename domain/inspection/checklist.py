"""Step ③ 合理分工、开展检查: one officer per item of the checklist, one answer each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.plan import Planned, PlanRevised
from domain.inspection.values import ItemResult, PlanItem, Step
from domain.inspection.visit import Visit

ASSIGN = Duty("assign-items", "assign-items", Role.INSPECTOR, "检查分工")
ANSWER = Duty("answer-item", "answer-item", Role.INSPECTOR, "填写检查结果")


class ItemsAssigned(Fact):
    """Each item has its officer (检查分工)."""

    TOPIC: ClassVar[str] = "inspection/items-assigned"
    TITLE: ClassVar[str] = "检查分工"
    officer_of: dict[str, str]


class ItemAnswered(Fact):
    """An item has its result (检查项结果)."""

    TOPIC: ClassVar[str] = "inspection/item-answered"
    TITLE: ClassVar[str] = "填写检查结果"
    item: str
    result: ItemResult
    note: str

    def words(self) -> str:
        """Item and result."""
        return f"检查项{self.item}：{self.result.value}"


@dataclass
class Item:
    """A checklist item with its officer and answer."""

    plan: PlanItem
    officer: str | None = None
    result: ItemResult | None = None
    hazardous: bool = False
    """Whether a hazard was entered on it: then it has failed."""


class Checklist(Visit):
    """The part of the checklist."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.items: dict[str, Item] = {}

    @takes(Planned, PlanRevised)
    def _items(self, fact: Planned | PlanRevised, _: Event) -> None:
        self.items = {item.no: Item(item) for item in fact.plan.items}

    @takes(ItemsAssigned)
    def _assigned(self, fact: ItemsAssigned, _: Event) -> None:
        for no, account in fact.officer_of.items():
            self.items[no].officer = account

    @takes(ItemAnswered)
    def _answered(self, fact: ItemAnswered, _: Event) -> None:
        self.items[fact.item].result = fact.result

    @owes
    def _divide(self) -> Iterator[Todo]:
        if self.step is Step.DIVIDE_WORK:
            unassigned = any(i.officer is None for i in self.items.values())
            yield Todo(ASSIGN if unassigned else ANSWER, self.handlers)


class AssignItems(OnSiteCommand):
    """Divide the work (检查分工): one officer per item."""

    NAME: ClassVar[str] = "assign-items"
    TITLE: ClassVar[str] = "检查分工"

    officer_of: dict[str, str] = Field(description="项号到执法人员账号")

    def act(self, case: Checklist, desk: Desk) -> None:
        """Every item that has none, only officers who are present."""
        case.require_step(Step.DIVIDE_WORK)
        present = {o.account for o in case.present}
        unassigned = [no for no, item in case.items.items() if item.officer is None]
        if missing := [no for no in unassigned if no not in self.officer_of]:
            raise Refusal(
                "ITEMS-ASSIGNED", f"检查项{'、'.join(missing)}尚未分工，请逐项指定执法人员。"
            )
        if unknown := [no for no in self.officer_of if no not in case.items]:
            raise Refusal("ITEM-UNKNOWN", f"方案中没有检查项{'、'.join(unknown)}，请核对项号。")
        if absent := set(self.officer_of.values()) - present:
            raise Refusal(
                "ITEM-OFFICER", f"{'、'.join(sorted(absent))}未到场亮证，不能承担检查项。"
            )
        case.record(ItemsAssigned(officer_of=self.officer_of), desk.act)


class AnswerItem(OnSiteCommand):
    """Answer a checklist item (填写检查结果)."""

    NAME: ClassVar[str] = "answer-item"
    TITLE: ClassVar[str] = "填写检查结果"
    MERGES: ClassVar[bool] = True

    item: str = Field(description="项号")
    result: ItemResult = Field(description="检查结果")
    note: str = Field(default="", max_length=1000, description="说明；不合格时必填")

    def rests_on(self, case: Checklist) -> datetime | None:
        """The visit: items may be answered in any order."""
        return case.began_at

    def act(self, case: Checklist, desk: Desk) -> None:
        """A failed item needs a comment; the last answer opens step ④."""
        case.require_step(Step.DIVIDE_WORK, Step.FIX_EVIDENCE)
        item = case.items.get(self.item)
        if item is None:
            raise Refusal("ITEM-UNKNOWN", f"方案中没有检查项{self.item}，请核对项号。")
        if item.officer is None:
            raise Refusal("ITEM-ASSIGNED", f"检查项{self.item}尚未分工，请先完成检查分工。")
        if self.result is ItemResult.FAIL and not self.note.strip():
            raise Refusal("ITEM-NOTE", f"检查项{self.item}不合格，请填写具体情况。")
        if item.hazardous and self.result is not ItemResult.FAIL:
            raise Refusal("ITEM-HAZARD", f"检查项{self.item}已登记隐患，结果只能是不合格。")
        fact = ItemAnswered(item=self.item, result=self.result, note=self.note)
        case.record(fact, desk.act)
        if all(i.result is not None for i in case.items.values()):
            case.enter(Step.FIX_EVIDENCE, desk.act)
