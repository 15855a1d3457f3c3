"""What feed, workflows and activity tell each other: ids and dates, never personal data.

Every name stored in a history stands here; a test pins the list. A new field needs a default: two
releases may speak to each other, and a signal that cannot be read is dropped.
"""

from dataclasses import dataclass, field
from datetime import datetime

TASK_QUEUE = "bihuan"
SYNC = "sync"
"""Signal: the newest state of the case."""
STATUS = "status"
"""Query: where the case stands and what it waits for."""
FIRE = "fire"
"""Activity: the clocks that have gone off."""


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
    """A ladder with its rungs to come, or one deadline as the first release told it.

    Only of the latter ``due_version`` counts the due dates.
    """

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
    waits: list[str] = field(default_factory=list[str])
    """Codes of the duties whose doing moves the case on, for people who ask."""


@dataclass(frozen=True)
class FiredClock:
    """A rung that has gone off, at business time ``at``, and what came of it."""

    key: str
    rung: str
    at: datetime
    outcome: str = ""
    """``fired`` or ``not-needed``; empty where the first release did not tell."""


@dataclass(frozen=True)
class CaseStart:
    """A case and the clock it lives by: business time is the workflow's plus the offset."""

    kind: str
    case_id: str
    offset_seconds: float = 0
    state: CaseState = field(default_factory=CaseState)
    """What was known when the workflow continued as new."""
    fired: list[FiredClock] = field(default_factory=list[FiredClock])


@dataclass(frozen=True)
class CaseStatus:
    """Answer to people: what the workflow waits for, what has gone off, and why it sleeps."""

    where: str
    version: int
    steps: list[int]
    """Steps of the method the workflow waits in."""
    now: datetime
    """Business time of the workflow."""
    next: datetime | None
    """When it wakes by itself."""
    deadlines: list[DeadlineClock]
    closed: bool = False
    until: list[str] = field(default_factory=list[str])
    """What ends each of the steps, in words; of a kind without steps, what ends the case."""
    waits: list[str] = field(default_factory=list[str])
    """Codes of duties, as of ``version``: the feed does not tell of every act."""
    due: list[DeadlineClock] = field(default_factory=list[DeadlineClock])
    """What goes off at ``next``."""
    fired: list[FiredClock] = field(default_factory=list[FiredClock])
    """The last rungs that went off, newest last."""
    why: str = ""
    """Why it sleeps, or has ended, in words."""


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
    outcomes: list[str] = field(default_factory=list[str])
    """What came of each rung, in order."""
