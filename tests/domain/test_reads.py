"""What a command will read it declares: one round trip to the log before it decides."""

from typing import Any

import pytest

from domain.store import StreamMoved
from tests.domain import walk, world
from tests.domain.given import Play, trips


def asked_by_each(play: Play, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """Round trips of each command that is carried out from now on."""
    asked, each, does = trips(play, monkeypatch), dict[str, list[int]](), Play.does

    def counted(self: Play, account: str, name: str, /, **fields: Any) -> Play:
        before = len(asked)
        done = does(self, account, name, **fields)
        each.setdefault(name, []).append(len(asked) - before)
        return done

    monkeypatch.setattr(Play, "does", counted)
    return each


def test_ordinary_commands_ask_the_log_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    each = asked_by_each(play, monkeypatch)
    walk.close(walk.publish(walk.recheck(walk.report(walk.served(play), "H1"), "已整改", "H1")))
    assert len(each) == 17
    assert {count for counts in each.values() for count in counts} == {1}


def test_filing_asks_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inspection is told too, and the filed case gets a number."""
    walk.found(play).does("insp1", "propose-filing", cause="未经培训上岗", facts_seen="三人无证")
    each = asked_by_each(play, monkeypatch)
    play.does("appr1", "approve-filing")
    assert each == {"approve-filing": [1]}


def test_what_is_unknown_beforehand_costs_a_second_look(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has never seen the case and cannot tell in which register it is numbered."""
    walk.submitted(play)
    other = Play(play.log)
    other.case = play.case
    asked = trips(play, monkeypatch)
    other.does("appr1", "approve-plan")
    assert [play.case in trip for trip in asked] == [True, False]
    assert len(asked[1]) == 1


def test_at_the_turn_of_the_year(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first document of a year comes from a register nobody thought of; it is number one."""
    walk.planned(play.at("2026-12-31T23:59"))
    play.at("2026-12-31T23:59").does("insp1", "submit-plan")
    asked = trips(play, monkeypatch)
    play.at("2027-01-01").does("appr1", "approve-plan")
    assert len(asked) == 2
    assert play.said["number"].endswith("〔2027〕1号")


def test_wrong_guesses_decide_nothing(play: Play) -> None:
    """Officers nobody knows are asked for and refused."""
    fields = walk.plan_fields(play, officers=["insp1", "nobody"])
    play.refuses("OFFICER-UNKNOWN", "insp1", "plan-inspection", **fields)
    none = walk.plan_fields(play, enterprise=world.person("insp1"))
    play.refuses("NOT-FOUND", "insp1", "plan-inspection", **none)
    walk.planned(play)


def test_a_case_of_700_events_is_read_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    walk.divided(play)
    while len(play.log.streams[play.case]) < 700:
        play.does("insp1", "answer-item", item="1", result="合格")
    asked = trips(play, monkeypatch)
    play.does("insp1", "answer-item", item="1", result="合格")
    assert [trip[play.case] for trip in asked] == [700]
    assert play.receipt
    assert play.receipt.version == 701


def test_what_lost_a_conflict_is_read_anew(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was decided in vain is in the state; all that was read then is asked for at once."""
    walk.submitted(play)
    append, asked = play.log.append, trips(play, monkeypatch)

    def moved(**_: Any) -> Any:
        monkeypatch.setattr(play.log, "append", append)
        raise StreamMoved(play.case, 3, 4)

    monkeypatch.setattr(play.log, "append", moved)
    play.does("appr1", "approve-plan")
    assert [trip[play.case] for trip in asked] == [3, 0]


def test_a_version_that_was_seen_before_what_is_remembered(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only then the log is asked what happened since."""
    walk.served(play)
    seen = play.inspection.version
    play.until("2026-03-21T09:00")
    reason = {"reason": "停止执行", "basis": "复议决定", "hazards": ["H1"]}
    play.refuses("FIX-NOT-RUNNING", "appr1", "suspend-rectification", **reason)
    asked = trips(play, monkeypatch)
    play.does("insp1", "publish-result", expected_version=seen, place="示例政务公开网")
    now = play.inspection.version
    assert asked[1] == {play.case: seen}
    asked.clear()
    play.refuses("CLOSE", "appr1", "close-inspection", expected_version=now)
    assert len(asked) == 1
