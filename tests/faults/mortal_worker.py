"""A worker process that kills itself at the places the test says, one after the other.

Its places: before and after the append of a clock (F1), and between telling and moving the
position (F5). Each death leaves a line in a file, which outlives it.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.application import Bihuan
from domain.law import law
from domain.store import Appended, Blobs, EventStore
from domain.store.position import Position
from tests.workflows.pace import PACE
from workflows import feed, worker
from workflows.server import Server


class Fate:
    """The places of death still to come, over all lives."""

    def __init__(self, places: list[str], deaths: Path) -> None:
        self.places, self.deaths = places, deaths

    def reach(self, place: str) -> None:
        before = self.deaths.read_text().split() if self.deaths.exists() else []
        if self.places[len(before) : len(before) + 1] == [place]:
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
    fate = Fate(given["places"], Path(given["deaths"]))
    MortalStore.fate = MortalPosition.fate = fate
    feed.Position = MortalPosition  # type: ignore[misc]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with MortalStore(given["dsn"], vault=None, pool_size=worker.CONNECTIONS) as store:
        await worker.run(
            Bihuan(store, law(), Blobs(Path(given["blobs"]))),
            given["dsn"],
            Server(given["address"], Path(given["tls"])),
            stop=stop,
            task_queue=given["queue"],
            pace=replace(PACE, task=timedelta(seconds=1)),
        )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
