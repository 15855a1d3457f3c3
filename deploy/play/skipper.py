"""Skipping time (跳过时间): from clock to clock, so that each fires at its own instant."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.testing import TimeSkipper

from deploy.play.stage import Stage
from deploy.trouble import Trouble
from domain import registry
from domain.clocked import Clocked
from workflows.feed import lag
from workflows.messages import workflow_id

JUST_AFTER = timedelta(seconds=1)
PATIENCE = 30.0
POLL = 0.02


class Skipper:
    """Moves the log's clock and every case's workflow together."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._skipper = TimeSkipper(stage.temporal)

    async def to(self, instant: datetime) -> None:
        """Let everything due before ``instant`` fire, each at its time, and arrive there."""
        while True:
            await self._quiet()
            cases = self._cases()
            soonest = min((r for c in cases for r in _instants(c)), default=None)
            now = self._stage.bihuan.store.now()
            if soonest is None or soonest >= instant:
                await self._skip(instant - now, cases)
                return
            await self._skip(max(soonest + JUST_AFTER - now, timedelta()), cases)
            await self._until_fired(cases, soonest)

    async def _skip(self, by: timedelta, cases: Iterable[Clocked]) -> None:
        if by <= timedelta():
            return
        self._stage.skip_to(self._stage.bihuan.store.now() + by)
        handles = [
            self._stage.temporal.get_workflow_handle(workflow_id(case.KIND, case.id))
            for case in cases
            if not case.terminal
        ]
        await asyncio.gather(*(self._skipper.fast_forward(h, by) for h in handles))

    async def _quiet(self) -> None:
        """The workflows have heard of everything."""
        stage = self._stage
        await _wait(lambda: lag(stage.bihuan, stage.settings.command) == 0)

    async def _until_fired(self, cases: Iterable[Clocked], soonest: datetime) -> None:
        waiting = [(c.KIND, c.id) for c in cases if soonest in _instants(c)]
        bihuan = self._stage.bihuan
        await _wait(lambda: all(soonest not in _instants(bihuan.clocks(k, i)) for k, i in waiting))

    def _cases(self) -> list[Clocked]:
        """Every case of the play; there are few."""
        store, after = self._stage.bihuan.store, 0
        found: dict[UUID, str] = {}
        while page := store.page(after, 500):
            found |= {s.stream: s.kind for s in page if s.kind in registry.CLOCKED}
            after = page[-1].seq
        return [self._stage.bihuan.clocks(kind, case_id) for case_id, kind in found.items()]


def _instants(case: Clocked) -> list[datetime]:
    return [rung.at for deadline in case.open_deadlines() for rung in deadline.rungs]


async def _wait(until: Callable[[], bool]) -> None:
    """Look again until it is true; the servers answer when they can."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not await asyncio.to_thread(until):
        if loop.time() > deadline:
            raise Trouble("时钟没有在预期时间内触发，推演中止。", "A clock did not fire.")
        await asyncio.sleep(POLL)
