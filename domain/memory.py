"""The memory (工作记忆): newest known states of what decisions read; the log tells what is newer.

Nothing here is ever out of date: whoever takes a state asks the log, in the round trip a decision
makes anyway, for what is newer. How a state may be used its class declares
(``Aggregate.REMEMBERED``); nothing that holds open personal data is remembered, so an erased person
is forgotten as soon as the key is. See ADR 0012.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

from domain.facts import Aggregate

MOST = 40_000
"""Events: a state is as large as what has happened to it. A copied one is small and counts for one:
a register of a year has thousands of numbers and remembers the last."""


class Memory:
    """States by id, those used last; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        """``most`` is how many events the states may come from, all together."""
        self.now = datetime.min.replace(tzinfo=UTC)
        """The log's time when it was asked last: what day a decision will probably have."""
        self._most = most
        self._events = 0
        self._states: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._lock = Lock()

    def take(self, ids: Iterable[UUID]) -> dict[UUID, Aggregate]:
        """The states known of these; what is lent is the taker's alone until it is kept again."""
        with self._lock:
            return {i: state for i in ids if (state := self._take(i)) is not None}

    def keep(self, states: Iterable[Aggregate]) -> None:
        """Remember states as the log has them, unless newer ones are known.

        One with pending facts is let go: it says more than the log.
        """
        with self._lock:
            for state in states:
                stays = state.REMEMBERED != "never" and state.version and not state.pending
                if stays and _weight(state) <= self._most:
                    self._keep(state)
            while self._events > self._most:
                self._forget(next(iter(self._states)))

    def _take(self, aggregate_id: UUID) -> Aggregate | None:
        state = self._states.get(aggregate_id)
        if state is None:
            return None
        if state.REMEMBERED == "lent":
            return self._forget(aggregate_id)
        self._states.move_to_end(aggregate_id)
        return state

    def _keep(self, state: Aggregate) -> None:
        known = self._states.get(state.id)
        if known is not None:
            if type(known) is type(state) and known.version >= state.version:
                return
            self._forget(state.id)
        self._states[state.id] = state
        self._events += _weight(state)

    def _forget(self, aggregate_id: UUID) -> Aggregate:
        state = self._states.pop(aggregate_id)
        self._events -= _weight(state)
        return state


def _weight(state: Aggregate) -> int:
    return 1 if state.REMEMBERED == "copied" else state.version
