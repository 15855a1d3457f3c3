"""Watching a process that dies and comes back, and waiting for what must be so in the end."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from domain.store import EventStore
from tests.workflows.system import System

WORKER = Path(__file__).with_name("mortal_worker.py")


def wait_until(store: EventStore, so: Callable[[], bool], seconds: float = 60) -> None:
    """Look after every append, and now and then, until it is so."""
    deadline = time.monotonic() + seconds
    for _ in store.listen(0.05):
        if so():
            return
        assert time.monotonic() < deadline, "it did not come about in time"


@contextmanager
def reborn(at: System, places: list[str]) -> Iterator[Path]:
    """A worker that is started again whenever it has died; gives the file of its deaths."""
    deaths = at.folder / "deaths"
    given = {
        "places": places,
        "deaths": str(deaths),
        "dsn": at.database.command,
        "address": at.server.address,
        "tls": str(at.server.tls),
        "queue": at.queue,
        "blobs": str(at.bihuan.blobs.folder),
    }
    words = [sys.executable, str(WORKER), json.dumps(given)]
    over = Event()
    lives = [subprocess.Popen(words)]

    def watch() -> None:
        while lives[-1].wait() and not over.is_set():
            lives.append(subprocess.Popen(words))

    watching = Thread(target=watch)
    watching.start()
    try:
        yield deaths
    finally:
        over.set()
        lives[-1].terminate()
        watching.join()
