"""Activities (时钟动作): thin and repeatable; the aggregate decides."""

from datetime import timedelta
from uuid import UUID

from temporalio import activity

from domain.application import Bihuan
from domain.clocked import RungRef
from workflows.messages import FIRE, Fired, Firing
from workflows.state import state_of


class Activities:
    """What the workflows may do, with the application injected."""

    def __init__(self, bihuan: Bihuan) -> None:
        self._bihuan = bihuan

    @activity.defn(name=FIRE)
    def fire(self, firing: Firing) -> Fired:
        """Fire clocks that went off together; a second run finds nothing left to do."""
        case_id = UUID(firing.case_id)
        rungs = [
            RungRef(deadline=d.key, due_version=d.due_version, rung=r.name)
            for d in firing.deadlines
            for r in d.rungs
        ]
        struck = self._bihuan.fire(firing.kind, case_id, rungs, firing.at)
        early = firing.at - struck.now if "early" in struck.outcomes else timedelta()
        return Fired(state_of(struck.case), max(early.total_seconds(), 0.0))
