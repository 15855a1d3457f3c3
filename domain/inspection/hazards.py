"""Step ④ 现场检查、固定证据: hazards, each with its evidence, and the end of the visit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, lacks, owes
from domain.command import Desk
from domain.deadlines import Key
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.evidence import EvidenceHeld
from domain.inspection.values import Grade, HazardStatus, ItemResult, Step
from domain.times import day

FINISH = Duty("finish-visit", "finish-visit", Role.INSPECTOR, "固定证据、结束现场检查")
FIX_DUE, RECHECK = "FIX-DUE", "RECHECK"


class HazardFound(Fact):
    """A hazard was found (发现隐患)."""

    TOPIC: ClassVar[str] = "inspection/hazard-found"
    TITLE: ClassVar[str] = "发现隐患"
    hazard: str
    item: str | None
    description: str
    grade: Grade
    standard: str
    breached: str
    evidence: tuple[UUID, ...]

    def words(self) -> str:
        """Number, grade and description."""
        return f"发现{self.grade.value}隐患{self.hazard}：{self.description}"


class EvidenceLinked(Fact):
    """Evidence was tied to a hazard (关联证据)."""

    TOPIC: ClassVar[str] = "inspection/evidence-linked"
    TITLE: ClassVar[str] = "关联证据"
    hazard: str
    evidence: tuple[UUID, ...]


class VisitFinished(Fact):
    """The visit ended, evidence is fixed (现场检查结束)."""

    TOPIC: ClassVar[str] = "inspection/visit-finished"
    TITLE: ClassVar[str] = "现场检查结束"
    began_at: datetime
    ended_at: datetime
    enterprise: UUID
    hazards: int


@dataclass
class Hazard:
    """A hazard and where it stands."""

    no: str
    grade: Grade
    item: str | None
    description: str = ""
    standard: str = ""
    breached: str = ""
    evidence: set[UUID] = field(default_factory=set[UUID])
    status: HazardStatus = HazardStatus.FOUND
    rounds: int = 0
    rechecks: int = 0
    served: bool = False
    reported: bool = False
    acted_at: datetime | None = None
    """When it was last served, reported or rechecked."""

    @property
    def settled(self) -> bool:
        """Removed, or no longer there to remove."""
        return self.status in {HazardStatus.REMOVED, HazardStatus.MOOT}

    @property
    def fix_key(self) -> Key:
        """Key of its running rectification deadline."""
        return Key(FIX_DUE, self.no, self.rounds)

    @property
    def fix_keys(self) -> list[Key]:
        """Keys of its rectification deadlines, one per order."""
        return [Key(FIX_DUE, self.no, n) for n in range(1, self.rounds + 1)]

    @property
    def recheck_key(self) -> Key:
        """Key of its newest recheck deadline."""
        return Key(RECHECK, self.no, self.rechecks)


def latest(*instants: datetime | None) -> datetime | None:
    """The latest of those there are."""
    return max((at for at in instants if at is not None), default=None)


class Hazards(EvidenceHeld):
    """The part of the hazards."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.hazards: dict[str, Hazard] = {}

    @takes(HazardFound)
    def _found(self, fact: HazardFound, _: Event) -> None:
        self.hazards[fact.hazard] = Hazard(
            no=fact.hazard,
            grade=fact.grade,
            item=fact.item,
            description=fact.description,
            standard=fact.standard,
            breached=fact.breached,
            evidence=set(fact.evidence),
        )
        if fact.item in self.items:
            self.items[fact.item].hazardous = True

    @takes(EvidenceLinked)
    def _linked(self, fact: EvidenceLinked, _: Event) -> None:
        self.hazards[fact.hazard].evidence.update(fact.evidence)

    @takes(VisitFinished)
    def _finished(self, _fact: VisitFinished, event: Event) -> None:
        self.ended_at = event.occurred_at

    def last_acts(self, numbers: Iterable[str]) -> Iterator[datetime | None]:
        """When each of these hazards was last served, reported or rechecked."""
        return (self.hazards[no].acted_at for no in numbers if no in self.hazards)

    def open_hazards(self) -> list[Hazard]:
        """Hazards not yet settled."""
        return [h for h in self.hazards.values() if not h.settled]

    def hazard(self, no: str) -> Hazard:
        """The hazard, or a refusal that lists those there are."""
        if no not in self.hazards:
            known = "、".join(self.hazards) or "无"
            raise Refusal("HAZARD-UNKNOWN", f"没有编号为{no}的隐患，本检查已登记的隐患：{known}。")
        return self.hazards[no]

    @owes
    def _finish(self) -> Iterator[Todo]:
        if self.step is Step.FIX_EVIDENCE:
            yield Todo(FINISH, self.handlers)

    @lacks
    def _open_hazards(self) -> Iterator[str]:
        if still := [h.no for h in self.open_hazards()]:
            yield f"隐患{'、'.join(still)}未整改"


class RecordHazard(OnSiteCommand):
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

    def rests_on(self, case: Hazards) -> datetime | None:
        """The visit."""
        return case.began_at

    def act(self, case: Hazards, desk: Desk) -> dict[str, Any]:
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
        fact = HazardFound(
            hazard=no,
            item=self.item,
            description=self.description,
            grade=self.grade,
            standard=self.standard,
            breached=self.breached,
            evidence=tuple(self.evidence),
        )
        case.record(fact, desk.act)
        return {"hazard": no}


class LinkEvidence(OnSiteCommand):
    """Tie evidence to a hazard (关联证据)."""

    NAME: ClassVar[str] = "link-evidence"
    TITLE: ClassVar[str] = "关联证据"
    MERGES: ClassVar[bool] = True

    hazard: str = Field(description="隐患编号")
    evidence: list[UUID] = Field(min_length=1, description="证据")

    def rests_on(self, case: Hazards) -> datetime | None:
        """The visit."""
        return case.began_at

    def act(self, case: Hazards, desk: Desk) -> None:
        """Both must be in the case."""
        case.hazard(self.hazard)
        case.require_evidence(self.evidence)
        fact = EvidenceLinked(hazard=self.hazard, evidence=tuple(self.evidence))
        case.record(fact, desk.act)


class FinishVisit(OnSiteCommand):
    """End the visit; the evidence is fixed (现场检查结束); step ⑤ begins."""

    NAME: ClassVar[str] = "finish-visit"
    TITLE: ClassVar[str] = "现场检查结束"

    def act(self, case: Hazards, desk: Desk) -> None:
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
        fact = VisitFinished(
            began_at=case.began_at,
            ended_at=desk.at,
            enterprise=case.drawn_up.enterprise,
            hazards=len(case.hazards),
        )
        case.record(fact, desk.act)
        case.enter(Step.SERVE_DOCUMENTS, desk.act)
