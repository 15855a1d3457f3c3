"""A worker process that kills itself where the test says, so many times and never again.

Its places: before and after the append of a clock (F1), and between telling and moving the
position (F5). Each death leaves a line in a file, which outlives it.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from domain.application import Bihuan
from domain.law import law
from domain.store import Appended, Blobs, EventStore
from domain.store.position import Position
from tests.workflows.system import PACE
from workflows import feed, worker


class Fate:
    """Dies at one place, a given number of times over all lives."""

    def __init__(self, place: str, times: int, deaths: Path) -> None:
        self.place, self.times, self.deaths = place, times, deaths

    def reach(self, place: str) -> None:
        before = self.deaths.read_text().splitlines() if self.deaths.exists() else []
        if place == self.place and len(before) < self.times:
            with self.deaths.open("a") as file:
                file.write(f"{place}\n")
            os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(EventStore):
    fate: Fate

    def append(self, **what: Any) -> Appended:
        self.fate.reach("before-append")
        appended = super().append(**what)
        self.fate.reach("after-append")
        return appended


class MortalPosition(Position):
    fate: Fate

    def move(self, old: int, new: int) -> None:
        self.fate.reach("before-move")
        super().move(old, new)


async def main(given: dict[str, Any]) -> None:
    fate = Fate(given["place"], given["times"], Path(given["deaths"]))
    MortalStore.fate = MortalPosition.fate = fate
    feed.Position = MortalPosition  # type: ignore[misc]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with MortalStore(given["dsn"], vault=None, pool_size=worker.THREADS + 2) as store:
        await worker.run(
            Bihuan(store, law(), Blobs(Path(given["blobs"]))),
            given["dsn"],
            given["address"],
            stop=stop,
            task_queue=given["queue"],
            pace=PACE,
        )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
