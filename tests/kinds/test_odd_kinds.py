"""Kinds of case as a stranger might declare them: what is wrong is refused where it is declared."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from deploy.play.player import _command
from deploy.trouble import Trouble
from domain.case import DUTIES, KINDS, Case, Duty, Indicator
from domain.command import COMMANDS, Family
from domain.deadlines import ClockFired, Key, about
from domain.errors import Refusal
from domain.facts import Role
from domain.inspection import Planned
from projections.reads import inbox, my_work
from tests.domain import walk
from tests.domain.conftest import play
from tests.domain.given import Play
from tests.kinds.odd import begun, odd
from tests.kinds.registered import known
from tests.projections.conftest import city, reading
from tests.projections.helpers import City
from workflows.state import state_of

__all__ = ["city", "play", "reading"]


@pytest.fixture(autouse=True)
def strange() -> Iterator[None]:
    """What a test declares is gone after it."""
    with known():
        yield


def refuses(*_: Any) -> None:
    raise Refusal("ODD", "不行")


def test_deadlines_of_one_rule_fire_together_only_where_they_are_due_together(play: Play) -> None:
    odd()
    begun(play)
    gone = [(g.at, g.deadline[-1]) for g in play.until("2026-05-01") if g.rung == "due"]
    (first, *_, later) = sorted({at for at, _ in gone})
    assert gone == [(first, "甲"), (first, "乙"), (later, "丙")]


def test_a_kind_that_never_ends_waits_on_without_clocks(play: Play) -> None:
    odd()
    case = begun(play)
    play.until("2026-05-01")
    state = state_of(play.app.clocks("odd", case.id))
    assert (state.closed, state.deadlines, state.where) == (False, [], "在办")


def test_an_ending_without_words_is_shown_as_it_is_stored(play: Play) -> None:
    odd()
    case = begun(play)
    case.ending = "lost"
    assert (case.outcome, state_of(case).where, state_of(case).closed) == ("lost", "lost", True)


def test_words_take_a_name_each_and_the_last_all_that_are_left() -> None:
    duty = Duty("odd", "x", Role.INSPECTOR, "答复{}关于{}的来信")
    assert duty.title(("张某", "噪声", "粉尘")) == "答复张某关于噪声、粉尘的来信"
    assert (duty.title(("张某",)), duty.title(())) == ("答复张某关于的来信", "答复关于的来信")


def test_what_could_not_be_read_later_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="take other than 1 names"):
        Duty("odd", "x", Role.INSPECTOR, "答复{}关于{about}的来信")
    with pytest.raises(TypeError, match="take other than 1 names"):
        odd(TERMS={"RECON-ANS": "{}的{}"})


def test_a_kind_changes_nothing_of_how_another_reads() -> None:
    before = about([Key("FIX-DUE", "H1")], {})
    with pytest.raises(TypeError, match="subjects of FIX-DUE are called 隐患"):
        odd(TERMS={"FIX-DUE": "来信{}"})
    assert about([Key("FIX-DUE", "H1")], {}) == before == "隐患H1"


def test_no_two_kinds_have_an_indicator_of_the_same_code() -> None:
    with pytest.raises(TypeError, match="indicator visits is taken"):
        odd(INDICATORS=(Indicator("visits", "来访", "来访"),))


def test_what_a_kind_forgot_is_named() -> None:
    with pytest.raises(TypeError, match="declares no FAMILY"):
        type("Bare", (Case,), {"KIND": "bare"})
    with pytest.raises(TypeError, match="family strangers is of kind other"):
        odd(FAMILY=Family("strangers", "生件", "other"))


def test_a_follower_that_refuses_refuses_the_whole(play: Play) -> None:
    odd(FOLLOWS={Planned: refuses})
    before = play.log.seq
    with pytest.raises(Refusal, match="不行"):
        walk.planned(play)
    assert play.log.seq == before


def test_a_follower_that_refuses_a_clock_keeps_it_from_firing(play: Play) -> None:
    """Nothing is lost and all is tried again, for ever: who follows a clock must not refuse it."""
    odd(FOLLOWS={ClockFired: refuses})
    case = begun(play)
    with pytest.raises(Refusal, match="不行"):
        play.until("2026-05-01")
    assert play.app.clocks("odd", case.id).version == case.version


def test_a_name_that_two_kinds_have_is_told_apart_by_its_family() -> None:
    odd()
    with pytest.raises(Trouble, match="inspections/submit-plan、oddities/submit-plan"):
        _command("submit-plan")
    assert _command("oddities/submit-plan") is COMMANDS["oddities", "submit-plan"]


def test_every_duty_has_its_command() -> None:
    names = {name for _, name in COMMANDS}
    assert [duty.code for duty in DUTIES.values() if duty.command not in names] == []
    assert all(kind.FAMILY.kind == name for name, kind in KINDS.items())


def test_what_nobody_handles_reaches_those_who_may_do_it(
    city: City, reading: psycopg.Connection
) -> None:
    odd()
    case = begun(city.play)
    city.play.until("2026-03-12")
    city.project()
    reached = {
        account: [n["title"] for n in inbox(reading, city.scope(reading, account)).items]
        for account in ("insp1", "insp2", "appr1", "insp9")
    }
    assert reached == {"insp1": ["复议答复"], "insp2": ["复议答复"], "appr1": [], "insp9": []}
    (row,) = my_work(reading, city.scope(reading, "insp2"), city.horizon()).items
    assert (row["case_id"], row["title"]) == (case.id, "答复张某关于噪声、粉尘的来信")
