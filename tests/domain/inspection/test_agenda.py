"""What is to be done next (下一步): what the agenda names can be done by whom it names."""

from collections.abc import Callable

import pytest

from domain.case import DUTIES, Todo
from domain.command import COMMANDS
from domain.facts import Role
from tests.domain import walk
from tests.domain.given import NAMES, Play

OFFICERS = ("insp1", "insp2")


def todo(play: Play) -> list[str]:
    return [t.command for t in play.inspection.todos()]


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        (walk.planned, ["submit-plan"]),
        (walk.submitted, ["approve-plan"]),
        (walk.approved, ["show-certificates"]),
        (walk.on_site, ["hear-briefing"]),
        (walk.briefed, ["assign-items"]),
        (walk.divided, ["answer-item"]),
        (walk.answered, ["finish-visit"]),
        (walk.finished, ["make-record"]),
        (walk.recorded, ["publish-result", "issue-order"]),
        (walk.served, ["report-rectification", "publish-result"]),
    ],
)
def test_each_step_has_its_next_action(
    play: Play, stage: Callable[[Play], Play], names: list[str]
) -> None:
    stage(play)
    assert todo(play) == names
    for one in play.inspection.todos():
        assert one.role in NAMES[one.command].ROLES
        assert one.accounts == (() if one.role is Role.APPROVER else OFFICERS)


def test_what_is_due_first_comes_first(play: Play) -> None:
    walk.served(play, due="2026-04-20")
    play.until("2026-04-21T09:00")
    found = [(t.command, str(t.due), str(t.deadline)) for t in play.inspection.todos()]
    assert found == [
        ("publish-result", "2026-03-30", "PUB-INSP"),
        ("recheck", "2026-04-30", "RECHECK/H1/1"),
    ]


def test_a_failed_recheck_asks_for_a_second_order(play: Play) -> None:
    walk.publish(walk.served(play)).until("2026-03-23")
    walk.recheck(play, "未整改", "H1")
    assert todo(play) == ["issue-order"]
    assert [t.command for t in play.penalty.todos()] == ["approve-filing"]
    play.does("appr1", "refuse-filing", reason="无")
    assert play.penalty.todos() == []


def test_answers_that_are_owed(play: Play) -> None:
    walk.publish(walk.stopped(play))
    play.does("insp1", "request-resumption", document=play.said["stop"], request="申请")
    walk.serve(play, walk.order(play, H1="2026-04-20"))
    ask = {"hazards": ["H1"], "due": "2026-05-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    assert todo(play) == ["grant-extension", "agree-resumption", "report-rectification"]


def test_a_transfer_is_decided_in_three_days(play: Play) -> None:
    walk.on_site(play)
    signal = {"signal": "unlicensed", "facts_seen": "无证生产", "team": ["insp1", "insp2"]}
    play.does("insp1", "report-crime-signal", **signal)
    (one,) = play.transfer.todos()
    assert (one.command, str(one.due), str(one.deadline)) == (
        "approve-transfer",
        "2026-03-05",
        "TR-APPR",
    )


def test_a_hazard_to_be_removed_at_once_is_not_forgotten(play: Play) -> None:
    """Under a measure alone no date runs: somebody still has to see that it is gone."""
    walk.recorded(play, "重大")
    walk.serve(play, walk.measure(play, "责令立即排除", "H1"))
    walk.publish(play)
    assert todo(play) or play.inspection.open_deadlines()


def test_closing_is_named_when_nothing_is_missing(play: Play) -> None:
    walk.publish(walk.recheck(walk.served(play), "已整改", "H1"))
    assert todo(play) == ["close-inspection"]
    walk.close(play)
    assert todo(play) == []


def test_after_a_shutdown_no_resumption_is_reviewed(play: Play) -> None:
    walk.stopped(play)
    play.does("insp1", "request-resumption", document=play.said["stop"], request="申请")
    proof = walk.evidence(play, "注销登记通知书")
    play.does("insp1", "record-shutdown", facts_seen="已注销", evidence=[proof])
    assert todo(play) == ["publish-result"]


def test_a_proposal_to_decide_is_a_command() -> None:
    names = {name for _, name in COMMANDS}
    assert {"approve-filing", "approve-transfer"} <= names
    assert Todo(DUTIES["approve-filing"]).accounts == ()
