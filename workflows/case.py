"""What all workflows of cases share: sync signal, status query, clocks beside the method."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from temporalio import workflow

from workflows.clocks import Clocks
from workflows.messages import STATUS, SYNC, CaseStart, CaseState, CaseStatus

END = "本案办结"


class CaseWorkflow:
    """A case: its method reads in ``run`` of each kind; its clocks run beside the method."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self._start = start
        self._steps: dict[int, str] = {}
        self._clocks = Clocks(start, self._describe)

    @property
    def state(self) -> CaseState:
        """The newest known state."""
        return self._clocks.state

    @workflow.signal(name=SYNC)
    def sync(self, state: CaseState) -> None:
        """The feed tells what the log says."""
        self._clocks.learn(state)
        self._describe()

    @workflow.query(name=STATUS)
    def status(self) -> CaseStatus:
        """Where the case stands, for people who ask."""
        wake = self._clocks.next()
        return CaseStatus(
            where=self.state.where,
            version=self.state.version,
            steps=sorted(self._steps),
            now=self._clocks.now(),
            next=wake,
            deadlines=self.state.deadlines,
            closed=self.state.closed,
            until=self._until(),
            waits=self.state.waits,
            due=self._clocks.due(wake),
            fired=self._clocks.fired,
            why=self._clocks.why(),
        )

    def _until(self) -> list[str]:
        if self.state.closed:
            return []
        return [words for _, words in sorted(self._steps.items())] or [END]

    def _describe(self) -> None:
        """The same in short, for Temporal's own pages; it leaves no trace in the history."""
        due = self._clocks.due(self._clocks.next())
        rungs = [f"{r.at:%Y-%m-%d %H:%M} {d.key} {r.name}" for d in due for r in d.rungs]
        lines = [self.state.where, *self._until(), *self.state.waits, *rungs, self._clocks.why()]
        workflow.set_current_details("\n".join(f"- {line}" for line in lines if line))

    async def until(self, reached: Callable[[CaseState], bool]) -> None:
        """Wait for a fact; the end of the case ends every wait."""
        await workflow.wait_condition(lambda: self.state.closed or reached(self.state))

    async def step(self, number: int, words: str, leaves: Callable[[CaseState], bool]) -> None:
        """Stay in a step of the method until its exit fact; ``words`` say which."""
        self._steps[number] = words
        self._describe()
        await self.until(leaves)
        del self._steps[number]
        self._describe()

    async def live(self, method: Coroutine[Any, Any, Any]) -> None:
        """Carry out the method with the clocks beside it; a long history is begun anew."""
        life = asyncio.gather(method, self._clocks.run())
        await workflow.wait_condition(lambda: life.done() or self._may_continue_as_new())
        await workflow.wait_condition(workflow.all_handlers_finished)
        if life.done():
            await life
            return
        workflow.continue_as_new(replace(self._start, state=self.state, fired=self._clocks.fired))

    def _may_continue_as_new(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and not self._clocks.firing
