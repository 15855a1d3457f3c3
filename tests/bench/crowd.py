"""Many clients at once, each in a process of its own, who begin together."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

CLIENTS = 8
PATIENCE = 120
_start: Barrier


@dataclass(frozen=True)
class Done:
    """What one client did, and when; the clock is the machine's."""

    began: float
    ended: float
    seconds: list[float]


@dataclass(frozen=True)
class Round:
    """What all did together, since they ``began``."""

    took: float
    seconds: list[float]
    began: float = 0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took


def together(client: Callable[..., Done], *args: Any, clients: int = CLIENTS) -> Round:
    """Run ``client(*args)`` in ``clients`` processes; each warms up inside ``at_the_start``."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(
        clients, mp_context=spawn, initializer=_meet, initargs=(spawn.Barrier(clients),)
    ) as people:
        done = [f.result() for f in [people.submit(client, *args) for _ in range(clients)]]
    began = min(d.began for d in done)
    took = max(d.ended for d in done) - began
    return Round(took, [s for d in done for s in d.seconds], began)


def _meet(start: Barrier) -> None:
    global _start  # noqa: PLW0603 - a process has one start
    _start = start


@contextmanager
def at_the_start() -> Iterator[None]:
    """Get ready in the body, then wait for the others; whoever fails lets nobody wait."""
    try:
        yield
        _start.wait(PATIENCE)
    except BaseException:
        _start.abort()
        raise


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
