"""The one way in: load, decide, append; atomic, idempotent, attributable to a person in a role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from domain import registry
from domain.clocked import Clocked, ClockFired, ClockNotNeeded, FireOutcome, RungRef
from domain.command import Command
from domain.errors import Forbidden, NotFound, Refusal, VersionConflict
from domain.facts import Actor, Aggregate, Event, Frozen, Role
from domain.identity import named
from domain.law import Law
from domain.organisation.people import Member, person_id
from domain.organisation.unit import ORGANISATION_ID, Organisation, Unit
from domain.shelf import COPIED, KEPT, Shelf
from domain.store import Appended, Blobs, EventStore, StreamMoved

A = TypeVar("A", bound=Aggregate)
ATTEMPTS = 20
"""A register of numbers is shared by a unit; its writers decide again until one order stands."""
SKEW = timedelta(seconds=5)
EMPTY = Actor(account="", role=Role.SYSTEM, unit=UUID(int=0))


class Grant(Frozen):
    """A role for a unit (角色授权)."""

    role: Role
    unit: UUID


class Person(Frozen):
    """Who is signed in (登录人). Without ``grants`` those that the log knows now count."""

    account: str
    grants: tuple[Grant, ...] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answer to a command (受理回执)."""

    id: UUID
    version: int
    seq: int
    hash: str
    result: dict[str, Any]
    repeated: bool


class Desk:
    """One decision's view of the log: what it loads, what it changes, when and by whom."""

    def __init__(self, bihuan: Bihuan, command_id: UUID, target: UUID) -> None:
        self._store, self._blobs, self._shelf = bihuan.store, bihuan.blobs, bihuan.shelf
        self._target = target
        self._events: dict[UUID, list[Event]] = {}
        self._open: dict[UUID, Aggregate] = {}
        self._shelved: dict[UUID, Aggregate] = {}
        self.law, self.command_id = bihuan.law, command_id
        self.now = self.at = datetime.min.replace(tzinfo=UTC)
        self.by = EMPTY

    def prefetch(self, ids: Iterable[UUID]) -> None:
        """Load many streams in one round trip."""
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
            newer = self._events[aggregate_id]
            if kind in KEPT and aggregate_id != self._target:
                return self._looked_up(kind, aggregate_id)
            if kind in COPIED:
                known = deepcopy(self._looked_up(kind, aggregate_id))
                self._open[aggregate_id] = known
                return known
            known = kind.fold(aggregate_id, newer)
            self._open[aggregate_id] = known
        return cast("A", known)

    def _found(self, aggregate_id: UUID) -> int:
        """Version up to which the shelf knows the stream; what it gave is held for the decision."""
        known = None if aggregate_id == self._target else self._shelf.find(aggregate_id)
        if known is None:
            return 0
        self._shelved[aggregate_id] = known
        return known.version

    def _looked_up(self, kind: type[A], aggregate_id: UUID) -> A:
        """A state to read: what the shelf had, and what has happened since."""
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
            raise NotFound("NOT-FOUND", "没有找到您要办理的事项，请核对编号或刷新列表。")
        return found

    def events_after(self, aggregate_id: UUID, version: int) -> list[Event]:
        """What happened to a loaded stream after ``version``."""
        return [e for e in self._events[aggregate_id] if e.originator_version > version]

    def has_blob(self, sha256: str) -> bool:
        """Whether the evidence bytes are stored."""
        return self._blobs.has(sha256)

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

    def unit(self, unit: UUID) -> Unit:
        """Particulars of a unit."""
        return self.organisation().unit(unit)

    def pending(self) -> list[tuple[str, Event]]:
        """Everything decided, with the kind of its stream."""
        return [(a.KIND, e) for a in self._open.values() for e in a.collect_events()]


