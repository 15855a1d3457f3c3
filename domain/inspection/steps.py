"""The eight steps of an inspection (八步工作法): where it stands, and what belongs where."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.case import Case, lacks
from domain.errors import Refusal
from domain.facts import Act, Event, Fact, takes
from domain.inspection.values import Step

BESIDE = frozenset({Step.REFER, Step.HANDLE_BY_LAW})


class StepEntered(Fact):
    """A step of the method begins (进入步骤)."""

    TOPIC: ClassVar[str] = "inspection/step-entered"
    TITLE: ClassVar[str] = "进入步骤"
    TELLS: ClassVar[bool] = True
    step: Step

    def words(self) -> str:
        """Number and name of the step."""
        return f"进入第{self.step.value}步：{self.step.title}"


class Steps(Case):
    """The part that all others rest on: steps, when each was entered."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.entered: dict[Step, datetime] = {}

    @property
    def step(self) -> Step:
        """The furthest step of the rectification path; ⑥ and ⑦ run beside it."""
        return max((s for s in self.entered if s not in BESIDE), default=Step.PREPARE)

    @property
    def stage(self) -> str:
        """Its step."""
        return str(self.step.value)

    @takes(StepEntered)
    def _entered(self, fact: StepEntered, event: Event) -> None:
        self.entered.setdefault(fact.step, event.occurred_at)

    def enter(self, step: Step, act: Act) -> None:
        """Enter a step, once."""
        if step not in self.entered:
            self.record(StepEntered(step=step), act)

    @property
    def never_inspected(self) -> bool:
        """Whether the visit went no further than a refusal of entry."""
        return False

    @lacks
    def _way_to_go(self) -> Iterator[str]:
        if Step.CLOSE_LOOP not in self.entered and not self.never_inspected:
            yield f"尚在第{self.step.value}步“{self.step.title}”"

    def require_step(self, *allowed: Step) -> None:
        """Refuse an act that does not belong to the present step."""
        if self.step not in allowed:
            names = "、".join(f"第{s.value}步“{s.title}”" for s in allowed)
            raise Refusal(
                "STEP-ORDER",
                f"当前在第{self.step.value}步“{self.step.title}”，此操作应在{names}进行。",
                basis="八步工作法",
                step=self.step.value,
            )
