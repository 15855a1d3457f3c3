"""Clocks that go off at once share one append, and none suffers from another."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.application import Strike, Struck
from domain.deadlines import ClockFired, Key, RungRef
from domain.errors import NotFound
from domain.store import skip_clock
from tests.workflows.system import System
from workflows.together import MOST, Fire, Together

FIX = "FIX-DUE/H1/1"


@pytest.fixture
def hand() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as one:
        yield one


def due(at: System, case: UUID) -> Strike:
    rung = at.bihuan.clocks("inspection", case).deadlines[Key.read(FIX)].rungs[0]
    ref = RungRef(deadline=FIX, due_version=1, rung=rung.name)
    return Strike("inspection", case, (ref,), at.bihuan.store.now())


def commands(at: System, case: UUID) -> list[UUID | None]:
    """By which commands the clocks of a case fired."""
    return [s.command_id for s in at.bihuan.store.stream(case) if s.topic == ClockFired.TOPIC]


def noting(sizes: list[int], at: System) -> Fire:
    """Fires, and notes how many cases there were each time."""

    def fire(strikes: Sequence[Strike]) -> list[Struck]:
        sizes.append(len(strikes))
        return at.bihuan.fire(strikes)

    return fire


async def test_many_cases_in_one_command(idle: System, hand: ThreadPoolExecutor) -> None:
    cases = [idle.bureau.plan().ordered().id for _ in range(3)]
    skip_clock(idle.database.owner, timedelta(days=60))
    together = Together(idle.bihuan.fire, hand, rest=0)
    strikes = [due(idle, case) for case in cases]
    struck = await asyncio.gather(*map(together.strike, strikes))
    assert [(s.case.id, s.outcomes) for s in struck] == [(case, ["fired"]) for case in cases]
    assert [s.case.version for s in struck] == [len(idle.events(case)) for case in cases]
    assert len({command for case in cases for command in commands(idle, case)}) == 1
    again = await asyncio.gather(*map(together.strike, reversed(strikes)))
    assert [s.outcomes for s in again] == [["done"]] * 3
    assert [len(commands(idle, case)) for case in cases] == [1] * 3


async def test_the_same_clock_twice_in_one_command(idle: System, hand: ThreadPoolExecutor) -> None:
    """A task that was given up goes on beside the one that took its place."""
    case = idle.bureau.plan().ordered().id
    skip_clock(idle.database.owner, timedelta(days=60))
    together = Together(idle.bihuan.fire, hand, rest=0)
    struck = await asyncio.gather(*(together.strike(due(idle, case)) for _ in range(2)))
    assert [s.outcomes for s in struck] == [["fired"], ["done"]]
    assert len(commands(idle, case)) == 1


async def test_one_bad_case_among_good_ones(idle: System, hand: ThreadPoolExecutor) -> None:
    cases = [idle.bureau.plan().ordered().id for _ in range(2)]
    skip_clock(idle.database.owner, timedelta(days=60))
    together = Together(idle.bihuan.fire, hand, rest=0)
    good = [due(idle, case) for case in cases]
    unknown = Strike("inspection", uuid4(), good[0].rungs, good[0].at)
    struck = await asyncio.gather(
        *map(together.strike, [good[0], unknown, good[1]]), return_exceptions=True
    )
    assert isinstance(struck[1], NotFound)
    assert [len(commands(idle, case)) for case in cases] == [1, 1]


async def test_no_append_is_longer_than_others_may_wait(
    idle: System, hand: ThreadPoolExecutor
) -> None:
    """What is too much for one append is fired by the next."""
    case = idle.bureau.plan().ordered().id
    skip_clock(idle.database.owner, timedelta(days=60))
    strike, sizes = due(idle, case), list[int]()
    together = Together(noting(sizes, idle), hand, rest=0)
    await asyncio.gather(*(together.strike(strike) for _ in range(MOST + 1)))
    assert sizes == [MOST, 1]
    assert len(commands(idle, case)) == 1


async def test_clocks_that_follow_each_other_closely(
    idle: System, hand: ThreadPoolExecutor
) -> None:
    """The first fires at once; what goes off while the hand rests waits for the others."""
    case = idle.bureau.plan().ordered().id
    skip_clock(idle.database.owner, timedelta(days=60))
    strike, sizes = due(idle, case), list[int]()
    together = Together(noting(sizes, idle), hand, rest=1)
    await together.strike(strike)
    second = asyncio.create_task(together.strike(strike))
    await asyncio.wait([second], timeout=0.1)
    assert not second.done()
    await asyncio.gather(second, together.strike(strike), together.strike(strike))
    assert sizes == [1, 3]
