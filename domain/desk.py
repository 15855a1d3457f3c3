"""The desk of one decision (办理台): what it loads, what it changes, when and by whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Protocol, TypeVar, cast
from uuid import UUID

from domain.calendar import CALENDAR_ID, Calendar
from domain.case import FOLLOWERS
from domain.errors import NO_SUCH, Forbidden, NotFound
from domain.facts import Act, Actor, Aggregate, Event, Role
from domain.law import Law
from domain.organisation.unit import ORGANISATION_ID, Organisation
from domain.shelf import COPIED, KEPT, Shelf
from domain.store import Blobs, EventStore
from domain.unit import Unit

A = TypeVar("A", bound=Aggregate)
EMPTY = Actor(account="", role=Role.SYSTEM, unit=UUID(int=0))


class Sources(Protocol):
    """What a desk draws from: the application."""

    store: EventStore
    blobs: Blobs
    shelf: Shelf

    def law_on(self, calendar: Calendar) -> Law:
        """The law on the calendar with the years that were entered."""
        ...


class LogDesk:
    """One decision's view of the log: what it loads, what it changes, when and by whom."""

    def __init__(
        self, sources: Sources, command_id: UUID, target: UUID, occasion: Hashable = None
    ) -> None:
        self._store, self._blobs, self._shelf = sources.store, sources.blobs, sources.shelf
        self._target, self._occasion = target, occasion
        self._events: dict[UUID, list[Event]] = {}
        self._open: dict[UUID, Aggregate] = {}
        self._shelved: dict[UUID, Aggregate] = {}
        self._looked_up: list[UUID] = []
        self._followed: dict[UUID, int] = {}
        self._law_on, self.command_id = sources.law_on, command_id
        self.now = datetime.min.replace(tzinfo=UTC)
        self.act = Act(self.now, self.now, EMPTY)

    @property
    def at(self) -> datetime:
        """Business time of the act."""
        return self.act.at

    @property
    def by(self) -> Actor:
        """Who acts."""
        return self.act.by

    def prefetch(self, ids: Iterable[UUID]) -> None:
        """Load many streams in one round trip."""
        if not self._events:
            ids = (*ids, *self._shelf.usual(self._occasion))
        wanted = [(i, self._found(i)) for i in dict.fromkeys(ids) if i not in self._events]
        if wanted:
            loaded = self._store.load(wanted)
            self.now = loaded.now
            self._events |= loaded.events

    def get_or_new(self, kind: type[A], aggregate_id: UUID) -> A:
        """The aggregate, new when its stream is empty."""
        known = self._open.get(aggregate_id)
        if known is None:
            self.prefetch([aggregate_id])
            if kind in KEPT and aggregate_id != self._target:
                return self._look_up(kind, aggregate_id)
            if kind in COPIED:
                known = deepcopy(self._look_up(kind, aggregate_id))
            else:
                known = kind.fold(aggregate_id, self._events[aggregate_id])
            self._open[aggregate_id] = known
        return cast("A", known)

    def _found(self, aggregate_id: UUID) -> int:
        """Version up to which the shelf knows the stream; what it gave is held for the decision."""
        known = None if aggregate_id == self._target else self._shelf.find(aggregate_id)
        if known is None:
            return 0
        self._shelved[aggregate_id] = known
        return known.version

    def _look_up(self, kind: type[A], aggregate_id: UUID) -> A:
        """A state to read: what the shelf had, and what has happened since."""
        self._looked_up.append(aggregate_id)
        state = cast("A | None", self._shelved.get(aggregate_id))
        newer = self._events[aggregate_id]
        if state is None or newer:
            state = kind(aggregate_id) if state is None else deepcopy(state)
            for event in newer:
                state.apply(event)
            self._shelved[aggregate_id], self._events[aggregate_id] = state, []
            if state.version:
                self._shelf.keep(state)
        return state

    def get(self, kind: type[A], aggregate_id: UUID) -> A:
        """The aggregate; refuses an empty stream."""
        found = self.get_or_new(kind, aggregate_id)
        if not found.version or found.version == len(found.pending):
            raise NotFound("NOT-FOUND", NO_SUCH)
        return found

    def events_after(self, aggregate_id: UUID, version: int) -> list[Event]:
        """What happened to a loaded stream after ``version``."""
        return [e for e in self._events[aggregate_id] if e.originator_version > version]

    def has_blob(self, sha256: str) -> bool:
        """Whether the evidence bytes are stored."""
        return self._blobs.has(sha256)

    @property
    def law(self) -> Law:
        """The law, on the calendar with every year that was entered."""
        return self._law_on(self.get_or_new(Calendar, CALENDAR_ID))

    def organisation(self) -> Organisation:
        """The tree of units."""
        return self.get_or_new(Organisation, ORGANISATION_ID)

    def covers(self, unit: UUID, other: UUID) -> bool:
        """Whether ``unit`` is ``other`` or above it."""
        return self.organisation().covers(unit, other)

    def require_cover(self, unit: UUID) -> None:
        """Refuse what lies outside the actor's unit."""
        if not self.covers(self.by.unit, unit):
            raise Forbidden("UNIT-SCOPE", "该单位不在您的管辖范围内，请由属地或上级单位办理。")

    def punishing(self, unit: UUID) -> UUID | None:
        """The unit or the nearest one above it that may punish."""
        return self.organisation().punishing(unit)

    def unit(self, unit: UUID) -> Unit:
        """Particulars of a unit."""
        return self.organisation().unit(unit)

    def close(self) -> None:
        """Tell the shelf what was looked up, so that the next such decision asks for it at once."""
        looked_up = tuple(dict.fromkeys(self._looked_up))
        if looked_up != self._shelf.usual(self._occasion):
            self._shelf.note(self._occasion, looked_up)

    def follow(self) -> None:
        """Carry out what other kinds declare to follow from what was decided, in the same append.

        What follows may have followers of its own.
        """
        while new := [
            event
            for aggregate in list(self._open.values())
            for event in aggregate.pending[self._followed.get(aggregate.id, 0) :]
        ]:
            for event in new:
                case = event.originator_id
                self._followed[case] = self._followed.get(case, 0) + 1
                for follower in FOLLOWERS.get(type(event.fact), ()):
                    follower(event.fact, event, self)

    def pending(self) -> list[tuple[str, Event]]:
        """Everything decided, with the kind of its stream."""
        return [(a.KIND, e) for a in self._open.values() for e in a.collect_events()]
