"""Who has withdrawn from a case (回避) no longer sees anything of it, whatever the unit."""

import psycopg
import pytest

from projections.reads import (
    case_list,
    case_timeline,
    case_view,
    inbox,
    my_work,
    open_deadlines,
    work_counts,
)
from projections.reads.scope import Scope
from tests.domain import walk
from tests.projections.helpers import City


@pytest.fixture
def withdrawn(city: City) -> City:
    """insp1 planned the case, was reminded, proposed a filing; and then withdrew from it."""
    play = walk.served(city.play, due="2026-03-20")
    play.does("insp1", "propose-filing", cause="案由", facts_seen="事实")
    play.until("2026-03-19T10:00")
    play.does("insp1", "request-recusal", officer="insp1", own=True, grounds="近亲属")
    play.does("appr1", "grant-recusal", officer="insp1", replacement="insp4")
    city.project()
    return city


def seen(city: City, reading: psycopg.Connection, scope: Scope) -> dict[str, int]:
    """How much of the case and of what it led to each read shows."""
    horizon, case = city.horizon(), city.play.case
    penalty = city.play.penalty.id
    started = my_work(reading, scope, horizon, "started").items
    return {
        "view": int(case_view(reading, scope, horizon, case) is not None),
        "penalty": int(case_view(reading, scope, horizon, penalty) is not None),
        "timeline": len(case_timeline(reading, scope, case).items),
        "list": len(case_list(reading, scope).items),
        "penalties": len(case_list(reading, scope, "penalty").items),
        "deadlines": len(open_deadlines(reading, scope, horizon).items),
        "inbox": len(inbox(reading, scope).items),
        "work": len(my_work(reading, scope, horizon).items),
        "started": len(started) + work_counts(reading, scope, horizon)["started"],
    }


def test_who_has_withdrawn_sees_nothing_more(withdrawn: City, reading: psycopg.Connection) -> None:
    found = seen(withdrawn, reading, withdrawn.scope(reading, "insp1"))
    assert found == dict.fromkeys(found, 0)


def test_the_others_see_it_as_before(withdrawn: City, reading: psycopg.Connection) -> None:
    found = seen(withdrawn, reading, withdrawn.scope(reading, "insp2"))
    assert all(found[name] for name in ("view", "penalty", "timeline", "list", "deadlines"))
    took_over = seen(withdrawn, reading, withdrawn.scope(reading, "insp4"))
    assert all(took_over[name] for name in ("view", "timeline", "work"))


def test_a_replacement_without_recusal_hides_nothing(
    city: City, reading: psycopg.Connection
) -> None:
    walk.replaced(walk.served(city.play), "insp2", "insp4")
    city.project()
    assert seen_case(city, reading, "insp2")


def seen_case(city: City, reading: psycopg.Connection, account: str) -> bool:
    scope = city.scope(reading, account)
    return case_view(reading, scope, city.horizon(), city.play.case) is not None
