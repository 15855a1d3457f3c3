"""The workflow feed (时钟投递): follows the log and tells the workflows what they wait for.

Nothing is lost and nothing counts twice: the position moves after a page was told, a workflow drops
what it has seen, and a lost Temporal database is made anew by feeding from zero (``refeed``).
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from threading import Event as Stop
from uuid import UUID

from domain import registry
from domain.application import Bihuan
from domain.store import Stored, StoreUnavailable, follow
from domain.store.follow import PAGE
from domain.store.position import Position
from workflows.state import FIRING, TELLING, state_of
from workflows.tell import StoppedError, Teller, Told

NAME = "workflows"
LINGER = 0.2
"""Seconds between pages: what follows soon is told together, the first of a burst at once."""
REMEMBERED = 50_000
_LOG = logging.getLogger(__name__)


class Feed:
    """One follower of the log. Two of them disturb nothing: every signal may be sent twice."""

    def __init__(self, bihuan: Bihuan, dsn: str, teller: Teller, linger: float = LINGER) -> None:
        self._bihuan, self._dsn, self._teller, self._linger = bihuan, dsn, teller, linger
        self._versions: dict[UUID, int] = {}
        self._at = 0

    def run(self, stop: Stop) -> None:
        """Follow until ``stop``, in this thread."""
        with Position(self._dsn, NAME) as position, asyncio.Runner() as runner:

            def handle(page: list[Stored]) -> None:
                if touched := self._touched(page):
                    told = self._load(touched)
                    runner.run(self._teller.tell(told, self._offset(), stop))
                    self._remember(told)
                position.move(self._at, page[-1].seq)
                self._at = page[-1].seq
                if len(page) < PAGE:
                    stop.wait(self._linger)

            try:
                follow(self._dsn, lambda: self._begin(position.read()), handle, stop)
            except StoppedError:
                return

    def _begin(self, at: int) -> int:
        if at < self._at:  # somebody asks for everything again
            self._versions.clear()
        self._at = at
        return at

    def _touched(self, page: Iterable[Stored]) -> dict[UUID, tuple[str, int]]:
        """Cases that a workflow must hear of, each once, with the newest version that matters."""
        fired = {(s.command_id, s.stream) for s in page if s.topic == FIRING}
        return {
            s.stream: (s.kind, s.version)
            for s in page
            if s.topic in TELLING
            and (s.command_id, s.stream) not in fired
            and s.version > self._versions.get(s.stream, 0)
        }

    def _load(self, touched: Mapping[UUID, tuple[str, int]]) -> list[Told]:
        """States as they are now, in one round trip: often newer than the page, and told once."""
        try:
            events = self._bihuan.store.load([(case_id, 0) for case_id in touched]).events
            return [
                Told(kind, case_id, state_of(registry.clocked(kind).fold(case_id, events[case_id])))
                for case_id, (kind, _) in touched.items()
            ]
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one case is not wrong with the others
            if len(touched) > 1:
                return [told for key in touched for told in self._load({key: touched[key]})]
            # The clocks of the other cases must run; this one is told when it can be read again.
            _LOG.exception("case %s cannot be read, its workflow is not told", *touched)
            return []

    def _remember(self, told: Iterable[Told]) -> None:
        """Later pages hold facts that the states told already contain."""
        if len(self._versions) > REMEMBERED:
            self._versions.clear()
        self._versions |= {t.case_id: t.state.version for t in told}

    def _offset(self) -> timedelta:
        return self._bihuan.store.offset()


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
