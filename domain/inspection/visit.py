"""Step ② 亮证执法、听取介绍: certificates, rights, the briefing, or a refusal of entry."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.case import Duty, Todo, owes
from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.officers import require_officers
from domain.inspection.proposals import Proposals, propose_filing
from domain.inspection.reads import people
from domain.inspection.values import Officer, Step
from domain.law import Law
from domain.personal import Personal
from domain.times import day

SHOW = Duty("show-certificates", "show-certificates", Role.INSPECTOR, "到场亮证检查")
HEAR = Duty("hear-briefing", "hear-briefing", Role.INSPECTOR, "听取企业情况介绍")
JOIN = Duty("join-visit", "show-certificates", Role.INSPECTOR, "接替人员到场亮证")


class CertificatesShown(Fact):
    """Certificates shown, recorder on, rights told (亮证告知)."""

    TOPIC: ClassVar[str] = "inspection/certificates-shown"
    TITLE: ClassVar[str] = "出示执法证件、告知权利义务"
    officers: tuple[Officer, ...]
    recorder: str
    person_in_charge: Personal
    post: str


class BriefingHeard(Fact):
    """The enterprise described itself (听取介绍)."""

    TOPIC: ClassVar[str] = "inspection/briefing-heard"
    TITLE: ClassVar[str] = "听取企业情况介绍"
    summary: str


class EntryRefused(Fact):
    """The enterprise refused the inspection (拒绝、阻碍检查)."""

    TOPIC: ClassVar[str] = "inspection/entry-refused"
    TITLE: ClassVar[str] = "拒绝、阻碍检查"
    facts: str
    corrected: bool = False

    def words(self) -> str:
        """Title, and whether the order to correct was obeyed."""
        return f"{self.TITLE}（经责令已改正）" if self.corrected else self.TITLE


class Visit(Proposals):
    """The part of the visit: when it began, who refused it, when it ended."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.began_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.entry_refused = False
        self.refused_at: datetime | None = None

    @property
    def visited(self) -> bool:
        """Whether somebody has been at the enterprise."""
        return self.began_at is not None or self.entry_refused

    @property
    def joining(self) -> set[str]:
        """Accounts that have replaced somebody during the visit and are not on site yet."""
        visiting = self.began_at is not None and self.ended_at is None
        return self.replacements & self.absent if visiting else set()

    @property
    def never_inspected(self) -> bool:
        """The enterprise refused the visit and it went no further."""
        return self.entry_refused and self.step in {Step.SHOW_CERTIFICATES, Step.DIVIDE_WORK}

    @takes(CertificatesShown)
    def _shown(self, fact: CertificatesShown, event: Event) -> None:
        self.present, self.entry_refused = fact.officers, False
        self.began_at = self.began_at or event.occurred_at

    @takes(EntryRefused)
    def _entry_refused(self, fact: EntryRefused, event: Event) -> None:
        self.entry_refused, self.refused_at = not fact.corrected, event.occurred_at

    @owes
    def _visit(self) -> Iterator[Todo]:
        if self.step is not Step.SHOW_CERTIFICATES:
            return
        if self.began_at is None:
            yield Todo(SHOW, self.handlers, due=self.drawn_up.visit_to)
        else:
            yield Todo(HEAR, self.handlers)

    @owes
    def _join(self) -> Iterator[Todo]:
        if self.joining:
            yield Todo(JOIN, self.handlers)


class ShowCertificates(OnSiteCommand):
    """Show certificates, switch the recorder on, tell the rights (出示证件、告知权利义务)."""

    NAME: ClassVar[str] = "show-certificates"
    TITLE: ClassVar[str] = "出示执法证件、告知权利义务"

    officers: list[str] = Field(description="到场并出示证件的执法人员账号")
    recorder: str = Field(max_length=100, description="执法记录仪编号（开启后填写）")
    rights_told: bool = Field(description="是否已告知权利义务")
    person_in_charge: str = Field(min_length=1, max_length=50, description="现场负责人姓名")
    post: str = Field(default="现场负责人", max_length=50, description="职务")

    def reads(self, case: Visit, law: Law, on: date) -> Iterable[UUID]:
        """The officers."""
        del case, law, on
        return people(self.officers)

    def act(self, case: Visit, desk: Desk) -> None:
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
        fact = CertificatesShown(
            officers=officers,
            recorder=self.recorder,
            person_in_charge=Personal(
                person=uuid5(case.id, f"person-in-charge/{self.person_in_charge}"),
                text=self.person_in_charge,
            ),
            post=self.post,
        )
        case.record(fact, desk.act)


class HearBriefing(OnSiteCommand):
    """Hear the enterprise's briefing (听取介绍); step ③ begins."""

    NAME: ClassVar[str] = "hear-briefing"
    TITLE: ClassVar[str] = "听取企业情况介绍"

    summary: str = Field(min_length=1, max_length=2000, description="介绍要点")

    def act(self, case: Visit, desk: Desk) -> None:
        """Certificates come first."""
        if case.began_at is None:
            raise Refusal("CERTIFICATES-FIRST", "尚未出示执法证件，请先亮证并告知权利义务。")
        if Step.DIVIDE_WORK in case.entered:
            raise Refusal("BRIEFING-HEARD", "企业情况介绍已经记录，无需重复办理。")
        case.record(BriefingHeard(summary=self.summary), desk.act)
        case.enter(Step.DIVIDE_WORK, desk.act)


class RecordEntryRefusal(OnSiteCommand):
    """The enterprise refuses or obstructs (拒绝、阻碍检查) and is ordered to correct it.

    Where it still refuses, a filing proposal opens; where it obeys, the visit goes on.
    """

    NAME: ClassVar[str] = "record-entry-refusal"
    TITLE: ClassVar[str] = "记录拒绝、阻碍检查"

    facts_seen: str = Field(min_length=1, max_length=2000, description="拒绝、阻碍检查的事实经过")
    ordered_to_correct: bool = Field(description="是否已当场责令改正")
    still_refuses: bool = Field(default=True, description="责令后是否仍拒不改正")

    def act(self, case: Visit, desk: Desk) -> dict[str, Any]:
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
        fact = EntryRefused(facts=self.facts_seen, corrected=not self.still_refuses)
        case.record(fact, desk.act)
        if not self.still_refuses:
            return {}
        penalty = propose_filing(
            case, desk, cause="拒绝、阻碍依法实施监督检查", facts_seen=self.facts_seen
        )
        return {"penalty": str(penalty)}
