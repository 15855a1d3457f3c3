"""A command on an id of another kind finds nothing, whoever sends it; the log refuses it too."""

from uuid import UUID

import pytest

from domain.inspection import Inspection
from domain.penalty import PenaltyCase
from tests.domain import walk, world
from tests.domain.given import Play


def proposed(play: Play) -> dict[str, UUID]:
    """An inspection with a penalty and a transfer, by kind; and things that are no cases."""
    walk.on_site(play)
    play.does("insp1", "propose-filing", cause="案由", facts_seen="事实")
    signal = {"signal": "unlicensed", "facts_seen": "无证生产", "team": ["insp1", "insp2"]}
    play.does("insp1", "report-crime-signal", **signal)
    return {
        "inspection": play.case,
        "penalty": UUID(play.said["penalty"]),
        "transfer": UUID(play.said["transfer"]),
        "person": world.person("insp4"),
        "enterprise": world.ENTERPRISE,
    }


FOREIGN = [
    ("inspection", "appr1", "approve-filing", {}),
    ("inspection", "appr1", "approve-transfer", {}),
    ("inspection", "adm1", "grant-role", {"role": "inspector", "unit": str(world.DISTRICT)}),
    ("penalty", "appr1", "cancel-inspection", {"reason": "错了"}),
    ("penalty", "appr1", "refuse-transfer", {"reason": "错了"}),
    ("penalty", "adm1", "grant-role", {"role": "inspector", "unit": str(world.DISTRICT)}),
    ("transfer", "appr1", "cancel-inspection", {"reason": "错了"}),
    ("transfer", "appr1", "refuse-filing", {"reason": "错了"}),
    ("person", "appr1", "cancel-inspection", {"reason": "错了"}),
    ("enterprise", "appr1", "approve-filing", {}),
]


@pytest.mark.parametrize(("kind", "account", "name", "fields"), FOREIGN)
@pytest.mark.parametrize("remembered", [True, False])
def test_a_foreign_id_is_not_found(
    play: Play, kind: str, account: str, name: str, fields: dict[str, str], *, remembered: bool
) -> None:
    target = proposed(play)[kind]
    story = play if remembered else play.copy()
    story.refuses("NOT-FOUND", account, name, target=target, **fields)


def test_even_the_top_finds_nothing_under_another_kind(play: Play) -> None:
    """The role of the city covers every unit, and so what belongs to none."""
    found = proposed(play)
    play.does("root", "grant-role", target=world.person("appr0"), role="approver", unit=world.CITY)
    for kind in ("penalty", "transfer"):
        play.refuses("NOT-FOUND", "appr0", "cancel-inspection", target=found[kind], reason="错了")


def test_who_lacks_the_role_does_not_learn_whether_it_is_there(play: Play) -> None:
    target = proposed(play)["penalty"]
    play.refuses("ROLE", "aud1", "cancel-inspection", target=target, reason="错了")


def test_a_state_asked_for_under_another_kind_is_empty(play: Play) -> None:
    found = proposed(play)
    assert play.app.load(PenaltyCase, found["inspection"]).version == 0
    assert play.app.load(Inspection, found["penalty"]).version == 0
    assert play.app.load(Inspection, found["inspection"]).version > 0


def test_the_story_goes_on_after_the_attempt(play: Play) -> None:
    found = proposed(play)
    play.refuses("NOT-FOUND", "appr1", "cancel-inspection", target=found["penalty"], reason="错")
    play.does("appr1", "approve-filing")
    assert play.penalty.status == "approved"
