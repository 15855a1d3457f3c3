"""F6, F7, F8: Temporal is killed -9 while work goes on; timers fall due; its data is lost."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from temporalio.client import WorkflowExecutionStatus

from deploy.embedded.temporal import Temporal
from domain.deadlines import ClockFired, Key
from domain.store import skip_clock
from tests.faults.lives import wait_until
from tests.workflows.scenario import Case
from tests.workflows.system import System, working
from workflows.feed import refeed

KEY = Key("FIX-DUE", "H1", 1)
CASES = 20
SHORTLY = timedelta(seconds=4)
PROMPT = timedelta(seconds=30)


def kill(server: Temporal) -> None:
    assert server.process is not None
    server.process.kill()
    server.process.wait()


def expiries(at: System, cases: Iterable[Case]) -> list[ClockFired]:
    loaded = at.bihuan.store.load([(case.id, 0) for case in cases]).events
    facts = [e.fact for events in loaded.values() for e in events]
    return [
        f
        for f in facts
        if isinstance(f, ClockFired) and KEY in f.deadlines and f.rung.action == "expire"
    ]


async def wait_for_expiries(at: System, cases: list[Case]) -> list[ClockFired]:
    await asyncio.to_thread(
        wait_until, at.bihuan.store, lambda: len(expiries(at, cases)) >= len(cases)
    )
    return expiries(at, cases)


async def open_workflows(at: System, cases: Iterable[UUID]) -> bool:
    described = [await at.handle(case).describe() for case in cases]
    return all(d.status is WorkflowExecutionStatus.RUNNING for d in described)


async def test_work_goes_on_and_timers_of_the_outage_fire_once(
    alone: System, own_server: Temporal
) -> None:
    cases = [alone.bureau.plan().ordered(days=1) for _ in range(CASES)]
    due = cases[0].due_at()
    skip_clock(alone.database.owner, due - SHORTLY - alone.bihuan.store.now())
    async with working(alone):
        await alone.skipper.quiet()
        kill(own_server)
        late = [alone.bureau.plan() for _ in range(2 * CASES)]
        for case in late:
            case.approved()
        await asyncio.to_thread(
            wait_until, alone.bihuan.store, lambda: alone.bihuan.store.now() > due
        )
        assert expiries(alone, cases) == []
        await asyncio.to_thread(own_server.start)

        found = await wait_for_expiries(alone, cases)
        assert len(found) == CASES
        assert alone.bihuan.store.now() - due < PROMPT
        await alone.skipper.quiet()
        assert await open_workflows(alone, [case.id for case in [*cases, *late]])
        assert len(expiries(alone, cases)) == CASES


async def test_a_lost_database_is_fed_again(alone: System, own_server: Temporal) -> None:
    cases = [alone.bureau.plan().ordered(days=30) for _ in range(CASES)]
    async with working(alone):
        await alone.skipper.quiet()
        kill(own_server)
        for file in (alone.folder / "temporal").glob("temporal-*"):
            file.unlink()
        skip_clock(alone.database.owner, timedelta(days=40))
        await asyncio.to_thread(own_server.start)
        refeed(alone.database.command)

        found = await wait_for_expiries(alone, cases)
        await alone.skipper.quiet()
        assert await open_workflows(alone, [case.id for case in cases])
        assert len(found) == len(expiries(alone, cases)) == CASES
        assert all(f.late_seconds > 0 for f in found)
