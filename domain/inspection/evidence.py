"""Evidence (证据): its bytes are uploaded first and found by their hash."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.checklist import Checklist
from domain.inspection.values import SHA256, Evidence, EvidenceKind, Sha256
from domain.times import SHANGHAI


class EvidenceAdded(Fact):
    """Evidence was secured (固定证据)."""

    TOPIC: ClassVar[str] = "inspection/evidence-added"
    TITLE: ClassVar[str] = "固定证据"
    evidence: Evidence

    def words(self) -> str:
        """Kind and title."""
        return f"固定证据：{self.evidence.kind.value}《{self.evidence.title}》"


class EvidenceHeld(Checklist):
    """The part that holds the evidence."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.evidence: dict[UUID, Evidence] = {}

    @takes(EvidenceAdded)
    def _added(self, fact: EvidenceAdded, _: Event) -> None:
        self.evidence[fact.evidence.id] = fact.evidence

    def require_evidence(self, ids: Iterable[UUID]) -> None:
        """Refuse evidence that is not in the case."""
        if missing := [str(i) for i in ids if i not in self.evidence]:
            raise Refusal(
                "EVIDENCE-UNKNOWN",
                f"证据{'、'.join(missing)}尚未登记，请先固定证据。",
                missing=missing,
            )


class AddEvidence(OnSiteCommand):
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
    handed_in: bool = Field(
        default=False, description="是否由他人提供（取证时间可早于检查、取证人为接收人）"
    )

    def rests_on(self, case: EvidenceHeld) -> datetime | None:
        """The visit, or the refusal of entry."""
        return case.began_at or case.refused_at

    def act(self, case: EvidenceHeld, desk: Desk) -> dict[str, Any]:
        """The bytes are there, the taker is an officer of the case, the time is not ahead."""
        if not case.visited:
            raise Refusal(
                "CERTIFICATES-FIRST", "尚未出示执法证件，不能取证；请先亮证并告知权利义务。"
            )
        if case.present_or_planned(self.taken_by) is None:
            raise Refusal(
                "EVIDENCE-TAKER", f"{self.taken_by}不是本检查的执法人员，不能作为取证人。"
            )
        if self.taken_at > desk.now:
            raise Refusal("EVIDENCE-TIME", "取证时间晚于当前时间，请核对设备时钟。")
        began = self.rests_on(case)
        if not self.handed_in and began is not None and self.taken_at < began:
            raise Refusal(
                "EVIDENCE-BEFORE",
                f"取证时间早于亮证检查（{began.astimezone(SHANGHAI):%Y-%m-%d %H:%M}），"
                "请核对；由他人提供的材料请勾选“由他人提供”。",
            )
        present = {o.account for o in case.present}
        if not self.handed_in and case.began_at and self.taken_by not in present:
            raise Refusal(
                "EVIDENCE-ABSENT", f"{self.taken_by}未到场亮证，不能作为现场取证人，请核对。"
            )
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
            handed_in=self.handed_in,
        )
        case.record(EvidenceAdded(evidence=evidence), desk.act)
        return {"evidence": str(evidence.id)}
