"""Step ④ 现场检查、固定证据: evidence, hazards, the end of the visit."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from domain.command import Desk, day
from domain.errors import Refusal
from domain.inspection import facts
from domain.inspection.base import InspectionCommand
from domain.inspection.inspection import Inspection
from domain.inspection.values import SHA256, Evidence, EvidenceKind, Grade, ItemResult, Sha256, Step


class AddEvidence(InspectionCommand):
    """Secure a piece of evidence whose bytes are already uploaded (固定证据)."""

    NAME: ClassVar[str] = "add-evidence"
    TITLE: ClassVar[str] = "固定证据"
    MERGES: ClassVar[bool] = True

    kind: EvidenceKind = Field(description="证据种类（法定八种）")
    sha256: Sha256 = SHA256
    title: str = Field(min_length=1, max_length=200, description="证据名称")
    place: str = Field(min_length=1, max_length=200, description="取证地点")
    taken_at: AwareDatetime = Field(description="取证时间，含时区")
    taken_by: str = Field(description="取证人账号")

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """The bytes are there, the taker is an officer of the case, the time is not ahead."""
        if case.began_at is None and not case.entry_refused:
            raise Refusal(
                "CERTIFICATES-FIRST", "尚未出示执法证件，不能取证；请先亮证并告知权利义务。"
            )
        if case.present_or_planned(self.taken_by) is None:
            raise Refusal(
                "EVIDENCE-TAKER", f"{self.taken_by}不是本检查的执法人员，不能作为取证人。"
            )
        if self.taken_at > desk.now:
            raise Refusal("EVIDENCE-TIME", "取证时间晚于当前时间，请核对设备时钟。")
        if not desk.has_blob(self.sha256):
            raise Refusal(
                "EVIDENCE-BYTES",
                f"尚未收到该证据的原始文件，请先上传（PUT /api/v1/blobs/{self.sha256}）。",
            )
        evidence = Evidence(
            id=uuid5(desk.command_id, "evidence"),
            kind=self.kind,
            sha256=self.sha256,
            title=self.title,
            place=self.place,
            taken_at=self.taken_at,
            taken_by=self.taken_by,
        )
        case.record(facts.EvidenceAdded(evidence=evidence), at=desk.at, by=desk.by)
        return {"evidence": str(evidence.id)}


class RecordHazard(InspectionCommand):
    """Enter a hazard (登记隐患)."""

    NAME: ClassVar[str] = "record-hazard"
    TITLE: ClassVar[str] = "登记隐患"
    MERGES: ClassVar[bool] = True

    item: str | None = Field(default=None, description="对应的检查项项号")
    description: str = Field(min_length=1, max_length=1000, description="隐患描述")
    grade: Grade = Field(description="隐患级别")
    standard: str = Field(default="", max_length=300, description="判定标准；重大隐患必填")
    breached: str = Field(default="", max_length=300, description="违反条款")
    evidence: list[UUID] = Field(default_factory=list[UUID], description="证据")

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any]:
        """On a failed item or outside the list; a major hazard names its standard."""
        case.require_step(Step.DIVIDE_WORK, Step.FIX_EVIDENCE)
        if self.item is not None:
            item = case.items.get(self.item)
            if item is None or item.result is not ItemResult.FAIL:
                raise Refusal(
                    "HAZARD-ITEM", f"检查项{self.item}的结果不是不合格，请先填写检查结果。"
                )
        if self.grade is Grade.MAJOR and not self.standard.strip():
            raise Refusal(
                "HAZARD-STANDARD",
                "重大事故隐患必须写明判定标准。",
                basis=desk.law.threshold("MAJOR-HAZARD", day(desk.at)).basis,
            )
        case.require_evidence(self.evidence)
        no = f"H{len(case.hazards) + 1}"
        fact = facts.HazardFound(
            hazard=no,
            item=self.item,
            description=self.description,
            grade=self.grade,
            standard=self.standard,
            breached=self.breached,
            evidence=tuple(self.evidence),
        )
        case.record(fact, at=desk.at, by=desk.by)
        return {"hazard": no}


class LinkEvidence(InspectionCommand):
    """Tie evidence to a hazard (关联证据)."""

    NAME: ClassVar[str] = "link-evidence"
    TITLE: ClassVar[str] = "关联证据"
    MERGES: ClassVar[bool] = True

    hazard: str = Field(description="隐患编号")
    evidence: list[UUID] = Field(min_length=1, description="证据")

    def act(self, case: Inspection, desk: Desk) -> None:
        """Both must be in the case."""
        case.hazard(self.hazard)
        case.require_evidence(self.evidence)
        fact = facts.EvidenceLinked(hazard=self.hazard, evidence=tuple(self.evidence))
        case.record(fact, at=desk.at, by=desk.by)


class FinishVisit(InspectionCommand):
    """End the visit; the evidence is fixed (现场检查结束); step ⑤ begins."""

    NAME: ClassVar[str] = "finish-visit"
    TITLE: ClassVar[str] = "现场检查结束"

    def act(self, case: Inspection, desk: Desk) -> None:
        """Each failed item has a hazard, each hazard has evidence."""
        case.require_step(Step.FIX_EVIDENCE)
        if case.began_at is None:
            raise Refusal("CERTIFICATES-FIRST", "尚未出示执法证件，请先亮证并告知权利义务。")
        if case.joining:
            raise Refusal(
                "OFFICER-JOINS",
                f"接替人员{'、'.join(sorted(case.joining))}尚未到场亮证，请先亮证再结束检查。",
                basis=desk.law.threshold("OFFICERS", day(desk.at)).basis,
            )
        failed = [no for no, i in case.items.items() if i.result is ItemResult.FAIL]
        covered = {h.item for h in case.hazards.values()}
        if missing := [no for no in failed if no not in covered]:
            raise Refusal(
                "ITEM-HAZARD-MISSING", f"检查项{'、'.join(missing)}不合格但未登记隐患，请补登。"
            )
        if bare := [h.no for h in case.hazards.values() if not h.evidence]:
            raise Refusal(
                "HAZARD-EVIDENCE",
                f"隐患{'、'.join(bare)}没有证据，每项隐患至少固定一份证据。",
                hazards=bare,
            )
        fact = facts.VisitFinished(
            began_at=case.began_at,
            ended_at=desk.at,
            enterprise=case.drawn_up.enterprise,
            hazards=len(case.hazards),
        )
        case.record(fact, at=desk.at, by=desk.by)
        case.enter(Step.SERVE_DOCUMENTS, at=desk.at, by=desk.by)
