"""Step ⑧, shutdown (企业关闭、停业): nothing is left to rectify, publication is still owed."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Fact, takes
from domain.inspection.base import OnSiteCommand
from domain.inspection.papers import require_record
from domain.inspection.record import PUBLICATION
from domain.inspection.resumption import Resumption
from domain.inspection.values import HazardStatus, Step


class EnterpriseShutDown(Fact):
    """The enterprise no longer operates (企业关闭、停业)."""

    TOPIC: ClassVar[str] = "inspection/enterprise-shut-down"
    TITLE: ClassVar[str] = "企业已关闭（停业）"
    facts: str
    evidence: tuple[UUID, ...]


class Shutdown(Resumption):
    """The part of an enterprise's end."""

    @takes(EnterpriseShutDown)
    def _shut(self, _fact: EnterpriseShutDown, _: Event) -> None:
        self.shut_down = True
        for hazard in self.open_hazards():
            hazard.status = HazardStatus.MOOT
        for paper in self.papers.values():
            paper.lifted, paper.resumption_asked = True, False


class RecordShutdown(OnSiteCommand):
    """The enterprise has closed down (企业关闭、停业)."""

    NAME: ClassVar[str] = "record-shutdown"
    TITLE: ClassVar[str] = "登记企业关闭（停业）"

    facts_seen: str = Field(min_length=1, max_length=2000, description="核实情况")
    evidence: list[UUID] = Field(min_length=1, description="证明材料")

    def act(self, case: Shutdown, desk: Desk) -> None:
        """Proved on site: nothing is left to rectify, publication is still owed."""
        case.require_step(Step.SERVE_DOCUMENTS, Step.CLOSE_LOOP)
        require_record(case)
        case.require_evidence(self.evidence)
        if case.shut_down:
            raise Refusal("SHUT-DOWN", "企业关闭（停业）已经登记，无需重复办理。")
        fact = EnterpriseShutDown(facts=self.facts_seen, evidence=tuple(self.evidence))
        case.record(fact, desk.act)
        rest = [key for key in case.deadlines if key != PUBLICATION]
        case.void_deadlines(rest, "企业已关闭（停业）", desk.act)
        case.enter(Step.CLOSE_LOOP, desk.act)
