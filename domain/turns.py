"""Turns (轮候): who lost to another decision tries again; of a register he waits for his turn."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from uuid import UUID

LONGEST = 2.0
PATIENCE = 10.0
"""Seconds in which a decision is made again when others were faster. A unit shares its registers of
numbers: with forty officers at once every third who took a number had to decide again, some twelve
times. Each time somebody else got on, so a count of tries would only punish bad luck."""


def patiently() -> Iterator[None]:
    """Once, and again for as long as ``PATIENCE``."""
    until = monotonic() + PATIENCE
    yield
    while monotonic() < until:
        yield


class Turns:
    """One turn per stream, within this process; safe to share between threads."""

    def __init__(self) -> None:
        self._locks = [Lock() for _ in range(64)]

    @contextmanager
    def of(self, moved: UUID | None) -> Generator[None]:
        """Wait for the turn of a stream that had ``moved``; of none, go on at once.

        Without turns all would decide again at once, and all but one of them in vain. Nobody waits
        for long: a turn is a courtesy, the log decides. See ADR 0009.
        """
        lock = None if moved is None else self._locks[hash(moved) % len(self._locks)]
        taken = lock is not None and lock.acquire(timeout=LONGEST)
        try:
            yield
        finally:
            if lock is not None and taken:
                lock.release()
