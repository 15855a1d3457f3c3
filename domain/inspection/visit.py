"""Steps ② 亮证执法、听取介绍 and ③ 合理分工、开展检查."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.command import Desk, day
from domain.errors import Refusal
from domain.inspection import facts
from domain.inspection.base import InspectionCommand, require_officers
from domain.inspection.inspection import Inspection
from domain.inspection.reads import people
from domain.inspection.referral import propose_filing
from domain.inspection.values import ItemResult, Step
from domain.law import Law
from domain.personal import Personal


class ShowCertificates(InspectionCommand):
    """Show certificates, switch the recorder on, tell the rights (出示证件、告知权利义务)."""

    NAME: ClassVar[str] = "show-certificates"
    TITLE: ClassVar[str] = "出示执法证件、告知权利义务"

    officers: list[str] = Field(description="到场并出示证件的执法人员账号")
    recorder: str = Field(max_length=100, description="执法记录仪编号（开启后填写）")
    rights_told: bool = Field(description="是否已告知权利义务")
    person_in_charge: str = Field(min_length=1, max_length=50, description="现场负责人姓名")
    post: str = Field(default="现场负责人", max_length=50, description="职务")

    def reads(self, case: Inspection, law: Law, on: date) -> Iterable[UUID]:
        """The officers."""
        del case, law, on
        return people(self.officers)

    def act(self, case: Inspection, desk: Desk) -> None:
        """Two valid certificates, the recorder on, the rights told: else the party may refuse.

        Once more when another officer joins: all who are on site then.
        """
        later = () if case.began_at is None else (Step.DIVIDE_WORK, Step.FIX_EVIDENCE)
        case.require_step(Step.SHOW_CERTIFICATES, *later)
        if case.began_at is not None and not case.absent & set(self.officers):
            raise Refusal("VISIT-BEGUN", "本次检查已经亮证，无需重复办理。")
        on = day(desk.at)
        basis = desk.law.threshold("OFFICERS", on).basis
        if outside := [a for a in self.officers if case.present_or_planned(a) is None]:
            raise Refusal(
                "VISIT-OFFICERS", f"{'、'.join(outside)}不在检查方案中，请由方案内人员执法。"
            )
        officers = require_officers(case, self.officers, on, desk)
        if not self.recorder.strip():
            raise Refusal(
                "RECORDER-OFF",
                "执法记录仪未开启，请开启并填写设备编号后再继续。",
                basis=desk.law.threshold("RECORDING", on).basis,
            )
        if not self.rights_told:
            raise Refusal(
                "RIGHTS-NOT-TOLD", "尚未告知被检查单位权利义务，请告知后再继续。", basis=basis
            )
        fact = facts.CertificatesShown(
            officers=officers,
            recorder=self.recorder,
            person_in_charge=Personal(
                person=uuid5(case.id, f"person-in-charge/{self.person_in_charge}"),
                text=self.person_in_charge,
            ),
            post=self.post,
        )
        case.record(fact, at=desk.at, by=desk.by)


class HearBriefing(InspectionCommand):
    """Hear the enterprise's briefing (听取介绍); step ③ begins."""

    NAME: ClassVar[str] = "hear-briefing"
    TITLE: ClassVar[str] = "听取企业情况介绍"

    summary: str = Field(min_length=1, max_length=2000, description="介绍要点")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Certificates come first."""
        if case.began_at is None:
            raise Refusal("CERTIFICATES-FIRST", "尚未出示执法证件，请先亮证并告知权利义务。")
        if Step.DIVIDE_WORK in case.entered:
            raise Refusal("BRIEFING-HEARD", "企业情况介绍已经记录，无需重复办理。")
        case.record(facts.BriefingHeard(summary=self.summary), at=desk.at, by=desk.by)
        case.enter(Step.DIVIDE_WORK, at=desk.at, by=desk.by)


class RecordEntryRefusal(InspectionCommand):
    """The enterprise refuses or obstructs (拒绝、阻碍检查) and is ordered to correct it.

    Where it still refuses, a filing proposal opens; where it obeys, the visit goes on.
    """

    NAME: ClassVar[str] = "record-entry-refusal"
    TITLE: ClassVar[str] = "记录拒绝、阻碍检查"

    facts_seen: str = Field(min_length=1, max_length=2000, description="拒绝、阻碍检查的事实经过")
    ordered_to_correct: bool = Field(description="是否已当场责令改正")
    still_refuses: bool = Field(default=True, description="责令后是否仍拒不改正")

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """Before the work on site is done; the visit may be tried again."""
        case.require_step(Step.SHOW_CERTIFICATES, Step.DIVIDE_WORK)
        if case.entry_refused:
            raise Refusal("ENTRY-REFUSED", "拒绝检查的情况已经记录并建议立案，无需重复办理。")
        if not self.ordered_to_correct:
            raise Refusal(
                "ORDER-TO-CORRECT",
                "请先当场责令改正；拒不改正的才能建议立案处罚。",
                basis=desk.law.threshold("OBSTRUCTION", day(desk.at)).basis,
            )
        fact = facts.EntryRefused(facts=self.facts_seen, corrected=not self.still_refuses)
        case.record(fact, at=desk.at, by=desk.by)
        if not self.still_refuses:
            return {}
        penalty = propose_filing(
            case, desk, cause="拒绝、阻碍依法实施监督检查", facts_seen=self.facts_seen
        )
        return {"penalty": str(penalty)}


class AssignItems(InspectionCommand):
    """Divide the work (检查分工): one officer per item."""

    NAME: ClassVar[str] = "assign-items"
    TITLE: ClassVar[str] = "检查分工"

    officer_of: dict[str, str] = Field(description="项号到执法人员账号")

    def act(self, case: Inspection, desk: Desk) -> None:
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
        case.record(facts.ItemsAssigned(officer_of=self.officer_of), at=desk.at, by=desk.by)


class AnswerItem(InspectionCommand):
    """Answer a checklist item (填写检查结果)."""

    NAME: ClassVar[str] = "answer-item"
    TITLE: ClassVar[str] = "填写检查结果"
    MERGES: ClassVar[bool] = True

    item: str = Field(description="项号")
    result: ItemResult = Field(description="检查结果")
    note: str = Field(default="", max_length=1000, description="说明；不合格时必填")

    def act(self, case: Inspection, desk: Desk) -> None:
        """A failed item needs a comment; the last answer opens step ④."""
        case.require_step(Step.DIVIDE_WORK, Step.FIX_EVIDENCE)
        item = case.items.get(self.item)
        if item is None:
            raise Refusal("ITEM-UNKNOWN", f"方案中没有检查项{self.item}，请核对项号。")
        if item.officer is None:
            raise Refusal("ITEM-ASSIGNED", f"检查项{self.item}尚未分工，请先完成检查分工。")
        if self.result is ItemResult.FAIL and not self.note.strip():
            raise Refusal("ITEM-NOTE", f"检查项{self.item}不合格，请填写具体情况。")
        if (
            any(h.item == self.item for h in case.hazards.values())
            and self.result is not ItemResult.FAIL
        ):
            raise Refusal("ITEM-HAZARD", f"检查项{self.item}已登记隐患，结果只能是不合格。")
        fact = facts.ItemAnswered(item=self.item, result=self.result, note=self.note)
        case.record(fact, at=desk.at, by=desk.by)
        if all(i.result is not None for i in case.items.values()):
            case.enter(Step.FIX_EVIDENCE, at=desk.at, by=desk.by)
