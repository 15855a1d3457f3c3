"""The one way in: load, decide, append; atomic, idempotent, attributable to a person in a role."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from domain import registry
from domain.calendar import CALENDAR_ID, Years
from domain.case import Case
from domain.command import Command
from domain.deadlines import ClockFired, ClockNotNeeded, FireOutcome, RungRef
from domain.desk import LogDesk
from domain.entering import act_of
from domain.errors import NO_SUCH, Busy, Forbidden, NotFound, Refusal, VersionConflict
from domain.facts import Act, Actor, Aggregate, Event, Frozen, Role
from domain.identity import named
from domain.law import Law
from domain.memory import Memory
from domain.organisation.people import Member, person_id
from domain.organisation.unit import ORGANISATION_ID
from domain.recomputing import by_clock, recompute, recompute_all
from domain.store import Appended, Blobs, EventStore, StreamMoved
from domain.times import SHANGHAI, day
from domain.turns import Turns, patiently

A = TypeVar("A", bound=Aggregate)
_NONE = UUID(int=0)


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


@dataclass(frozen=True, slots=True)
class Strike:
    """Timers of one case that went off together (到点时钟)."""

    kind: str
    case_id: UUID
    rungs: tuple[RungRef, ...]
    at: datetime
    """The timers' business time; it never counts for more than the database's own."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What became of timers that went off together (时钟处理结果)."""

    outcomes: list[FireOutcome]
    """One per rung, in order: ``early`` means come back later."""
    case: Case
    """As the log has it."""
    now: datetime
    """The database's time."""


class Bihuan:
    """The application: commands of people and firings of clocks."""

    def __init__(self, store: EventStore, law: Law, blobs: Blobs) -> None:
        self.store, self.law, self.blobs = store, law, blobs
        self.memory, self.years, self._turns = Memory(), Years(law), Turns()

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
            Busy: others were faster for as long as ``turns.PATIENCE``.
        """
        aggregate_id = target or command.target_id(uuid4())
        moved = desk = None
        for _ in patiently():
            try:
                desk = LogDesk(self, command_id, aggregate_id, before=desk)
                with self._turns.of(moved), desk:
                    told = self._decide(desk, command, person, aggregate_id, expected_version)
                    return _receipt(desk.append(request_hash, told))
            except StreamMoved as elsewhere:
                moved = elsewhere.stream
            except Refusal:
                # A command that was carried out before would be refused now: its answer stands.
                if known := self.store.answer(command_id, request_hash):
                    return _receipt(known)
                raise
        raise Busy("BUSY", "同一单位的操作过于集中，请稍后重试（内容未丢失）。")

    def _decide(
        self,
        desk: LogDesk,
        command: Command,
        person: Person,
        aggregate_id: UUID,
        expected_version: int | None,
    ) -> dict[str, Any]:
        first = (aggregate_id, ORGANISATION_ID, CALENDAR_ID, person_id(person.account))
        desk.prefetch([*first, *desk.foreseen(command)])
        held = _held(command, person, desk)
        case = desk.get_or_new(command.target(), aggregate_id)
        by = _actor(command, person, held, case, desk)
        desk.act = act_of(command, by, desk.now, desk.law)
        if expected_version is not None and not command.MERGES:
            _require_version(case, expected_version, desk)
        desk.prefetch(command.reads(case, desk.law, day(desk.at)))
        result = command.decide(case, desk) or {}
        desk.follow()
        return {"id": str(aggregate_id), "version": case.version} | result

    def fire(self, strikes: Sequence[Strike]) -> list[Struck]:
        """Decide timers that went off, of one case or of many, in one append; answers in order.

        Named by the state they are decided on too: the same rung may come again, e.g. when another
        deadline is moved onto a ladder that has fired. A second run finds what the first has done.
        """
        desk = None
        for _ in patiently():
            # Not given back: the caller gets the cases, whose next clocks are days away.
            desk = LogDesk(self, _NONE, strikes[0].case_id, before=desk)
            desk.prefetch([CALENDAR_ID, *(strike.case_id for strike in strikes)])
            cases = [desk.get(registry.kind_of(s.kind), s.case_id) for s in strikes]
            if outdated := [case for case in cases if case.outdated(desk.law)]:
                for case in outdated:
                    recompute(self, type(case), case.id)
                continue
            desk.command_id = named("fire", *map(_named, strikes, cases))
            outcomes = [_fire(*each, desk) for each in zip(cases, strikes, strict=True)]
            if desk.decided():
                try:
                    appended = desk.append(desk.command_id.bytes, {"cases": len(strikes)})
                except StreamMoved:
                    continue
                if appended.repeated:
                    # Decided before, and its answer lost: what was decided now is not in the log.
                    cases = [self.clocks(s.kind, s.case_id) for s in strikes]
            return [Struck(o, c, desk.now) for o, c in zip(outcomes, cases, strict=True)]
        raise Busy("BUSY", "案件正被频繁修改，稍后自动重试。")

    def recompute(self) -> int:
        """Bring the running deadlines of every case to the years entered; says how many cases."""
        return recompute_all(self)

    def load(self, kind: type[A], aggregate_id: UUID) -> A:
        """State of one aggregate now, the caller's own, for those who may read it."""
        loaded = self.store.load([(aggregate_id, 0)])
        own = loaded.kinds.get(aggregate_id) == kind.KIND
        return kind.fold(aggregate_id, loaded.events[aggregate_id] if own else [])

    def clocks(self, kind: str, case_id: UUID) -> Case:
        """State of a case with its open deadlines, the caller's own."""
        return self.load(registry.kind_of(kind), case_id)

    @contextmanager
    def lent(self, kinds: Mapping[UUID, str]) -> Generator[list[Case]]:
        """Cases as they are now, in order, to look at while the body runs: nobody else has them."""
        with LogDesk(self, _NONE, _NONE) as desk:
            desk.prefetch(kinds)
            yield [desk.get_or_new(registry.kind_of(kind), i) for i, kind in kinds.items()]


