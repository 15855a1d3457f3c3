"""The shelf (常用档案): what nearly every decision looks up, kept in memory and brought up to date.

The tree of units and the people are read by every command and changed by few. What lies here is
shared between threads and only read; a command on one of them loads its own from the log.
"""

from collections.abc import Generator, Hashable
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from domain.calendar import Calendar
from domain.facts import Aggregate
from domain.organisation.numbers import NumberRegister
from domain.organisation.people import Member
from domain.organisation.unit import Organisation

KEPT: tuple[type[Aggregate], ...] = (Organisation, Member, Calendar)
"""Read by decisions, shared."""
COPIED: tuple[type[Aggregate], ...] = (NumberRegister,)
"""Changed by decisions, each on a copy: a register of a year has thousands of events."""
MOST = 10_000
LONGEST_TURN = 2.0


class Shelf:
    """Newest known states; who found one keeps it and loads only what is newer from the log."""

    def __init__(self) -> None:
        self._known: dict[UUID, Aggregate] = {}
        self._usual: dict[Hashable, tuple[UUID, ...]] = {}
        self._lock = Lock()
        self._turns = [Lock() for _ in range(64)]

    def find(self, aggregate_id: UUID) -> Aggregate | None:
        """The newest state known here, to read and not to change."""
        return self._known.get(aggregate_id)

    def keep(self, state: Aggregate) -> None:
        """Remember a state unless a newer one is known; the oldest entry makes room."""
        with self._lock:
            known = self._known.get(state.id)
            if known is not None and known.version >= state.version:
                return
            if known is None and len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            self._known[state.id] = state

    @contextmanager
    def turn(self, moved: UUID | None) -> Generator[None]:
        """Whose decision failed because a register had moved waits for the others it happened to.

        Without turns they would all decide again at once, and all but one of them in vain. Nobody
        waits for long: a turn is a courtesy, the log decides.
        """
        lock = None if moved is None else self._turns[hash(moved) % len(self._turns)]
        taken = lock is not None and lock.acquire(timeout=LONGEST_TURN)
        try:
            yield
        finally:
            if lock is not None and taken:
                lock.release()

    def usual(self, occasion: Hashable) -> tuple[UUID, ...]:
        """What the last decision of this kind looked up here: the next one asks for it at once."""
        return self._usual.get(occasion, ())

    def note(self, occasion: Hashable, looked_up: tuple[UUID, ...]) -> None:
        """Remember what a decision of this kind looked up; the oldest kind makes room."""
        with self._lock:
            if occasion not in self._usual and len(self._usual) >= MOST:
                del self._usual[next(iter(self._usual))]
            self._usual[occasion] = looked_up
