"""What all workflows of cases share: sync signal, status query, clocks beside the method."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from temporalio import workflow

from workflows.clocks import Clocks
from workflows.messages import STATUS, SYNC, CaseStart, CaseState, CaseStatus


class CaseWorkflow:
    """A case: its method reads in ``run`` of each kind; its clocks run beside the method."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._start = start
        self._clocks = Clocks(start)
        self._steps: list[int] = []

    @property
    def state(self) -> CaseState:
        """The newest known state."""
        return self._clocks.state

    @workflow.signal(name=SYNC)
    def sync(self, state: CaseState) -> None:
        """The feed tells what the log says."""
        self._clocks.learn(state)

    @workflow.query(name=STATUS)
    def status(self) -> CaseStatus:
        """Where the case stands, for operators."""
        return CaseStatus(
            where=self.state.where,
            version=self.state.version,
            steps=sorted(self._steps),
            now=self._clocks.now(),
            next=self._clocks.next(),
            deadlines=self.state.deadlines,
        )

    async def until(self, reached: Callable[[CaseState], bool]) -> None:
        """Wait for a fact; the end of the case ends every wait."""
        await workflow.wait_condition(lambda: self.state.closed or reached(self.state))

    async def step(self, number: int, leaves: Callable[[CaseState], bool]) -> None:
        """Stay in a step of the method until its exit fact."""
        self._steps.append(number)
        await self.until(leaves)
        self._steps.remove(number)

    async def live(self, method: Coroutine[Any, Any, Any]) -> None:
        """Carry out the method with the clocks beside it; a long history is begun anew."""
        life = asyncio.gather(method, self._clocks.run())
        await workflow.wait_condition(lambda: life.done() or self._may_continue_as_new())
        await workflow.wait_condition(workflow.all_handlers_finished)
        if life.done():
            await life
            return
        workflow.continue_as_new(
            CaseStart(self._start.kind, self._start.case_id, self._start.offset_seconds, self.state)
        )

    def _may_continue_as_new(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and not self._clocks.firing