class Bihuan:
    """The application: commands of people and firings of clocks."""

    def __init__(self, store: EventStore, law: Law, blobs: Blobs) -> None:
        self.store, self.law, self.blobs = store, law, blobs
        self.shelf = Shelf()

    def execute(
        self,
        command: Command,
        *,
        person: Person,
        target: UUID | None,
        command_id: UUID,
        request_hash: bytes,
        expected_version: int | None = None,
    ) -> Receipt:
        """Carry out a command once; the same command id gets the first answer again.

        Raises:
            Refusal: a rule forbids it; nothing is stored.
            VersionConflict: somebody changed the case since ``expected_version``.
        """
        aggregate_id = target or command.target_id(uuid4())
        for _ in range(ATTEMPTS):
            try:
                desk = Desk(self, command_id, aggregate_id)
                told = self._decide(desk, command, person, aggregate_id, expected_version)
                appended = self.store.append(
                    command_id=command_id,
                    request_hash=request_hash,
                    events=desk.pending(),
                    result=told,
                )
                return _receipt(appended)
            except StreamMoved:
                continue
            except Refusal:
                # A command that was carried out before would be refused now: its answer stands.
                if known := self.store.answer(command_id, request_hash):
                    return _receipt(known)
                raise
        raise VersionConflict("BUSY", "同一单位的操作过于集中，请稍后重试（内容未丢失）。")

    def _decide(
        self,
        desk: Desk,
        command: Command,
        person: Person,
        aggregate_id: UUID,
        expected_version: int | None,
    ) -> dict[str, Any]:
        desk.prefetch([aggregate_id, ORGANISATION_ID, person_id(person.account)])
        case = desk.get_or_new(command.TARGET, aggregate_id)
        desk.by = _actor(command, person, case, desk)
        desk.at = _business_time(command, desk)
        if expected_version is not None and not command.MERGES:
            _require_version(case, expected_version, desk, aggregate_id)
        result = command.decide(case, desk) or {}
        return {"id": str(aggregate_id), "version": case.version} | result

    def fire(
        self, kind: str, case_id: UUID, rungs: Sequence[RungRef], at: datetime
    ) -> list[FireOutcome]:
        """Decide timers of one case that went off together; a second run finds nothing to do.

        ``at`` is the timer's business time; it never counts for more than the database's own.
        Returns one outcome per rung, in order: ``early`` means come back later.
        """
        command_id = named(
            "fire", case_id, *(f"{r.deadline}@{r.due_version}:{r.rung}" for r in rungs)
        )
        for _ in range(ATTEMPTS):
            desk = Desk(self, command_id, case_id)
            case = desk.get(registry.clocked(kind), case_id)
            by = Actor(account="clock", role=Role.SYSTEM, unit=registry.unit_of(case))
            now = min(at, desk.now)
            outcomes: list[FireOutcome] = [
                case.fire(r.deadline, r.due_version, r.rung, at=now, by=by) for r in rungs
            ]
            if not (events := desk.pending()):
                return outcomes
            try:
                self.store.append(
                    command_id=command_id,
                    request_hash=command_id.bytes,
                    events=events,
                    result={"id": str(case_id), "version": case.version},
                )
            except StreamMoved:
                continue
            return outcomes
        raise VersionConflict("BUSY", "案件正被频繁修改，稍后自动重试。")

    def load(self, kind: type[A], aggregate_id: UUID) -> A:
        """State of one aggregate now, for those who may read it."""
        events = self.store.load([(aggregate_id, 0)]).events[aggregate_id]
        return kind.fold(aggregate_id, events)

    def clocks(self, kind: str, case_id: UUID) -> Clocked:
        """State of a case with its open deadlines, for the workflow feed."""
        return self.load(registry.clocked(kind), case_id)


def _actor(command: Command, person: Person, case: Aggregate, desk: Desk) -> Actor:
    """The grant under which the person may do this to this case."""
    grants = grants_in(desk, person.account) if person.grants is None else person.grants
    held = [g for g in grants if g.role in command.ROLES]
    if not held:
        needed = "、".join(sorted(role.chinese for role in command.ROLES))
        raise Forbidden("ROLE", f"“{command.TITLE}”须由{needed}办理，您没有该角色。")
    # Only now: who lacks the role must not learn whether the case exists.
    if not command.CREATES and not case.version and case.id != ORGANISATION_ID:
        raise NotFound("NOT-FOUND", "没有找到您要办理的事项，请核对编号或刷新列表。")
    unit = registry.unit_of(case) if case.version else command.scope()
    fitting = [g for g in held if unit is None or desk.covers(g.unit, unit)]
    if not fitting and case.version:
        raise NotFound("NOT-FOUND", "没有找到您要办理的事项，请核对编号或刷新列表。")
    if not fitting:
        raise Forbidden("UNIT-SCOPE", "该单位不在您的管辖范围内，请由属地或上级单位办理。")
    as_officer = registry.is_officer(case, person.account)
    best = min(fitting, key=lambda g: (g.role is Role.INSPECTOR) != as_officer)
    return Actor(account=person.account, role=best.role, unit=best.unit)


def grants_in(desk: Desk, account: str) -> tuple[Grant, ...]:
    """Grants of an account as the log knows them, in a fixed order."""
    member = desk.get_or_new(Member, person_id(account))
    return tuple(Grant(role=role, unit=unit) for role, unit in sorted(member.grants))


def _business_time(command: Command, desk: Desk) -> datetime:
    at = command.at or desk.now
    if at > desk.now + SKEW:
        raise Refusal("TIME-FUTURE", "业务发生时间晚于当前时间，请核对日期时间。")
    return min(at, desk.now)


def _require_version(case: Aggregate, expected: int, desk: Desk, aggregate_id: UUID) -> None:
    """Clocks that fired in between change nothing a person decided on; a person's act does."""
    since = desk.events_after(aggregate_id, expected)
    if expected > case.version or any(not _by_clock(e) for e in since):
        raise VersionConflict(
            "VERSION",
            "案件已被他人更新，请查看变化后重试。",
            current=case.version,
            since=[
                {
                    "version": e.originator_version,
                    "what": e.fact.words(),
                    "by": e.by.account,
                    "at": e.occurred_at.isoformat(),
                }
                for e in since
            ],
        )


def _by_clock(event: Event) -> bool:
    return isinstance(event.fact, ClockFired | ClockNotNeeded) or event.by.role is Role.SYSTEM


def _receipt(appended: Appended) -> Receipt:
    result = dict(appended.result)
    return Receipt(
        id=UUID(result.pop("id")),
        version=result.pop("version"),
        seq=appended.last_seq,
        hash=appended.hash.hex(),
        result=result,
        repeated=appended.repeated,
    )
