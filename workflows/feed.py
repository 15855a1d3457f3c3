"""The workflow feed (时钟投递): follows the log and tells the workflows what they wait for.

Nothing is lost and nothing counts twice: the position moves up to the first fact not yet told, a
workflow drops what it has seen, and a lost Temporal database is made anew by feeding from zero
(``refeed``).
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from threading import Event as Stop
from time import monotonic
from uuid import UUID

from domain.application import Bihuan
from domain.facts import AGGREGATES
from domain.store import Stored, StoreUnavailable, follow
from domain.store.follow import POLL
from domain.store.position import Position
from workflows.state import FIRING, ends, state_of, tells
from workflows.tell import StoppedError, Teller, Told

NAME = "workflows"
REST = 0.2
"""Seconds at least, else as long as a page took: a flood of changes is told together. Most appends
change nothing that a workflow waits for, but each would wake the feed."""
CALM = 5.0
"""Seconds until the same case is told of again: a new case, one at rest and an end are told of at
once; of one that moves fast only where it stands."""
SOONEST = 0.02
REMEMBERED = 50_000
_LOG = logging.getLogger(__name__)


class Feed:
    """One follower of the log. Two of them disturb nothing: every signal may be sent twice."""

    def __init__(self, bihuan: Bihuan, dsn: str, teller: Teller, *, hasty: bool = False) -> None:
        self._bihuan, self._dsn, self._teller = bihuan, dsn, teller
        self._rest, self._calm = (_no_rest, 0.0) if hasty else (_rest, CALM)
        self._told: dict[UUID, tuple[int, float]] = {}
        self._untold: dict[UUID, tuple[str, int]] = {}
        self._at = self._seen = 0

    def run(self, stop: Stop) -> None:
        """Follow until ``stop``, in this thread."""
        with Position(self._dsn, NAME) as position, asyncio.Runner() as runner:

            def tell() -> None:
                if due := self._due():
                    told = self._load(due)
                    runner.run(self._teller.tell(told, self._offset(), stop))
                    self._remember(told, due)
                # No further than what was put off: whoever goes on after a crash tells it again.
                upto = min((seq - 1 for _, seq in self._untold.values()), default=self._seen)
                if upto > self._at:
                    position.move(self._at, upto)
                    self._at = upto

            def handle(page: list[Stored]) -> None:
                self._note(page)
                tell()

            def idle() -> float:
                tell()
                return self._patience()

            def begin() -> int:
                return self._begin(position.read())

            try:
                follow(self._dsn, begin, handle, stop, rest=self._rest, idle=idle)
            except StoppedError:
                return

    def _begin(self, at: int) -> int:
        if at == self._at:
            return self._seen
        if at < self._at:  # somebody asks for everything again
            self._told.clear()
        self._untold.clear()
        self._at = self._seen = at
        return at

    def _note(self, page: Sequence[Stored]) -> None:
        """Cases whose workflows must hear of what happened, each since its first such event.

        What a newer program's kind of case waits for only that program knows: it is left to it.
        """
        fired = {(s.command_id, s.stream) for s in page if s.topic == FIRING}
        for s in page:
            told = tells(s.topic) or s.kind not in AGGREGATES
            news = told and (s.command_id, s.stream) not in fired
            known = self._told.get(s.stream, (0, 0.0))[0]
            if news and s.version > known:
                self._untold.setdefault(s.stream, (s.kind, s.seq))
                if known and ends(s.topic):
                    self._told[s.stream] = known, 0.0
        self._seen = page[-1].seq

    def _due(self) -> dict[UUID, str]:
        """Kinds of the cases that may be told of now."""
        return {case: self._untold[case][0] for case in self._known() if self._waits(case) <= 0}

    def _known(self) -> list[UUID]:
        return [case for case, (kind, _) in self._untold.items() if kind in AGGREGATES]

    def _waits(self, case_id: UUID) -> float:
        """Seconds until the case may be told of again."""
        return self._told.get(case_id, (0, 0.0))[1] - monotonic()

    def _patience(self) -> float:
        return max(min(map(self._waits, self._known()), default=POLL), SOONEST)

    def _load(self, due: Mapping[UUID, str]) -> list[Told]:
        """States as they are now, in one round trip: often newer than the page, and told once."""
        try:
            with self._bihuan.lent(due) as cases:
                return [
                    Told(kind, case_id, state_of(case), before=case_id in self._told)
                    for (case_id, kind), case in zip(due.items(), cases, strict=True)
                ]
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one case is not wrong with the others
            if len(due) > 1:
                return [told for key in due for told in self._load({key: due[key]})]
            # The clocks of the other cases must run; this one is told when it can be read again.
            _LOG.exception("case %s cannot be read, its workflow is not told", *due)
            return []

    def _remember(self, told: Iterable[Told], due: Iterable[UUID]) -> None:
        """Later pages hold facts that the states told already contain."""
        if len(self._told) > REMEMBERED:
            self._told.clear()
        again = monotonic() + self._calm
        self._told |= {t.case_id: (t.state.version, again) for t in told}
        for case_id in due:
            del self._untold[case_id]

    def _offset(self) -> timedelta:
        return self._bihuan.store.offset()


def _rest(took: float) -> float:
    return max(took, REST)


def _no_rest(_: float) -> float:
    return 0


def refeed(dsn: str) -> None:
    """Tell everything again: after the loss of Temporal's database, or as an audit.

    Running workflows drop what they have seen; missing ones are started and fire what is overdue at
    once, late and exactly once. A feed that runs notices by itself.
    """
    with Position(dsn, NAME) as position:
        position.reset()


def lag(bihuan: Bihuan, dsn: str) -> int:
    """How many events of the log the workflows have not been told yet."""
    with Position(dsn, NAME) as position:
        return bihuan.store.head()[0] - position.read()
