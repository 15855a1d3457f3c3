"""What feed, workflows and activity tell each other: ids and dates, never personal data.

Every name stored in a history stands here; a test pins the list. A new field needs a default: two
releases may speak to each other, and a signal that cannot be read is dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

TASK_QUEUE = "bihuan"
SYNC = "sync"
"""Signal: the newest state of the case."""
STATUS = "status"
"""Query: where the case stands and what it waits for."""
FIRE = "fire"
"""Activity: the clocks that have gone off."""
WORKFLOWS: Mapping[str, str] = {
    "inspection": "InspectionWorkflow",
    "penalty": "PenaltyWorkflow",
    "transfer": "TransferWorkflow",
}
"""Workflow of each kind of case."""


def workflow_id(kind: str, case_id: object) -> str:
    """Id of the one workflow of a case."""
    return f"{kind}/{case_id}"


@dataclass(frozen=True)
class RungClock:
    """A rung of a ladder and its instant, in business time."""

    name: str
    at: datetime


@dataclass(frozen=True)
class DeadlineClock:
    """A running deadline with its rungs to come. ``due_version`` counts its due dates."""

    key: str
    due_version: int
    rungs: list[RungClock]


@dataclass(frozen=True)
class CaseState:
    """All that a workflow waits for. Of two states the one with the higher version is newer."""

    version: int = 0
    """Of the case's stream."""
    where: str = ""
    entered: list[int] = field(default_factory=list[int])
    undecided: int = 0
    """Proposals to file or to transfer that await their answer."""
    pursued: int = 0
    """Proposals approved whose own case has not ended."""
    closed: bool = False
    deadlines: list[DeadlineClock] = field(default_factory=list[DeadlineClock])


@dataclass(frozen=True)
class CaseStart:
    """A case and the clock it lives by: business time is the workflow's plus the offset."""

    kind: str
    case_id: str
    offset_seconds: float = 0
    state: CaseState = field(default_factory=CaseState)
    """What was known when the workflow continued as new."""


@dataclass(frozen=True)
class CaseStatus:
    """Answer to operators."""

    where: str
    version: int
    steps: list[int]
    """Steps of the method the workflow waits in."""
    now: datetime
    """Business time of the workflow."""
    next: datetime | None
    """When it wakes by itself."""
    deadlines: list[DeadlineClock]


@dataclass(frozen=True)
class Firing:
    """Clocks of one case that went off together, at business time ``at``."""

    kind: str
    case_id: str
    at: datetime
    deadlines: list[DeadlineClock]


@dataclass(frozen=True)
class Fired:
    """The case after firing."""

    state: CaseState
    early_seconds: float
    """How far the timer ran ahead of the log's clock."""
