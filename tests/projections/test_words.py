"""Rows hold no words: they are made when they are read, by whatever program reads."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from projections.reads import (
    case_list,
    case_timeline,
    case_view,
    inbox,
    month_table,
    my_work,
    open_deadlines,
)
from tests.domain import world
from tests.projections.helpers import DISTRICT, City, Row, only, ordered


def everything(city: City, reading: psycopg.Connection, case: Any, account: str = "insp1") -> Row:
    """Every read in which the case stands."""
    scope, horizon = city.scope(reading, account), city.horizon()
    return {
        "view": case_view(reading, scope, horizon, case),
        "list": case_list(reading, scope).items,
        "timeline": case_timeline(reading, scope, case, limit=200).items,
        "work": my_work(reading, scope, horizon).items,
        "started": my_work(reading, scope, horizon, "started").items,
        "deadlines": open_deadlines(reading, scope, horizon).items,
        "inbox": inbox(reading, scope).items,
        "month": month_table(reading, scope, horizon.today, world.DISTRICT),
    }


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE read.cases SET stage = '11', outcome = 'forgotten'",
        "UPDATE read.todos SET duty = 'of-tomorrow'",
        "UPDATE read.timeline SET topic = 'inspection/of-tomorrow'",
        "UPDATE read.timeline SET shape = shape + 1",
        "UPDATE read.timeline SET data = '{}'",
        """UPDATE read.deadlines SET history = (SELECT jsonb_agg(h || '{"shape": 99}')
           FROM jsonb_array_elements(history) h)""",
        """UPDATE read.deadlines SET history = (SELECT jsonb_agg(h || '{"topic": "of/tomorrow"}')
           FROM jsonb_array_elements(history) h)""",
        *(
            f"UPDATE read.{table} SET kind = 'of-tomorrow'"  # noqa: S608 - our names
            for table in ("timeline", "deadlines", "notices", "cases")
        ),
    ],
)
def test_what_this_program_does_not_know_is_shown_as_it_is_stored(
    city: City, reading: psycopg.Connection, change: str
) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    city.play.until("2026-03-23")
    city.project()
    known = everything(city, reading, case)
    with psycopg.connect(city.database.projector) as connection:
        connection.execute(change.encode())
    shown = everything(city, reading, case)
    if "cases SET kind" not in change:  # a list is of one kind
        assert {name: bool(part) for name, part in shown.items()} == dict.fromkeys(known, True)
    assert all(event["title"] and event["words"] for event in shown["timeline"])
    assert all(todo["title"] for todo in shown["work"])
    assert all(entry["words"] for d in shown["view"]["deadlines"] for entry in d["history"])
    if "duty" in change:
        assert {todo["title"] for todo in shown["work"]} == {t["command"] for t in shown["work"]}
    if "SET data" in change:
        assert {e["words"] for e in shown["timeline"]} <= {e["title"] for e in known["timeline"]}


def test_a_ladder_that_many_climb_is_one_line_one_notice_and_a_row_each(
    city: City, reading: psycopg.Connection
) -> None:
    case = ordered(city.play, DISTRICT, *["一般"] * 7)
    city.play.until("2026-03-21")
    city.project()
    shown = everything(city, reading, case)
    rows = [d for d in shown["view"]["deadlines"] if d["rule"] == "FIX-DUE"]
    assert [(d["deadline"], d["subject"]) for d in rows] == [
        (f"FIX-DUE/H{n}/1", f"隐患H{n}") for n in range(1, 8)
    ]
    assert [e["words"] for e in rows[6]["history"]][-1] == "届满：整改期限（隐患H7）"
    fired = [e["words"] for e in shown["timeline"] if e["topic"] == "clock/fired"]
    several = "整改期限（隐患H1、H2、H3、H4、H5等7项）"
    assert fired == [f"提醒：{several}", f"提醒：{several}", f"届满：{several}"]
    notice = only([n for n in shown["inbox"] if (n["rule"], n["rung"]) == ("FIX-DUE", "due")])
    assert notice["subjects"] == [f"隐患H{n}" for n in range(1, 8)]


def test_how_late_a_clock_was_is_told_in_words(city: City, reading: psycopg.Connection) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    rung = city.play.inspection.ladders()[0].rungs[0]
    due: datetime = rung.at + timedelta(hours=2, minutes=5)
    city.play.at(due).fire(str(city.play.inspection.ladders()[0].key), rung.name)
    city.project()
    words = [e["words"] for e in everything(city, reading, case)["timeline"]]
    assert words[-1].endswith("（迟到 2 小时触发）")
