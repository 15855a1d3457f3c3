"""Skipping time (跳过时间): from clock to clock, so that each fires at its own instant."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from deploy.play.stage import Stage
from deploy.trouble import Trouble
from domain.case import Case
from domain.registry import KINDS
from domain.store.follow import PAGE
from workflows.skipping import Skipper
from workflows.state import state_of

JUST_AFTER = timedelta(seconds=1)
PATIENCE = 30.0
POLL = 0.02


class Traveller:
    """Arrives at an instant after everything due before it has fired, one by one."""

    def __init__(self, stage: Stage) -> None:
        self._bihuan = stage.bihuan
        self._skipper = Skipper(
            stage.temporal, stage.bihuan, dsn=stage.settings.command, admin_dsn=stage.owner
        )
        self._seen = 0
        self._kinds: dict[UUID, str] = {}

    async def to(self, instant: datetime) -> None:
        """Travel to ``instant``."""
        while True:
            await self._skipper.quiet()
            cases = self._cases()
            soonest = min((r for c in cases for r in _instants(c)), default=None)
            if soonest is None or soonest >= instant:
                await self._until(instant)
                return
            await self._until(soonest + JUST_AFTER)
            await self._fired(cases, soonest)

    async def _until(self, instant: datetime) -> None:
        left = instant - self._bihuan.store.now()
        if left > timedelta():
            await self._skipper.skip(left)

    async def _fired(self, cases: Iterable[Case], soonest: datetime) -> None:
        waiting = [(c.KIND, c.id) for c in cases if soonest in _instants(c)]
        await _wait(
            lambda: all(soonest not in _instants(self._bihuan.clocks(k, i)) for k, i in waiting)
        )

    def _cases(self) -> list[Case]:
        """Every case of the play; there are few."""
        while page := self._bihuan.store.page(self._seen, PAGE):
            self._kinds |= {s.stream: s.kind for s in page if s.kind in KINDS}
            self._seen = page[-1].seq
        return [self._bihuan.clocks(kind, case_id) for case_id, kind in self._kinds.items()]


def _instants(case: Case) -> list[datetime]:
    """When the case's workflow wakes by itself."""
    return [rung.at for clock in state_of(case).deadlines for rung in clock.rungs]


async def _wait(until: Callable[[], bool]) -> None:
    """Look again until it is true; the servers answer when they can."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not await asyncio.to_thread(until):
        if loop.time() > deadline:
            raise Trouble("时钟没有在预期时间内触发，推演中止。", "A clock did not fire.")
        await asyncio.sleep(POLL)
