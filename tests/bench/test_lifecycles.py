"""Whole lifecycles: commands by HTTP, and the workflow of each case until it has completed."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from tests.bench.clients import Life, drive, inspection, nothing_found
from tests.bench.crowd import CLIENTS
from tests.bench.figures import ROUNDS, Figures, share, size
from tests.bench.peers import measure
from tests.bench.place import Place, place
from tests.bench.waiting import closed, completed, once, shown, told
from workflows.server import Server

pytestmark = pytest.mark.bench
PEOPLE = 10
"""In each of eight processes: eighty inspectors, so that a case lasts seconds and not a blink: one
that is closed before the feed has looked gets no workflow and does not count."""
CASES = 8
BARE = "bare Temporal, eight signals"
LIVES: dict[str, Life] = {
    "lifecycles of 18 commands": inspection,
    "lifecycles of 11 commands": nothing_found,
}


@dataclass(frozen=True)
class Lives:
    """What a round showed."""

    rate: float
    with_workflow: float
    seconds: list[float]


async def carried(at: Place, address: str, clocks: Server, life: Life) -> Lives:
    """Eighty inspectors carry their cases; until the last workflow has completed."""
    await once(lambda: told(at) and shown(at))
    before = len(closed(at))
    done = drive(address, size(CASES), people=PEOPLE, life=life)
    await once(lambda: told(at))
    cases = closed(at)[before:]
    ran = await completed(clocks, cases)
    took = time.perf_counter() - done.began
    # Those who warmed up before the start are not counted.
    return Lives(ran * (1 - CLIENTS / len(cases)) / took, ran / len(cases), done.seconds)


async def test_lifecycles(
    figures: Figures, durable: Postgres, clocks: Temporal, tmp_path: Path
) -> None:
    with (
        place(durable, tmp_path, "lives", clocks.server) as at,
        at.working(),
        at.projecting(),
        at.serving() as address,
    ):
        for _ in range(ROUNDS):
            for name, life in LIVES.items():
                lives = await carried(at, address, clocks.server, life)
                figures.note(name, lives.rate, "/s (aim ≥ 20)")
                figures.note(f"{name}: with a workflow", lives.with_workflow * 100, "%")
                figures.note(f"{name}: p99 of a command", share(lives.seconds, 0.99) * 1000, "ms")
            named = f"{clocks.address},{clocks.server.tls}"
            bare = measure("temporalio", "peer_temporal.py", named, CLIENTS * PEOPLE, size(CASES))
            assert bare is not None
            figures.note(BARE, bare.rate)
    for name in LIVES:
        figures.ratio(name, BARE)
