"""The ledger of deadlines (期限台账): set, moved, suspended, met; and what a timer means."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.deadlines import (
    LATE_AFTER,
    LIVE,
    UNSETTLED,
    ClockFired,
    ClockNotNeeded,
    Deadline,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DeadlineSuspended,
    DeadlineVoided,
    FireOutcome,
    Key,
    Ladder,
    LadderKey,
    RungRef,
    Status,
)
from domain.facts import Act, Aggregate, Event, Remembered, takes
from domain.law import Law
from domain.law.model import Due, Rung


class Clocked(Aggregate):
    """An aggregate with deadlines. ``fire`` decides what a timer means when it goes off."""

    REMEMBERED: ClassVar[Remembered] = "lent"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.deadlines: dict[Key, Deadline] = {}
        self._climbed: dict[LadderKey, dict[Key, None]] = {}
        """Deadlines that are or were on each ladder, in order."""
        self._gone: set[tuple[LadderKey | Key, str]] = set()
        """Rungs that have fired or were not needed."""

    @property
    def terminal(self) -> bool:
        """Whether nothing more can happen to the case."""
        raise NotImplementedError(type(self))

    def open_deadlines(self) -> list[Deadline]:
        """Deadlines whose clocks run."""
        if self.terminal:
            return []
        return [d for d in self.deadlines.values() if d.status in LIVE]

    def ladders(self) -> list[Ladder]:
        """Ladders with rungs to come: deadlines of one rule and date share one."""
        together: dict[LadderKey, list[Deadline]] = {}
        for deadline in self.open_deadlines():
            together.setdefault(deadline.ladder, []).append(deadline)
        ladders = [Ladder(key, deadlines) for key, deadlines in together.items()]
        return [ladder for ladder in ladders if ladder.rungs]

    def running(self, key: Key) -> Deadline | None:
        """The deadline of that key while it runs."""
        deadline = self.deadlines.get(key)
        return deadline if deadline and deadline.status in LIVE else None

    @takes(DeadlineSet)
    def _set(self, fact: DeadlineSet, event: Event) -> None:
        for key in fact.deadlines:
            self.deadlines[key] = Deadline(key, fact.due, event.occurred_at)
            self._climb(key)

    @takes(DeadlineMoved)
    def _moved(self, fact: DeadlineMoved, _: Event) -> None:
        for key in fact.deadlines:
            deadline = self.deadlines[key]
            if fact.due.due_at != deadline.due.due_at:
                deadline.fired = set()
            deadline.due, deadline.status = fact.due, Status.OPEN
            deadline.version += 1
            deadline.suspended_at = None
            self._climb(key)

    @takes(DeadlineSuspended)
    def _suspended(self, fact: DeadlineSuspended, event: Event) -> None:
        self._stand(fact.deadlines, Status.SUSPENDED, event.occurred_at)

    @takes(DeadlineMet)
    def _met(self, fact: DeadlineMet, _: Event) -> None:
        self._stand(fact.deadlines, Status.MET)

    @takes(DeadlineVoided)
    def _voided(self, fact: DeadlineVoided, _: Event) -> None:
        self._stand(fact.deadlines, Status.VOID)

    @takes(ClockFired)
    def _fired(self, fact: ClockFired, _: Event) -> None:
        for key in fact.deadlines:
            deadline = self.deadlines[key]
            deadline.fired.add(fact.rung.name)
            if fact.rung.action == "expire":
                deadline.status = Status.EXPIRED
        self._gone.add((LadderKey(fact.deadlines[0].rule, fact.due), fact.rung.name))

    @takes(ClockNotNeeded)
    def _not_needed(self, fact: ClockNotNeeded, _: Event) -> None:
        key = fact.deadlines[0]
        ladder = LadderKey(key.rule, fact.due) if fact.due else key
        self._gone.add((ladder, fact.rung))

    def _climb(self, key: Key) -> None:
        self._climbed.setdefault(self.deadlines[key].ladder, {})[key] = None

    def _stand(
        self, keys: Iterable[Key], status: Status, suspended_at: datetime | None = None
    ) -> None:
        for key in keys:
            self.deadlines[key].status = status
            self.deadlines[key].suspended_at = suspended_at

    def set_deadlines(self, keys: Iterable[Key], due: Due, act: Act) -> None:
        """Start deadlines of one rule and date, each once."""
        if new := tuple(key for key in keys if key not in self.deadlines):
            self.record(DeadlineSet(deadlines=new, due=due), act)

    def meet_deadlines(self, keys: Iterable[Key], act: Act) -> None:
        """Note that what running deadlines waited for has happened, and not before they began."""
        met: dict[tuple[bool, bool], list[Key]] = {}
        for deadline in self._owed(keys):
            if act.at < deadline.begun_at:
                continue
            late, entered = (at >= deadline.due.due_at for at in (act.at, act.now))
            met.setdefault((late, entered and not late), []).append(deadline.key)
        for (late, entered_late), found in sorted(met.items()):
            for one in _by_rule(found):
                fact = DeadlineMet(deadlines=one, late=late, entered_late=entered_late)
                self.record(fact, act)

    def void_deadlines(self, keys: Iterable[Key], reason: str, act: Act) -> None:
        """End deadlines that have lost their purpose, those that run."""
        for void in _by_rule(d.key for d in self._owed(keys)):
            self.record(DeadlineVoided(deadlines=void, reason=reason), act)

    def _owed(self, keys: Iterable[Key]) -> list[Deadline]:
        found = [self.deadlines[key] for key in keys if key in self.deadlines]
        return [deadline for deadline in found if deadline.status in UNSETTLED]

    def outdated(self, law: Law) -> dict[tuple[date, Due], list[Key]]:
        """What has not passed yet and ends elsewhere on the calendar of now: old date, new due.

        Rungs that have fired do not fire again.
        """
        together: dict[tuple[date, Due], list[Key]] = {}
        recomputed: dict[int, Due] = {}  # deadlines that were set together share their due
        for deadline in self.open_deadlines():
            old = deadline.due
            if deadline.status is Status.OPEN and old.calendar_version != law.calendar.version:
                if id(old) not in recomputed:
                    recomputed[id(old)] = law.recompute(old)
                new = _unfired(recomputed[id(old)], deadline)
                if _ends(new) != _ends(_unfired(old, deadline)):
                    together.setdefault((old.due, new), []).append(deadline.key)
        return together

    def recompute(self, law: Law, act: Act) -> None:
        """Move what is outdated; the old date is kept."""
        for (was, due), keys in self.outdated(law).items():
            reason = f"按日历{due.calendar_version}重新计算，原为{was.isoformat()}"
            self.record(DeadlineMoved(deadlines=tuple(keys), due=due, reason=reason), act)

    def fire(self, ref: RungRef, act: Act, law: Law) -> FireOutcome:
        """Decide a timer: once, never early, late when late, not needed after the fact."""
        if self.terminal:
            return "done"
        ladder = LadderKey.read(ref.deadline)
        if ladder is None:
            key = Key.read(ref.deadline)
            if (deadline := self.deadlines.get(key)) is None:
                return "done"
            if deadline.version != ref.due_version:
                return self._need_not((key,), None, ref.rung, act)
            ladder = deadline.ladder
        return self._fire(ladder, ref.rung, act, law)

    def _fire(self, ladder: LadderKey, rung: str, act: Act, law: Law) -> FireOutcome:
        members = [self.deadlines[key] for key in self._climbed.get(ladder, ())]
        waiting = [
            (deadline, step)
            for deadline in members
            if deadline.ladder == ladder and deadline.status in LIVE
            for step in deadline.rungs
            if step.name == rung
        ]
        if not waiting:
            known = any(step.name == rung for d in members for step in d.due.rungs)
            keys = tuple(d.key for d in members)
            return self._need_not(keys, ladder, rung, act) if known else "done"
        reached = [(deadline, step) for deadline, step in waiting if step.at <= act.at]
        if not reached:
            return "early"
        (first, step), *_ = reached
        late = act.at - step.at
        keys = tuple(deadline.key for deadline, _ in reached)
        fact = ClockFired(
            deadlines=keys,
            rung=step,
            title=first.due.title,
            due=first.due.due_at,
            late_seconds=int(late.total_seconds()) if late > LATE_AFTER else 0,
        )
        self.record(fact, act)
        self.after_firing(keys, step, act, law)
        return "fired"

    def _need_not(
        self,
        keys: tuple[Key, ...],
        ladder: LadderKey | None,
        rung: str,
        act: Act,
    ) -> FireOutcome:
        """Note once that a rung need not fire."""
        if (ladder or keys[0], rung) in self._gone:
            return "done"
        due = ladder.due_at if ladder else None
        self.record(ClockNotNeeded(deadlines=keys, rung=rung, due=due), act)
        return "not-needed"

    def after_firing(self, keys: Sequence[Key], rung: Rung, act: Act, law: Law) -> None:
        """What follows in law when a clock fires; nothing unless the case says so."""


def _unfired(due: Due, deadline: Deadline) -> Due:
    """``due`` with the rungs that have not fired."""
    rungs = tuple(rung for rung in due.rungs if rung.name not in deadline.fired)
    return due.model_copy(update={"rungs": rungs})


def _ends(due: Due) -> tuple[datetime, bool, tuple[Rung, ...]]:
    """What of a due date a calendar may change."""
    return due.due_at, due.provisional, due.rungs


def _by_rule(keys: Iterable[Key]) -> list[tuple[Key, ...]]:
    """Keys in groups of one rule: a fact about deadlines is about one rule's."""
    groups: dict[str, list[Key]] = {}
    for key in keys:
        groups.setdefault(key.rule, []).append(key)
    return [tuple(group) for group in groups.values()]
