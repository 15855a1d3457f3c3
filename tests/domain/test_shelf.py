"""The shelf: what it once said it knows it gives, whatever other threads do meanwhile."""

from threading import Thread
from typing import Any

import pytest

from domain import shelf
from domain.facts import Event
from domain.organisation import ORGANISATION_ID, Organisation
from tests.domain import walk, world
from tests.domain.given import Play, founded


def events() -> list[Event]:
    return founded().log.streams[ORGANISATION_ID]


def test_only_newer_events_are_taken() -> None:
    known = shelf.Shelf()
    first = known.take(Organisation, ORGANISATION_ID, events()[:2])
    assert known.version(ORGANISATION_ID) == 2
    second = known.take(Organisation, ORGANISATION_ID, events()[1:3])
    assert (first.version, second.version) == (2, 3)
    assert list(second.units) == [e.id for e in (_unit(n) for n in range(3))]


def _unit(n: int) -> Any:
    return getattr(events()[n].fact, "unit")  # noqa: B009 - of UnitAdded


def test_a_full_shelf_forgets_nothing_a_decision_relies_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision loads only what is newer than the shelf said: the rest must still be there."""
    monkeypatch.setattr(shelf, "MOST", 1)
    walk.submitted(play)
    play.does("appr1", "approve-plan")


def test_the_shelf_never_goes_back() -> None:
    """Two threads bring the tree up to date at once, the slower one with fewer events."""
    known = shelf.Shelf()
    others: list[Thread] = []

    class Slow(Organisation):
        def __deepcopy__(self, memo: dict[int, Any]) -> Organisation:
            if not others:
                others.append(Thread(target=known.take, args=(Slow, ORGANISATION_ID, events()[1:])))
                others[0].start()
                others[0].join(timeout=0.2)  # it may have to wait for us: then we go on
            copied = Slow(self.id)
            copied.units, copied.version = dict(self.units), self.version
            return copied

    known.take(Slow, ORGANISATION_ID, [])
    known._known[ORGANISATION_ID] = Slow.fold(ORGANISATION_ID, events()[:1])  # noqa: SLF001
    known.take(Slow, ORGANISATION_ID, events()[1:2])
    others[0].join()
    assert known.version(ORGANISATION_ID) == len(world.UNITS)
