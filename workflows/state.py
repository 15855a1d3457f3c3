"""From the log to what a workflow waits for: which facts matter, and the state of a case."""

from domain.case import Case
from domain.deadlines import ClockFired, Ladder
from domain.facts import FACTS, Fact
from workflows.messages import CaseState, DeadlineClock, RungClock

FIRING = ClockFired.TOPIC
"""A workflow learns what its own firing changed from the activity, not from the feed."""


def tells(topic: str) -> bool:
    """Whether facts of that topic change what a workflow waits for."""
    fact = FACTS.get(topic, Fact)
    return fact.TELLS or fact.ENDS


def ends(topic: str) -> bool:
    """Whether facts of that topic end a workflow."""
    return FACTS.get(topic, Fact).ENDS


def state_of(case: Case) -> CaseState:
    """What the workflow of ``case`` waits for."""
    progress = case.progress()
    return CaseState(
        version=case.version,
        where=_where(case),
        entered=list(progress.entered),
        undecided=progress.undecided,
        pursued=progress.pursued,
        closed=not case.awaited,
        deadlines=[_clock(ladder) for ladder in case.ladders()] if case.awaited else [],
        waits=case.waits_for(),
    )


def _where(case: Case) -> str:
    words = case.STAGES.get(case.stage, "")
    return case.outcome or (f"第{case.step:d}步“{words}”" if case.step else words)


def _clock(ladder: Ladder) -> DeadlineClock:
    return DeadlineClock(str(ladder.key), 0, [RungClock(r.name, r.at) for r in ladder.rungs])
