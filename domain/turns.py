"""Turns (轮候): who lost a register to another decision waits for the others it happened to."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

LONGEST = 2.0


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
