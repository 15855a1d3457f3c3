"""What an inspection adds to the month."""

import pytest

from domain.case import Figure
from domain.inspection.month import COUNTS
from domain.inspection.values import Source
from tests.domain import walk
from tests.domain.given import Play


def counted(play: Play) -> list[Figure]:
    """What the facts of the last command add."""
    return [
        figure
        for event in play.log.newest
        if type(event.fact) in COUNTS
        for figure in COUNTS[type(event.fact)](event.fact, play.inspection, event)
    ]


@pytest.mark.parametrize("source", list(Source))
def test_a_visit_counts_unless_it_is_a_recheck(play: Play, source: Source) -> None:
    """law.md §7: completed visits, rechecks apart."""
    walk.planned(play, source=source).does("insp1", "submit-plan").does("appr1", "approve-plan")
    play.does("insp1", "show-certificates", **walk.certificates())
    play.does("insp1", "hear-briefing", summary="介绍")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    for item in walk.ITEMS:
        play.does("insp1", "answer-item", item=item["no"], result="合格")
    play.does("insp1", "finish-visit")
    today = play.log.now.date()
    assert counted(play) == ([] if source is Source.RECHECK else [("visits", 1, today)])
