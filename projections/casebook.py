"""Cases as they stand at each event: kept in memory, folded again from the log when not."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

from eventsourcing.utils import TopicError

from domain.case import Case
from domain.facts import Event
from domain.registry import KINDS
from domain.store import Stored
from domain.store.mapper import FactMapper
from domain.store.pool import Connection
from domain.store.rows import fetch

MOST = 10_000
"""Cases in memory; an open case is touched again soon, a closed one seldom."""

# Never past the page: a case is folded as it stood before the page's first event of it.
_BEFORE = (
    "SELECT w.stream, e.version, e.topic, e.state FROM unnest(%b::uuid[], %b::int[])"
    " AS w(stream, until) JOIN log.events e ON e.stream = w.stream AND e.version < w.until"
    " ORDER BY w.stream, e.version"
)


class CaseBook:
    """The newest cases by use, without personal data: the mapper has no vault."""

    def __init__(self, most: int = MOST) -> None:
        self._mapper = FactMapper(None)
        self._most = most
        self._cases: OrderedDict[UUID, Case] = OrderedDict()

    def decode(self, stored: Stored) -> Event | None:
        """The event, or None where this program does not know its kind."""
        return self._decode(stored.stream, stored.version, stored.topic, stored.state)

    def _decode(self, stream: UUID, version: int, topic: str, state: bytes) -> Event | None:
        try:
            return self._mapper.decode(stream, version, topic, state)
        except TopicError:
            return None

    def open(self, connection: Connection, page: Iterable[Stored]) -> None:
        """Have every case of ``page`` as it stood before it."""
        first: dict[UUID, Stored] = {}
        for stored in page:
            if stored.kind in KINDS:
                first.setdefault(stored.stream, stored)
        missing = [s for s in first.values() if not self._stands_before(s)]
        for stored in missing:
            self._cases[stored.stream] = KINDS[stored.kind](stored.stream)
        self._read(connection, [s for s in missing if s.version > 1])

    def take(self, stored: Stored, event: Event | None) -> tuple[Case | None, bool]:
        """The case after ``event``, None where the stream is no case; and whether it turned."""
        case = self._cases.get(stored.stream)
        if case is None:
            return None, False
        self._cases.move_to_end(stored.stream)
        before = case.handlers, case.terminal
        _step(case, stored.version, event)
        return case, (case.handlers, case.terminal) != before

    def forget(self) -> None:
        """Drop everything: what was folded has not been stored."""
        self._cases.clear()

    def trim(self) -> None:
        """Let go of the cases not used for longest."""
        while len(self._cases) > self._most:
            self._cases.popitem(last=False)

    def _stands_before(self, stored: Stored) -> bool:
        case = self._cases.get(stored.stream)
        return case is not None and case.version == stored.version - 1

    def _read(self, connection: Connection, wanted: Sequence[Stored]) -> None:
        if not wanted:
            return
        params = ([s.stream for s in wanted], [s.version for s in wanted])
        for stream, version, topic, state in fetch(connection, _BEFORE, params):
            event = self._decode(stream, version, topic, state)
            _step(self._cases[stream], version, event)


def _step(case: Case, version: int, event: Event | None) -> None:
    if event is not None:
        case.apply(event)
    case.version = version
