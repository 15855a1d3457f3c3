"""The one way in: load, decide, append; atomic, idempotent, attributable to a person in a role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID, uuid4

from domain import registry
from domain.calendar import CALENDAR_ID, Calendar
from domain.case import Case
from domain.command import Command
from domain.deadlines import ClockFired, ClockNotNeeded, DeadlineSet, FireOutcome, RungRef
from domain.desk import LogDesk
from domain.errors import NO_SUCH, Busy, Forbidden, NotFound, Refusal, VersionConflict
from domain.facts import Act, Actor, Aggregate, Event, Frozen, Role
from domain.identity import named
from domain.law import Law
from domain.organisation.people import Member, person_id
from domain.organisation.unit import ORGANISATION_ID
from domain.shelf import Shelf
from domain.store import Appended, Blobs, EventStore, StreamMoved

A = TypeVar("A", bound=Aggregate)
PATIENCE = 10.0
"""Seconds in which a decision is made again when others were faster. A unit shares its registers of
numbers: with forty officers at once every third who took a number had to decide again, some twelve
times. Each time somebody else got on, so a count of tries would only punish bad luck."""
PAGE = 1_000
SKEW = timedelta(seconds=5)


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
        self.shelf = Shelf()
        self._newest_law = law

    def law_on(self, calendar: Calendar) -> Law:
        """The law with the years that were entered; made anew only when there is another one."""
        if not calendar.edition:
            return self.law
        version = f"{self.law.calendar.version}+{calendar.edition}"
        known = self._newest_law
        if known.calendar.version != version:
            years = calendar.years.values()
            known = self.law.with_calendar(self.law.calendar.with_years(years, version))
            self._newest_law = known
        return known

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
            Busy: others were faster for as long as ``PATIENCE``.
        """
        aggregate_id = target or command.target_id(uuid4())
        occasion = type(command), person.account
        moved = None
        for _ in _patiently():
            desk = LogDesk(self, command_id, aggregate_id, occasion)
            try:
                with self.shelf.turn(moved):
                    told = self._decide(desk, command, person, aggregate_id, expected_version)
                    appended = self.store.append(
                        command_id=command_id,
                        request_hash=request_hash,
                        events=desk.pending(),
                        result=told,
                    )
            except StreamMoved as elsewhere:
                moved = elsewhere.stream
            except Refusal:
                # A command that was carried out before would be refused now: its answer stands.
                if known := self.store.answer(command_id, request_hash):
                    return _receipt(known)
                raise
            else:
                desk.close()
                return _receipt(appended)
        raise Busy("BUSY", "同一单位的操作过于集中，请稍后重试（内容未丢失）。")

    def _decide(
        self,
        desk: LogDesk,
        command: Command,
        person: Person,
        aggregate_id: UUID,
        expected_version: int | None,
    ) -> dict[str, Any]:
        desk.prefetch([aggregate_id, ORGANISATION_ID, CALENDAR_ID, person_id(person.account)])
        case = desk.get_or_new(command.target(), aggregate_id)
        desk.act = Act(_business_time(command, desk), desk.now, _actor(command, person, case, desk))
        if expected_version is not None and not command.MERGES:
            _require_version(case, expected_version, desk, aggregate_id)
        result = command.decide(case, desk) or {}
        desk.follow()
        return {"id": str(aggregate_id), "version": case.version} | result

    def fire(self, strikes: Sequence[Strike]) -> list[Struck]:
        """Decide timers that went off, of one case or of many, in one append; answers in order.

        A second run in the same company decides nothing new: what became due in between is left to
        the next timer. In another company it finds what has fired and decides the rest.
        """
        parts = [part for strike in strikes for part in _named(strike)]
        for _ in _patiently():
            desk = LogDesk(self, named("fire", *parts), strikes[0].case_id)
            desk.prefetch([CALENDAR_ID, *(strike.case_id for strike in strikes)])
            if desk.law is not self.law:
                # A notice revised may lead back to a ladder whose timers went off for nothing.
                desk.command_id = named("fire", *parts, desk.law.calendar.version)
            cases = [desk.get(registry.kind_of(s.kind), s.case_id) for s in strikes]
            if outdated := [case for case in cases if case.outdated(desk.law)]:
                for case in outdated:
                    self._recompute(type(case), case.id)
                continue
            outcomes = [_fire(*each, desk) for each in zip(cases, strikes, strict=True)]
            if events := desk.pending():
                try:
                    appended = self.store.append(
                        command_id=desk.command_id,
                        request_hash=desk.command_id.bytes,
                        events=events,
                        result={"cases": len(strikes)},
                    )
                except StreamMoved:
                    continue
                if appended.repeated:
                    # Decided before, and its answer lost: what was decided now is not in the log.
                    cases = [self.clocks(s.kind, s.case_id) for s in strikes]
            return [Struck(o, c, desk.now) for o, c in zip(outcomes, cases, strict=True)]
        raise Busy("BUSY", "案件正被频繁修改，稍后自动重试。")

    def recompute(self) -> int:
        """Bring the running deadlines of every case to the years entered; says how many cases."""
        cases: dict[UUID, str] = {}
        at = 0
        while page := self.store.page(at, PAGE):
            cases |= {s.stream: s.kind for s in page if s.topic == DeadlineSet.TOPIC}
            at = page[-1].seq
        return sum(self._recompute(registry.kind_of(kind), case) for case, kind in cases.items())

    def _recompute(self, kind: type[Case], case_id: UUID) -> bool:
        for _ in _patiently():
            desk = LogDesk(self, uuid4(), case_id)
            desk.prefetch([CALENDAR_ID, case_id])
            case = desk.get(kind, case_id)
            desk.act = Act(desk.now, desk.now, _system(case))
            case.recompute(desk.law, desk.act)
            desk.follow()
            events = desk.pending()
            try:
                if events:
                    self.store.append(
                        command_id=desk.command_id,
                        request_hash=desk.command_id.bytes,
                        events=events,
                        result={"cases": 1},
                    )
            except StreamMoved:
                continue
            return bool(events)
        raise Busy("BUSY", "案件正被频繁修改，请重新执行。")

    def load(self, kind: type[A], aggregate_id: UUID) -> A:
        """State of one aggregate now, for those who may read it."""
        events = self.store.load([(aggregate_id, 0)]).events[aggregate_id]
        return kind.fold(aggregate_id, events)

    def clocks(self, kind: str, case_id: UUID) -> Case:
        """State of a case with its open deadlines, for the workflow feed."""
        return self.load(registry.kind_of(kind), case_id)


