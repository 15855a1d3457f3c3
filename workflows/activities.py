"""Activities (时钟动作): thin and repeatable; the aggregate decides."""

from concurrent.futures import Executor
from datetime import timedelta
from uuid import UUID

from temporalio import activity

from domain.application import Bihuan, Strike
from domain.deadlines import RungRef
from workflows.messages import FIRE, Fired, Firing
from workflows.state import state_of
from workflows.together import Together


class Activities:
    """What the workflows may do, with the application injected."""

    def __init__(self, bihuan: Bihuan, hand: Executor, rest: float) -> None:
        """``hand`` is the one thread that reads and writes the log; it rests so many seconds."""
        self._together = Together(bihuan.fire, hand, rest)

    @activity.defn(name=FIRE)
    async def fire(self, firing: Firing) -> Fired:
        """Fire clocks that went off together; a second run finds nothing left to do."""
        rungs = tuple(
            RungRef(deadline=d.key, due_version=d.due_version, rung=r.name)
            for d in firing.deadlines
            for r in d.rungs
        )
        strike = Strike(firing.kind, UUID(firing.case_id), rungs, firing.at)
        struck = await self._together.strike(strike)
        early = firing.at - struck.now if "early" in struck.outcomes else timedelta()
        return Fired(state_of(struck.case), max(early.total_seconds(), 0.0), [*struck.outcomes])
