"""F1 and F5: a worker is killed -9 around an append and between telling and remembering."""

import asyncio
from collections import Counter
from datetime import timedelta

from domain.deadlines import ClockFired
from domain.store import skip_clock
from tests.faults.lives import reborn, wait_until
from tests.workflows.system import System

KEY = "FIX-DUE/H1/1"


def fired(at: System, case: object) -> Counter[tuple[str, str]]:
    events = at.bihuan.store.load([(case, 0)]).events[case]
    return Counter(
        (str(key), e.fact.rung.name)
        for e in events
        if isinstance(e.fact, ClockFired)
        for key in e.fact.deadlines
    )


async def test_a_clock_fires_once_though_its_worker_dies(idle: System) -> None:
    places = ["before-append", "after-append"] * 2
    case = idle.bureau.plan().ordered(days=30)
    case.do("publish-result", place="政务网站")
    skip_clock(idle.database.owner, timedelta(days=60))
    with reborn(idle, places) as deaths:
        await asyncio.to_thread(
            wait_until, idle.bihuan.store, lambda: ("RECHECK/H1/1", "+3wd") in fired(idle, case.id)
        )
    assert deaths.read_text().split() == places
    assert set(fired(idle, case.id).values()) == {1}
    assert (KEY, "+3wd") in fired(idle, case.id)
    assert all(f.late_seconds > 0 for f in idle.facts(case.id, ClockFired))


async def test_a_feed_goes_on_where_it_was(idle: System) -> None:
    cases = [idle.bureau.plan()]
    places = ["before-move"] * 5
    with reborn(idle, places) as deaths:
        while len(cases) < 5:
            await asyncio.to_thread(
                wait_until,
                idle.bihuan.store,
                lambda: deaths.exists() and len(deaths.read_text().split()) >= len(cases),
            )
            cases.append(idle.bureau.plan().ordered())
        await idle.skipper.quiet()
        for case in cases:
            status = await idle.status(case.id)
            assert status.version == idle.events(case.id)[-1].originator_version
    assert deaths.read_text().split() == places
