"""The feed tells each case once, leaves nobody out, and survives what it cannot read."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Event as Stop
from time import monotonic
from uuid import UUID, uuid4

import psycopg
import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.deadlines import DeadlineSet, Key
from domain.store import PositionMovedError
from domain.store.position import Position
from tests.workflows.pace import PACE
from tests.workflows.scenario import lifecycle
from tests.workflows.system import System, working
from workflows import feed, worker
from workflows.feed import NAME, Feed, lag, refeed
from workflows.messages import SYNC
from workflows.tell import LULL, Teller

RECHECK = "RECHECK/H1/1"
POISON = b'{"v":1,"by":{},"at":"","fact":{}}'
APPEND = "SELECT log.append_events(%s, 'x', 'x', %s, %s, %s, %s, %s, %s)"


async def signals(at: System, case: UUID) -> int:
    history = await at.handle(case).fetch_history()
    return sum(
        e.workflow_execution_signaled_event_attributes.signal_name == SYNC for e in history.events
    )


async def test_a_page_tells_each_case_once(idle: System) -> None:
    case = idle.bureau.plan().ordered()
    async with working(idle):
        await idle.skipper.quiet()
        assert await signals(idle, case.id) == 1
        assert (await idle.status(case.id)).steps == [8]


async def test_a_case_closed_before_it_was_told_needs_no_workflow(idle: System) -> None:
    case = lifecycle(idle.bureau)
    async with working(idle):
        await idle.skipper.quiet()
        with pytest.raises(RPCError) as missing:
            await idle.handle(case.id).describe()
    assert missing.value.status is RPCStatusCode.NOT_FOUND


async def met(at: System, fact: Callable[[], Awaitable[bool]]) -> None:
    """Return when ``fact`` holds; a workflow that does not exist yet shows nothing."""
    beats = at.bihuan.store.listen(0.05)
    for _ in range(1000):
        await asyncio.to_thread(next, beats)
        with suppress(RPCError):
            if await fact():
                return
    pytest.fail("never")


async def test_a_busy_case_waits_its_turn_and_a_new_one_does_not(
    idle: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that was put off counts as told: a feed that starts anew would tell it."""
    ahead = [0.0]
    monkeypatch.setattr(worker, "LULL", timedelta())
    monkeypatch.setattr(feed, "CALM", 3600.0)
    monkeypatch.setattr(feed, "monotonic", lambda: monotonic() + ahead[0])

    async def knows(case: UUID, steps: list[int]) -> bool:
        return (await idle.status(case)).steps == steps

    def untold() -> int:
        return lag(idle.bihuan, idle.database.command)

    async with working(idle, replace(PACE, hasty=False)):
        busy = idle.bureau.plan()
        await met(idle, lambda: knows(busy.id, [1]))
        busy.ordered()
        head = idle.bihuan.store.head()[0]
        new = idle.bureau.plan()
        await met(idle, lambda: knows(new.id, [1]))
        assert await knows(busy.id, [1])
        assert untold() > idle.bihuan.store.head()[0] - head
        ahead[0] = 7200.0
        await met(idle, lambda: knows(busy.id, [8]))
        assert await signals(idle, busy.id) == 2
        await idle.skipper.quiet()
        assert untold() == 0


async def test_a_first_task_waits_for_the_next_fact_and_an_end_for_nothing(
    idle: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LULL", timedelta(hours=1))
    monkeypatch.setattr(feed, "CALM", 3600.0)

    async def runs(case: UUID) -> bool:
        return (await idle.handle(case).describe()).status is WorkflowExecutionStatus.RUNNING

    async with working(idle, replace(PACE, hasty=False)):
        case = idle.bureau.plan()
        await met(idle, lambda: runs(case.id))
        assert await signals(idle, case.id) == 1
        case.do("cancel-inspection", reason="企业停产")
        await idle.handle(case.id).result()
    history = await idle.handle(case.id).fetch_history()
    tasks = [e for e in history.events if e.HasField("workflow_task_completed_event_attributes")]
    assert len(tasks) == 1


async def test_the_first_task_of_a_case_with_a_clock_does_not_wait(
    idle: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LULL", timedelta(hours=1))
    case = idle.bureau.plan().ordered()

    async def waits() -> bool:
        return (await idle.status(case.id)).next is not None

    async with working(idle, replace(PACE, hasty=False)):
        await met(idle, waits)


async def test_an_unreadable_case_does_not_stop_the_others(idle: System) -> None:
    spoilt = uuid4()
    with psycopg.connect(idle.database.command, autocommit=True) as connection:
        columns = ([spoilt], ["transfer"], [1], ["transfer/proposed"], [POISON])
        connection.execute(APPEND, (uuid4(), *columns, [idle.bihuan.store.now()]))
    case = idle.bureau.plan().ordered()
    async with working(idle):
        await idle.skipper.quiet()
        assert (await idle.status(case.id)).steps == [8]


async def test_what_a_firing_changed_is_known_from_its_activity(running: System) -> None:
    case = running.bureau.plan().ordered()
    await running.skipper.quiet()
    told = await signals(running, case.id)
    await running.skip(days=32)
    assert running.facts(case.id, DeadlineSet)[-1].deadlines == (Key.read(RECHECK),)
    assert case.ladder(RECHECK) in [d.key for d in (await running.status(case.id)).deadlines]
    assert await signals(running, case.id) == told


async def test_feeding_again_changes_nothing(running: System) -> None:
    case = running.bureau.plan().ordered()
    await running.skipper.quiet()
    before = await running.status(case.id)
    refeed(running.database.command)
    await running.skipper.quiet()
    after = await running.status(case.id)
    assert (after.version, after.next) == (before.version, before.next)


async def test_two_feeds_disturb_nothing(idle: System) -> None:
    case = idle.bureau.plan().ordered()
    async with working(idle), working(idle):
        case.do("publish-result", place="政务网站")
        await idle.skipper.quiet()
        (deadline,) = (await idle.status(case.id)).deadlines
        assert deadline.key == case.ladder("FIX-DUE/H1/1")


def test_the_position_moves_by_compare_and_swap(idle: System) -> None:
    with Position(idle.database.command, NAME) as one, Position(idle.database.command, NAME) as two:
        one.move(0, 5)
        with pytest.raises(PositionMovedError):
            two.move(0, 3)
        assert two.read() == 5
        two.reset()
        assert one.read() == 0
    assert lag(idle.bihuan, idle.database.command) == idle.bihuan.store.head()[0]


def test_a_feed_told_to_stop_ends(idle: System) -> None:
    stop = Stop()
    stop.set()
    teller = Teller(idle.client, idle.queue, task_timeout=PACE.task, lull=LULL)
    Feed(idle.bihuan, idle.database.command, teller).run(stop)
