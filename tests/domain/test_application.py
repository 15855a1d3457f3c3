"""The one way in: time, versions, repetition, rights; on the log in memory."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import inspection as f
from domain.deadlines import Key
from domain.errors import Busy, VersionConflict
from domain.facts import Role
from domain.organisation import ORGANISATION_ID
from domain.store import StreamMoved
from tests.domain import walk, world
from tests.domain.given import Play


def test_a_command_dated_ahead_is_refused(play: Play) -> None:
    walk.planned(play)
    ahead = play.log.now + timedelta(seconds=6)
    play.refuses("TIME-FUTURE", "insp1", "submit-plan", at=ahead)
    within_the_skew = play.log.now + timedelta(seconds=4)
    now = play.log.now
    play.does("insp1", "submit-plan", at=within_the_skew)
    assert play.log.newest[0].occurred_at == now


def test_a_late_entry_keeps_its_business_time(play: Play) -> None:
    walk.finished(play)
    at = play.log.now
    play.at("2026-03-09")
    play.does(
        "insp1",
        "make-record",
        at=at,
        late_reason="纸质记录",
        findings="详见附页",
        signature=walk.SIGNED,
    )
    assert {e.occurred_at for e in play.log.newest} == {at}
    assert str(play.inspection.deadlines[Key.read("PUB-INSP")].due.day0) == "2026-03-02"


def test_a_case_changed_since_it_was_read(play: Play) -> None:
    walk.planned(play)
    seen = play.inspection.version
    play.does("insp2", "submit-plan")
    reason = {"reason": "改期"}
    refusal = play.refuses("VERSION", "insp1", "cancel-inspection", expected_version=seen, **reason)
    assert isinstance(refusal, VersionConflict)
    assert refusal.extra["current"] == seen + 1
    (since,) = refusal.extra["since"]
    assert (since["what"], since["by"]) == ("检查方案送审", "insp2")
    ahead = seen + 9
    play.refuses("VERSION", "insp1", "cancel-inspection", expected_version=ahead, **reason)
    play.does("insp1", "cancel-inspection", expected_version=seen + 1, **reason)


def test_a_clock_in_between_is_no_conflict(play: Play) -> None:
    walk.served(play)
    seen = play.inspection.version
    play.until("2026-03-21T09:00")
    play.does("insp1", "publish-result", expected_version=seen, place="示例政务公开网")


def test_what_merges_asks_for_no_version(play: Play) -> None:
    walk.divided(play)
    seen = play.inspection.version
    for no in ("1", "2"):
        play.does("insp1", "answer-item", expected_version=seen, item=no, result="合格")


def test_a_repeated_command_gets_its_first_answer(play: Play) -> None:
    walk.submitted(play)
    key = uuid4()
    play.does("appr1", "approve-plan", command_id=key)
    first = play.receipt
    walk.publish(walk.recheck(walk.served(play.at("2026-03-03")), "已整改", "H1"))
    assert first
    play.does("appr1", "approve-plan", command_id=key, target=first.id)
    again = play.receipt
    assert again
    assert (again.repeated, first.repeated) == (True, False)
    assert (again.result, again.seq, again.hash) == (first.result, first.seq, first.hash)
    other = {"command_id": key, "target": first.id, "opinion": "另一意见"}
    assert play.refuses("COMMAND-REUSED", "appr1", "approve-plan", **other).kind == "command-reused"


def test_a_repeated_creation_makes_one_case(play: Play) -> None:
    key, fields = uuid4(), walk.plan_fields(play)
    play.does("insp1", "plan-inspection", command_id=key, **fields)
    case = play.case
    play.does("insp1", "plan-inspection", command_id=key, **fields)
    assert play.case == case
    assert len(play.all_of(f.Planned)) == 1


def test_nothing_of_that_id(play: Play) -> None:
    play.refuses("NOT-FOUND", "insp1", "submit-plan", target=uuid4())


def test_the_whole_organisation_is_no_unit_that_enforces(play: Play) -> None:
    top = {"role": "inspector", "unit": ORGANISATION_ID}
    play.refuses("UNIT-UNKNOWN", world.ROOT, "grant-role", target=world.person("aud1"), **top)


@pytest.mark.parametrize("unit", [world.DISTRICT, world.OTHER])
def test_each_of_two_grants_counts_in_its_own_unit(play: Play, unit: UUID) -> None:
    """A person seconded to a second district plans there as well as at home."""
    for account in ("insp1", "insp2"):
        second = {"role": "inspector", "unit": world.OTHER}
        play.does("adm0", "grant-role", target=world.person(account), **second)
    enterprise = world.ENTERPRISE if unit == world.DISTRICT else world.OTHER_ENTERPRISE
    fields = walk.plan_fields(play, unit=unit, enterprise=enterprise)
    play.does("insp1", "plan-inspection", **fields)
    assert play.inspection.unit == unit


def test_the_grant_that_fits_counts(play: Play) -> None:
    """An officer who is also an approver cancels the own case as its officer."""
    walk.planned(play, by="appr2", officers=["appr2", "insp1"])
    play.does("appr2", "cancel-inspection", reason="改期")
    assert play.log.newest[0].by.role is Role.INSPECTOR


def moving(play: Play, times: int) -> None:
    """Somebody else is faster, so many times."""
    append, left = play.log.append, [times]

    def moved(**given: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise StreamMoved(play.case, 1, 2)
        return append(**given)

    play.log.append = moved  # pyright: ignore[reportAttributeAccessIssue]


def test_writers_of_one_register_decide_again(play: Play) -> None:
    moving(walk.submitted(play), 50)
    play.does("appr1", "approve-plan")
    assert play.said["number"].endswith("1号")


def test_nobody_tries_for_ever(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.turns.PATIENCE", 0.01)
    moving(walk.served(play), 1_000_000)
    play.refuses("BUSY", "insp1", "publish-result", place="示例政务公开网")
    play.at("2026-03-21")
    with pytest.raises(Busy) as busy:
        play.fire("FIX-DUE/H1/1", "due")
    assert busy.value.rule == "BUSY"


def test_a_clock_decides_again_too(play: Play) -> None:
    walk.served(play).at("2026-03-21")
    moving(play, 3)
    assert play.fire("FIX-DUE/H1/1", "due") == "fired"
    assert play.fire("FIX-DUE/H1/1", "due") == "done"


def test_who_lacks_the_role_does_not_learn_what_exists(play: Play) -> None:
    """The same refusal for a case of any district and for none."""
    walk.submitted(play)
    real = play.refuses("ROLE", "insp1", "approve-plan")
    none = play.refuses("ROLE", "insp1", "approve-plan", target=uuid4())
    assert real.detail == none.detail
