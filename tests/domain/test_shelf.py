"""The shelf: a decision may rely on what it found there, whatever other threads do meanwhile."""

import pytest

from domain import shelf
from domain.organisation import ORGANISATION_ID, Organisation
from tests.domain import walk
from tests.domain.founding import founded
from tests.domain.given import Play


def at(version: int) -> Organisation:
    events = founded().log.streams[ORGANISATION_ID]
    return Organisation.fold(ORGANISATION_ID, events[:version])


def test_the_shelf_never_goes_back() -> None:
    """A slower thread with fewer events does not take the newer state's place."""
    known = shelf.Shelf()
    for version in (2, 3, 1):
        known.keep(at(version))
    found = known.find(ORGANISATION_ID)
    assert found is not None
    assert found.version == 3


def test_a_full_shelf_forgets_nothing_a_decision_relies_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision loads only what is newer than the shelf said: the rest it holds itself."""
    monkeypatch.setattr(shelf, "MOST", 1)
    walk.submitted(play)
    play.does("appr1", "approve-plan")


def test_a_new_unit_is_seen_by_the_next_decision(play: Play) -> None:
    walk.submitted(play)
    before = play.app.shelf.find(ORGANISATION_ID)
    assert before is not None
    assert before.version == at(99).version


def test_a_refused_command_takes_no_number(play: Play) -> None:
    """The register on the shelf is never the one a decision changes."""
    walk.recorded(play)
    items = [{"hazard": "H1", "due": "2026-03-20"}]
    play.does("insp1", "issue-order", items=items)
    first = play.said["number"]
    play.refuses("ORDER-TWICE", "insp1", "issue-order", items=items * 2)
    play.does("insp1", "issue-order", items=items)
    assert (first[-2:], play.said["number"][-2:]) == ("1号", "2号")


def test_what_a_decision_looked_up_the_next_one_asks_for_at_once(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of a plan needs the register: known only once the case has been read."""
    asked: list[int] = []
    load = play.app.store.load

    def counted(streams: object) -> object:
        asked.append(1)
        return load(streams)

    monkeypatch.setattr(play.app.store, "load", counted)
    trips = []
    for _ in range(2):
        walk.submitted(play)
        asked.clear()
        play.does("appr1", "approve-plan")
        trips.append(len(asked))
    assert trips == [2, 1]


def test_the_shelf_forgets_the_oldest_occasion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST", 1)
    known = shelf.Shelf()
    known.note("first", (ORGANISATION_ID,))
    known.note("second", (ORGANISATION_ID,))
    assert (known.usual("first"), known.usual("second")) == ((), (ORGANISATION_ID,))
