"""F12: whoever fires a clock, and however many at once, it fires once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from domain.application import Bihuan
from domain.case import Case
from domain.deadlines import ClockFired, RungRef
from domain.law import law
from domain.store import EventStore, skip_clock
from tests.domain.given import strike
from tests.workflows.system import System

CASES, RACERS = 10, 2


def refs(case: Case) -> list[RungRef]:
    return [
        RungRef(deadline=str(ladder.key), rung=rung.name)
        for ladder in case.ladders()
        for rung in ladder.rungs
        if ladder.key.rule == "FIX-DUE"
    ]


async def test_the_same_rung_from_two_workers_fifty_times(idle: System) -> None:
    cases = [idle.bureau.plan().ordered() for _ in range(CASES)]
    skip_clock(idle.database.owner, timedelta(days=60))
    start = Barrier(RACERS)
    with EventStore(idle.database.command, vault=None) as other, ThreadPoolExecutor(RACERS) as pool:
        workers = [idle.bihuan, Bihuan(other, law(), idle.bihuan.blobs)]

        def fire(worker: Bihuan, case: Case, ref: RungRef) -> str:
            now = worker.store.now()
            start.wait()
            (outcome,) = strike(worker, "inspection", case.id, [ref], now).outcomes
            return outcome

        races = 0
        for case in cases:
            state = idle.bihuan.clocks("inspection", case.id)
            for ref in refs(state):
                list(pool.map(fire, workers, [state] * RACERS, [ref] * RACERS))
                races += 1
            rungs = [f.rung.name for f in idle.facts(case.id, ClockFired)]
            assert rungs == ["-3wd", "-1wd", "due", "+1wd", "+3wd"]
    assert races == 50