def _patiently() -> Iterator[None]:
    until = monotonic() + PATIENCE
    yield
    while monotonic() < until:
        yield


def _named(strike: Strike) -> list[object]:
    rungs = (f"{r.deadline}@{r.due_version}:{r.rung}" for r in strike.rungs)
    return [strike.case_id, *rungs]


def _system(case: Case) -> Actor:
    return Actor(account="clock", role=Role.SYSTEM, unit=case.belongs_to or ORGANISATION_ID)


def _fire(case: Case, strike: Strike, desk: LogDesk) -> list[FireOutcome]:
    desk.act = Act(min(strike.at, desk.now), desk.now, _system(case))
    outcomes: list[FireOutcome] = [case.fire(ref, desk.act, desk.law) for ref in strike.rungs]
    desk.follow()
    return outcomes


def _actor(command: Command, person: Person, case: Aggregate, desk: LogDesk) -> Actor:
    """The grant under which the person may do this to this case."""
    grants = grants_in(desk, person.account) if person.grants is None else person.grants
    held = [g for g in grants if g.role in command.ROLES]
    if not held:
        needed = "、".join(sorted(role.chinese for role in command.ROLES))
        raise Forbidden("ROLE", f"“{command.TITLE}”须由{needed}办理，您没有该角色。")
    # Only now: who lacks the role must not learn whether the case exists.
    if not command.CREATES and not case.version and case.id != ORGANISATION_ID:
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


def _business_time(command: Command, desk: LogDesk) -> datetime:
    at = command.at or desk.now
    if at > desk.now + SKEW:
        raise Refusal("TIME-FUTURE", "业务发生时间晚于当前时间，请核对日期时间。")
    return min(at, desk.now)


def _require_version(case: Aggregate, expected: int, desk: LogDesk, aggregate_id: UUID) -> None:
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
