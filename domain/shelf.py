"""The shelf (常用档案): what nearly every decision looks up, kept in memory and brought up to date.

The tree of units and the people are read by every command and changed by few. What lies here is
shared between threads and only read; a command on one of them loads its own from the log.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import TypeVar, cast
from uuid import UUID

from domain.facts import Aggregate, Event
from domain.organisation.people import Member
from domain.organisation.unit import Organisation

A = TypeVar("A", bound=Aggregate)
KEPT: tuple[type[Aggregate], ...] = (Organisation, Member)
MOST = 10_000


class Shelf:
    """Newest known states; the log decides what is newer."""

    def __init__(self) -> None:
        self._known: dict[UUID, Aggregate] = {}

    def version(self, aggregate_id: UUID) -> int:
        """Version known here: only later events need to be loaded."""
        known = self._known.get(aggregate_id)
        return known.version if known else 0

    def take(self, kind: type[A], aggregate_id: UUID, newer: Sequence[Event]) -> A:
        """The state with ``newer`` events applied, to read and not to change."""
        known = self._known.get(aggregate_id)
        state = kind(aggregate_id) if known is None else cast("A", known)
        fresh = [e for e in newer if e.originator_version > state.version]
        if fresh:
            state = deepcopy(state)
            for event in fresh:
                state.apply(event)
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[aggregate_id] = state
        return state
