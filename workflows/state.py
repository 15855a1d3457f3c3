"""From the log to what a workflow waits for: which facts matter, and the state of a case."""

from domain import clocked
from domain.clocked import Clocked, ClockFired
from domain.facts import Fact
from domain.inspection import Inspection
from domain.inspection import facts as inspection
from domain.penalty import PenaltyCase, penalty
from domain.transfer import Transfer, transfer
from workflows.messages import CaseState, DeadlineClock, RungClock

_ENDING: tuple[type[Fact], ...] = (
    inspection.PlanRefused,
    inspection.Cancelled,
    inspection.Closed,
    penalty.FilingApproved,
    penalty.FilingRefused,
    transfer.TransferApproved,
    transfer.TransferRefused,
)
ENDING = frozenset(fact.TOPIC for fact in _ENDING)
"""Topics of the facts that end a workflow."""
_TELLING: tuple[type[Fact], ...] = (
    *_ENDING,
    clocked.DeadlineSet,
    clocked.DeadlineMoved,
    clocked.DeadlineSuspended,
    clocked.DeadlineMet,
    clocked.DeadlineVoided,
    inspection.StepEntered,
    inspection.FilingProposed,
    inspection.FilingDecided,
    inspection.TransferProposed,
    inspection.TransferDecided,
    penalty.FilingProposed,
    transfer.TransferProposed,
)
TELLING = frozenset(fact.TOPIC for fact in _TELLING)
"""Topics of the facts that change what a workflow waits for."""
FIRING = ClockFired.TOPIC
"""A workflow learns what its own firing changed from the activity, not from the feed."""


def state_of(case: Clocked) -> CaseState:
    """What the workflow of ``case`` waits for."""
    deadlines = [_deadline(d) for d in case.open_deadlines() if d.rungs]
    match case:
        case Inspection():
            answers = list(case.proposals.values())
            return CaseState(
                version=case.version,
                where=case.outcome or f"第{case.step.value}步“{case.step.title}”",
                entered=sorted(step.value for step in case.entered),
                undecided=answers.count("proposed"),
                pursued=answers.count("approved"),
                closed=case.terminal,
                deadlines=deadlines,
            )
        case PenaltyCase(status=status) | Transfer(status=status):
            return _proposal(case, status, deadlines)
        case _:
            raise TypeError(f"{type(case).__name__} has no workflow")


def _proposal(case: Clocked, status: str, deadlines: list[DeadlineClock]) -> CaseState:
    """A case of its own is waited for up to the answer to its proposal."""
    answered = status != "proposed"
    return CaseState(
        version=case.version,
        where={"proposed": "待审批", "approved": "已批准", "refused": "未获批准"}[status],
        undecided=0 if answered else 1,
        closed=answered,
        deadlines=[] if answered else deadlines,
    )


def _deadline(deadline: clocked.Deadline) -> DeadlineClock:
    rungs = [RungClock(rung.name, rung.at) for rung in deadline.rungs]
    return DeadlineClock(deadline.key, deadline.version, rungs)
