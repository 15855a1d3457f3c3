"""The desk of one decision (办理台): what it loads, what it changes, when and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from domain.calendar import CALENDAR_ID, Calendar, Years
from domain.case import FOLLOWERS
from domain.command import Command
from domain.errors import NO_SUCH, Forbidden, NotFound
from domain.facts import Act, Actor, Aggregate, Event, Role
from domain.law import Law
from domain.memory import Memory
from domain.organisation.unit import ORGANISATION_ID, Organisation
from domain.store import Appended, Blobs, EventStore
from domain.times import day
from domain.unit import Unit

A = TypeVar("A", bound=Aggregate)
EMPTY = Actor(account="", role=Role.SYSTEM, unit=UUID(int=0))


class Sources(Protocol):
    """What a desk draws from: the application."""

    store: EventStore
    blobs: Blobs
    memory: Memory
    years: Years


class LogDesk:
    """One decision's view of the log: what it loads, what it changes, when and by whom.

    Used as a context it gives back to the memory what it took; without, that is forgotten.
    """

    def __init__(
        self, sources: Sources, command_id: UUID, target: UUID, before: LogDesk | None = None
    ) -> None:
        """``before`` is where the same was decided in vain: what it read is not read again."""
        self._store, self._blobs, self._memory = sources.store, sources.blobs, sources.memory
        self._target = target
        self._read = before.read() if before else {}
        self._taken: dict[UUID, Aggregate] = {}
        self._newer: dict[UUID, list[Event]] = {}
        self._kinds: dict[UUID, str] = before.kinds() if before else {}
        self._open: dict[UUID, Aggregate] = {}
        self._followed: dict[UUID, int] = {}
        self._years, self.command_id = sources.years, command_id
        self._law: Law | None = None
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.keep((*self._taken.values(), *self._open.values()))

    def foreseen(self, command: Command) -> Iterable[UUID]:
        """What the command has read in vain, or will read as far as its target is remembered."""
        if self._read:
            return self._read
        self._take([self._target])
        known, target = self._taken.get(self._target), command.target()
        case = known if isinstance(known, target) else target(self._target)
        return command.reads(case, self._years.shipped, day(command.at or self._memory.now))

    def prefetch(self, ids: Iterable[UUID]) -> None:
        """Load many streams in one round trip: what is newer than the states remembered."""
        wanted = [i for i in dict.fromkeys(ids) if i not in self._newer]
        if wanted:
            self._take(wanted)
            known = {i: [] if i in self._taken else self._read.get(i, []) for i in wanted}
            after = [(i, self._remembered(i) + len(events)) for i, events in known.items()]
            loaded = self._store.load(after)
            self.now = self._memory.now = loaded.now
            self._newer |= {i: [*events, *loaded.events[i]] for i, events in known.items()}
            self._kinds |= loaded.kinds

    def get_or_new(self, kind: type[A], aggregate_id: UUID) -> A:
        """The aggregate, new when its stream is empty; a stream is one thing only."""
        found = self._open.get(aggregate_id)
        if found is None:
            self.prefetch([aggregate_id])
            found = self._open[aggregate_id] = self._up_to_date(kind, aggregate_id)
        if not isinstance(found, kind):
            raise NotFound("NOT-FOUND", NO_SUCH)
        return found

    def read(self) -> dict[UUID, list[Event]]:
        """Streams that were read, with their events where those are all there are."""
        return {
            i: events if events and events[0].originator_version == 1 else []
            for i, events in self._newer.items()
        }

    def kinds(self) -> dict[UUID, str]:
        """What the streams are that were read."""
        return self._kinds

    def _take(self, ids: Iterable[UUID]) -> None:
        self._taken |= self._memory.take(i for i in ids if i not in self._taken)

    def _remembered(self, aggregate_id: UUID) -> int:
        taken = self._taken.get(aggregate_id)
        return taken.version if taken else 0

    def _up_to_date(self, kind: type[Aggregate], aggregate_id: UUID) -> Aggregate:
        """What was remembered and what has happened since; a copy where others may hold it."""
        # Out of what is given back: should an event be wrong, nobody gets the state half done.
        state = self._taken.pop(aggregate_id, None)
        newer = self._newer[aggregate_id]
        known = self._kinds.get(aggregate_id, state.KIND if state else kind.KIND)
        if known != kind.KIND:
            raise NotFound("NOT-FOUND", NO_SUCH)  # it is there, under the name of another kind
        if state is None:
            return kind.fold(aggregate_id, newer)
        changes = bool(newer) or kind.REMEMBERED == "copied" or aggregate_id == self._target
        if changes and kind.REMEMBERED != "lent":
            state = deepcopy(state)
        for event in newer:
            state.apply(event)
        return state

    def get(self, kind: type[A], aggregate_id: UUID) -> A:
        """The aggregate; refuses an empty stream."""
        found = self.get_or_new(kind, aggregate_id)
        if not found.version or found.version == len(found.pending):
            raise NotFound("NOT-FOUND", NO_SUCH)
        return found

    def events_after(self, case: Aggregate, version: int) -> list[Event]:
        """What happened to a loaded aggregate after ``version``."""
        if version >= case.version:
            return []
        events = self._newer[case.id]
        if case.version - len(events) > version:  # remembered further than that
            events = self._store.load([(case.id, version)]).events[case.id]
        return [e for e in events if version < e.originator_version <= case.version]

    def has_blob(self, sha256: str) -> bool:
        """Whether the evidence bytes are stored."""
        return self._blobs.has(sha256)

    @property
    def law(self) -> Law:
        """The law, on the calendar with every year that was entered before; one for a decision."""
        if self._law is None:
            self._law = self._years.law_on(self.get_or_new(Calendar, CALENDAR_ID))
        return self._law

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

    def decided(self) -> list[tuple[str, Event]]:
        """Everything decided and not yet stored, with the kind of its stream."""
        return [(a.KIND, e) for a in self._open.values() for e in a.pending]

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

    def append(self, request_hash: bytes, result: dict[str, Any]) -> Appended:
        """Store what was decided; see ``EventStore.append``.

        What the log has taken is pending no more. Of a command that was carried out before it takes
        nothing: what was decided now stays pending, and such a state is not remembered.
        """
        appended = self._store.append(
            command_id=self.command_id,
            request_hash=request_hash,
            events=self.decided(),
            result=result,
        )
        if not appended.repeated:
            for aggregate in self._open.values():
                aggregate.collect_events()
        return appended