def _named(strike: Strike, case: Case) -> str:
    rungs = (f"{r.deadline}@{r.due_version}:{r.rung}" for r in strike.rungs)
    return " ".join((f"{case.id}@{case.version}", *rungs))


def _fire(case: Case, strike: Strike, desk: LogDesk) -> list[FireOutcome]:
    desk.act = Act(min(strike.at, desk.now).astimezone(SHANGHAI), desk.now, by_clock(case))
    outcomes: list[FireOutcome] = [case.fire(ref, desk.act, desk.law) for ref in strike.rungs]
    desk.follow()
    return outcomes


def _held(command: Command, person: Person, desk: LogDesk) -> list[Grant]:
    """Grants of a role that may do this at all."""
    grants = grants_in(desk, person.account) if person.grants is None else person.grants
    if held := [g for g in grants if g.role in command.ROLES]:
        return held
    needed = "、".join(sorted(role.chinese for role in command.ROLES))
    raise Forbidden("ROLE", f"“{command.TITLE}”须由{needed}办理，您没有该角色。")


def _actor(
    command: Command, person: Person, held: list[Grant], case: Aggregate, desk: LogDesk
) -> Actor:
    """The grant under which the person may do this to this case.

    Asked after ``_held``: who lacks the role must not learn whether the case exists.
    """
    if not command.CREATES and not case.version and case.id != ORGANISATION_ID:
        raise NotFound("NOT-FOUND", NO_SUCH)
    if isinstance(case, Case) and person.account in case.hidden:
        raise NotFound("NOT-FOUND", NO_SUCH)
    unit = (case.belongs_to or ORGANISATION_ID) if case.version else command.scope()
    fitting = [g for g in held if unit is None or desk.covers(g.unit, unit)]
    if not fitting and case.version:
        raise NotFound("NOT-FOUND", NO_SUCH)
    if not fitting:
        raise Forbidden("UNIT-SCOPE", "该单位不在您的管辖范围内，请由属地或上级单位办理。")
    as_officer = case.is_handler(person.account)
    best = min(fitting, key=lambda g: (g.role is Role.INSPECTOR) != as_officer)
    return Actor(account=person.account, role=best.role, unit=best.unit)


def grants_in(desk: LogDesk, account: str) -> tuple[Grant, ...]:
    """Grants of an account as the log knows them, in a fixed order."""
    member = desk.get_or_new(Member, person_id(account))
    return tuple(Grant(role=role, unit=unit) for role, unit in sorted(member.grants))


def _require_version(case: Aggregate, expected: int, desk: LogDesk) -> None:
    """Clocks that fired in between change nothing a person decided on; a person's act does."""
    since = desk.events_after(case, expected)
    if expected > case.version or any(not _by_clock(e) for e in since):
        raise VersionConflict(
            "VERSION",
            "案件已被他人更新，请查看变化后重试。",
            current=case.version,
            since=[
                {
                    "version": e.originator_version,
                    "what": e.fact.words_with(case.names(e.fact) if isinstance(case, Case) else {}),
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
