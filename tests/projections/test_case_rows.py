"""What a real inspection leaves in the tables of cases, timeline and deadlines."""

from datetime import date

import psycopg

from domain.deadlines import Key
from domain.inspection import Step
from projections.reads import case_timeline, case_view
from tests.domain import walk, world
from tests.projections.helpers import DISTRICT, City, inspected, only, ordered, pick


def test_a_case_is_one_row_that_follows_its_steps(city: City) -> None:
    case = ordered(city.play, DISTRICT, "一般", "重大")
    city.project()
    row = only(city.rows("SELECT * FROM read.cases WHERE id = %s", case))
    state, content = city.play.inspection, row["content"]
    assert pick(row, "kind", "unit", "enterprise", "initiator", "ended", "outcome") == (
        "inspection",
        world.DISTRICT,
        world.ENTERPRISE,
        "insp1",
        False,
        None,
    )
    assert row["number"] == "（枣青）应急检查〔2026〕1号"
    assert row["step"] == Step.CLOSE_LOOP
    assert [s["step"] for s in content["steps"]] == sorted(state.entered)
    assert row["handlers"] == ["insp1", "insp2"]
    assert pick(content, "hazard_count", "major_count", "open_count") == (2, 1, 2)
    assert [(f["hazard"], f["description"]) for f in content["hazards"]] == [
        ("H1", "冲压设备安全防护装置缺失"),
        ("H2", "冲压设备安全防护装置缺失"),
    ]
    assert [p["code"] for p in content["papers"]] == ["PLAN", "RECORD", "ORDER"]
    assert row["next_due"] == min(d.due.due for d in state.open_deadlines())
    assert row["version"] == state.version


def test_a_closed_case_has_ended_and_owes_nothing(city: City, reading: psycopg.Connection) -> None:
    play = city.play
    case = inspected(play, DISTRICT)
    walk.close(walk.publish(play))
    city.project()
    row = only(city.rows("SELECT * FROM read.cases WHERE id = %s", case))
    assert pick(row, "ended", "outcome", "next_due") == (True, "closed", None)
    view = case_view(reading, city.scope(reading, "insp1"), city.horizon(), case)
    assert view
    assert pick(view, "outcome", "stage") == ("已结案", "闭环管理、执法到位")
    assert city.rows("SELECT FROM read.todos") == []
    assert city.rows("SELECT FROM read.deadlines WHERE active") == []


def test_penalty_and_transfer_stand_beside_their_inspection(
    city: City, reading: psycopg.Connection
) -> None:
    play = city.play
    case = ordered(play, DISTRICT, "重大")
    play.does("insp1", "propose-filing", cause="未消除隐患", facts_seen="现场所见")
    play.does("appr2", "approve-filing")
    play.does(
        "insp1",
        "report-crime-signal",
        signal="refused",
        facts_seen="拒不执行",
        hazards=["H1"],
        team=["insp1", "insp2"],
    )
    city.project()
    rows = city.rows("SELECT * FROM read.cases WHERE parent = %s ORDER BY opened_seq", case)
    assert [r["enterprise"] for r in rows] == [world.ENTERPRISE] * 2
    view = case_view(reading, city.scope(reading, "insp1"), city.horizon(), case)
    assert view
    assert [pick(r, "id", "kind", "title", "stage") for r in view["children"]] == [
        (rows[0]["id"], "penalty", "未消除隐患", "已立案"),
        (rows[1]["id"], "transfer", "涉嫌犯罪移送", "移送待审批"),
    ]
    assert rows[0]["number"] == "（枣青）应急立〔2026〕1号"
    kinds = city.rows("SELECT DISTINCT kind FROM read.timeline WHERE root = %s ORDER BY 1", case)
    assert [r["kind"] for r in kinds] == ["inspection", "penalty", "transfer"]


def test_the_timeline_holds_every_event_of_a_case_with_its_hash(
    city: City, reading: psycopg.Connection
) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    city.project()
    rows = case_timeline(reading, city.scope(reading, "insp1"), case, limit=200).items
    stored, events = city.store.stream(case), city.play.log.streams[case]
    assert [pick(r, "seq", "version", "topic", "hash") for r in rows] == [
        (s.seq, s.version, s.topic, s.hash.hex()) for s in stored
    ]
    assert [pick(r, "occurred_at", "account", "role", "words") for r in rows] == [
        (e.occurred_at, e.by.account, e.by.role, e.fact.words()) for e in events
    ]
    assert {"shape", "data", "names"}.isdisjoint(set().union(*rows))


def test_a_deadline_tells_its_arithmetic_and_everything_that_moved_it(city: City) -> None:
    play = city.play
    case = ordered(play, DISTRICT, "一般", days=30)
    play.at("2026-03-10").does(
        "insp1",
        "request-extension",
        hazards=["H1"],
        due="2026-04-20",
        force_majeure=True,
        reason="洪水",
    )
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-15")
    city.project()
    query = "SELECT * FROM read.deadlines WHERE case_id = %s AND rule = 'FIX-DUE'"
    row = only(city.rows(query, case))
    due = play.inspection.deadlines[Key.read("FIX-DUE/H1/1")].due
    assert pick(row, "due", "basis", "arithmetic", "due_version", "status", "active") == (
        date(2026, 4, 15),
        due.basis,
        due.arithmetic,
        2,
        "open",
        True,
    )
    assert [(h["topic"], h.get("due")) for h in row["history"]] == [
        ("deadline/set", "2026-04-01"),
        ("deadline/moved", "2026-04-15"),
    ]
    answer = only(city.rows("SELECT * FROM read.deadlines WHERE rule = 'FIX-EXT-ANS'"))
    assert pick(answer, "status", "active") == ("met", False)


def test_an_expired_deadline_is_still_owed(city: City) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    city.play.until("2026-03-25")
    city.project()
    query = "SELECT * FROM read.deadlines WHERE case_id = %s AND rule = 'FIX-DUE'"
    row = only(city.rows(query, case))
    assert pick(row, "status", "active") == ("expired", True)
    assert [h["rung"] for h in row["history"] if h["topic"] == "clock/fired"][:3] == [
        "-3wd",
        "-1wd",
        "due",
    ]
