"""Whole lifecycles: commands by HTTP, and the workflow of each case until it has completed."""

import time
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from tests.bench.clients import drive
from tests.bench.crowd import CLIENTS
from tests.bench.figures import ROUNDS, Figures, share, size
from tests.bench.place import place
from tests.bench.waiting import closed, completed, once, shown, told

pytestmark = pytest.mark.bench
PEOPLE = 5
"""In each of eight processes: forty inspectors, so that a case lasts seconds and not a blink."""


async def test_lifecycles(
    figures: Figures, durable: Postgres, clocks: Temporal, tmp_path: Path
) -> None:
    with (
        place(durable, tmp_path, "lives", clocks.address) as at,
        at.working(),
        at.projecting(),
        at.serving() as address,
    ):
        for _ in range(ROUNDS):
            await once(lambda: told(at) and shown(at))
            before = len(closed(at))
            done = drive(address, size(16), people=PEOPLE)
            await once(lambda: told(at))
            cases = closed(at)[before:]
            ran = await completed(clocks.address, cases)
            took = time.perf_counter() - done.began
            # Those who warmed up before the start are not counted.
            lives = ran * (1 - CLIENTS / len(cases))
            figures.note("whole lifecycles", lives / took, "/s (aim ≥ 20)")
            figures.note("… with a workflow", ran / len(cases) * 100, "%")
            figures.note("… commands meanwhile", done.rate)
            figures.note("… p99 of a command", share(done.seconds, 0.99) * 1000, "ms")
