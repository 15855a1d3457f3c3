"""My work list: what, by when, how near, what next."""

from datetime import date

import psycopg
import pytest

from domain.errors import Refusal
from domain.law import law
from projections.reads import (
    Horizon,
    case_list,
    case_timeline,
    case_view,
    my_work,
    open_deadlines,
    work_counts,
)
from tests.domain import walk
from tests.projections.helpers import DISTRICT, OTHER, TOWN, City, inspected, only, ordered, pick


def test_a_submitted_plan_waits_for_every_approver_who_may_decide(
    city: City, reading: psycopg.Connection
) -> None:
    play = city.play
    walk.planned(play, "appr2", officers=["appr2", "insp2"]).does("appr2", "submit-plan")
    city.project()
    waiting = {
        account: [
            t["title"] for t in my_work(reading, city.scope(reading, account), city.horizon()).items
        ]
        for account in ("appr1", "appr2", "appr0", "appr5", "appr9", "insp1", "insp2", "sup1")
    }
    assert waiting == {
        "appr1": ["审批检查方案"],
        "appr2": [],  # an officer of the case does not approve it
        "appr0": ["审批检查方案"],
        "appr5": [],
        "appr9": [],
        "insp1": [],
        "insp2": [],
        "sup1": [],
    }


def test_a_row_says_what_and_by_when_and_what_next(city: City, reading: psycopg.Connection) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    city.play.at("2026-03-17")
    city.project()
    scope = city.scope(reading, "insp2")
    rows = my_work(reading, scope, city.horizon()).items
    row = next(r for r in rows if r["command"] == "report-rectification")
    assert pick(row, "case_id", "number", "enterprise_name", "unit_name", "step", "title") == (
        case,
        "（枣青）应急检查〔2026〕1号",
        "青禾示例机械有限公司",
        "青禾区",
        8,
        "跟踪隐患H1整改",
    )
    assert pick(row, "due", "remaining", "urgency", "remaining_text") == (
        date(2026, 3, 20),
        3,
        "临期",
        "剩余 3 个工作日",
    )
    assert row["version"] == city.play.inspection.version
    assert [r["due"] for r in rows] == sorted(r["due"] for r in rows)


def test_the_work_of_a_replaced_officer_goes_to_the_new_one(
    city: City, reading: psycopg.Connection
) -> None:
    ordered(city.play, DISTRICT, "一般")
    city.play.does("insp1", "request-recusal", officer="insp2", grounds="近亲属")
    city.play.does("appr1", "grant-recusal", officer="insp2", replacement="insp4")
    city.project()
    titles = {
        account: [
            t["title"] for t in my_work(reading, city.scope(reading, account), city.horizon()).items
        ]
        for account in ("insp1", "insp2", "insp4")
    }
    assert titles["insp4"] == titles["insp1"] != []
    assert titles["insp2"] == []
    assert {
        (row["rule"], tuple(row["officers"]))
        for row in open_deadlines(reading, city.scope(reading, "insp4"), city.horizon()).items
    } == {("FIX-DUE", ("insp1", "insp4")), ("PUB-INSP", ("insp1", "insp4"))}


def test_near_is_three_working_days_over_a_holiday() -> None:
    """1–5 October 2026 and the days around are no working days."""
    horizon = Horizon.of(date(2026, 9, 29), law().calendar)
    words = {
        due: horizon.tell(due)["urgency"]
        for due in (date(2026, 9, 28), date(2026, 9, 29), horizon.near_until, date(2026, 12, 1))
    }
    assert list(words.values()) == ["已逾期", "临期", "临期", "正常"]
    calendar = law().calendar
    assert calendar.workdays_between(horizon.today, horizon.near_until) == 3
    beyond = date.fromordinal(horizon.near_until.toordinal() + 1)
    assert calendar.workdays_between(horizon.today, beyond) == 4
    assert horizon.tell(date(2026, 9, 28))["remaining_text"] == "已逾期 1 个工作日"
    assert horizon.tell(date(2026, 9, 29))["remaining_text"] == "今日到期"
    assert horizon.tell(None)["urgency"] == "正常"


def test_tabs_part_the_work_by_its_dates(city: City, reading: psycopg.Connection) -> None:
    for days in (10, 18, 60):
        ordered(city.play, DISTRICT, "一般", days=days)
    city.play.until("2026-03-25")
    city.project()
    scope, horizon = city.scope(reading, "insp1"), city.horizon()
    dues = {
        tab: [r["due"] for r in my_work(reading, scope, horizon, tab).items]
        for tab in ("todo", "near", "overdue")
    }
    today, until = horizon.today, horizon.near_until
    assert dues["overdue"] == [d for d in dues["todo"] if d < today] != []
    assert dues["near"] == [d for d in dues["todo"] if today <= d <= until] != []
    assert len(dues["todo"]) > len(dues["overdue"]) + len(dues["near"])
    counts = work_counts(reading, scope, horizon)
    assert counts == {tab: len(found) for tab, found in dues.items()} | {"started": 3}


def test_what_i_started_and_where_it_stands(city: City, reading: psycopg.Connection) -> None:
    walk.submitted(city.play)
    first = city.play.case
    second = inspected(city.play, DISTRICT)
    walk.close(walk.publish(city.play))
    third = inspected(city.play, DISTRICT, "一般")
    city.project()
    page = my_work(reading, city.scope(reading, "insp1"), city.horizon(), "started")
    assert [r["case_id"] for r in page.items] == [third, first]
    assert second not in [r["case_id"] for r in page.items]
    assert page.items[1]["title"] == "审批检查方案"
    assert my_work(reading, city.scope(reading, "insp2"), city.horizon(), "started").items == []


@pytest.mark.parametrize("tab", ["todo", "started"])
def test_work_goes_page_by_page(city: City, reading: psycopg.Connection, tab: str) -> None:
    for _ in range(4):
        ordered(city.play, DISTRICT, "一般")
    city.project()
    scope, horizon = city.scope(reading, "insp1"), city.horizon()
    whole = my_work(reading, scope, horizon, tab).items
    seen, after = [], None
    while True:
        page = my_work(reading, scope, horizon, tab, after=after, limit=3)
        seen += page.items
        after = page.next
        if after is None:
            break
    assert seen == whole
    assert len(seen) > 3


def test_a_cursor_that_was_not_made_here_is_refused(
    city: City, reading: psycopg.Connection
) -> None:
    city.project()
    for cursor in ("x", "W10", "!!", "WyJhIl0"):
        with pytest.raises(Refusal) as refused:
            my_work(reading, city.scope(reading, "insp1"), city.horizon(), after=cursor)
        assert refused.value.rule == "PAGE-CURSOR"


def test_the_view_of_a_case_tells_everything_about_it(
    city: City, reading: psycopg.Connection
) -> None:
    play = city.play
    case = ordered(play, DISTRICT, "一般")
    play.does("insp1", "propose-filing", cause="未消除隐患", facts_seen="现场所见")
    city.project()
    view = case_view(reading, city.scope(reading, "sup1"), city.horizon(), case)
    assert view
    assert [(s["step"], s["entered_at"] is not None) for s in view["steps"]] == [
        (n, n != 7) for n in range(1, 9)
    ]
    hazard = only(view["hazards"])
    assert pick(hazard, "hazard", "description", "grade", "status", "due") == (
        "H1",
        "冲压设备安全防护装置缺失",
        "一般",
        "已责令",
        "2026-03-20",
    )
    assert {d["rule"] for d in view["deadlines"]} == {"FIX-DUE", "PUB-INSP"}
    assert only(view["children"])["stage"] == "立案待审批"
    tracked = next(t for t in view["todos"] if t["command"] == "report-rectification")
    assert tracked["accounts"] == ["insp1", "insp2"]
    penalty = case_view(
        reading, city.scope(reading, "sup1"), city.horizon(), only(view["children"])["id"]
    )
    assert penalty
    assert pick(penalty, "steps", "hazards", "title") == ([], [], "未消除隐患")


def test_a_timeline_goes_page_by_page_and_includes_what_it_led_to(
    city: City, reading: psycopg.Connection
) -> None:
    play = city.play
    case = ordered(play, DISTRICT, "一般")
    play.does("insp1", "propose-filing", cause="未消除隐患", facts_seen="现场所见")
    city.project()
    scope = city.scope(reading, "insp1")
    whole = case_timeline(reading, scope, case, limit=200).items
    assert [r["seq"] for r in whole] == sorted({r["seq"] for r in whole})
    assert {r["kind"] for r in whole} == {"inspection", "penalty"}
    first = case_timeline(reading, scope, case, limit=7)
    second = case_timeline(reading, scope, case, after=first.next, limit=200)
    assert first.items + second.items == whole
    penalty = next(r["stream"] for r in whole if r["kind"] == "penalty")
    assert {r["kind"] for r in case_timeline(reading, scope, penalty).items} == {"penalty"}


def test_open_deadlines_by_unit_officer_and_date(city: City, reading: psycopg.Connection) -> None:
    cases = [ordered(city.play, t, "一般", days=d) for t, d in ((DISTRICT, 18), (TOWN, 8))]
    ordered(city.play, OTHER, "一般", days=3)
    city.project()
    scope, horizon = city.scope(reading, "sup1"), city.horizon()
    found = open_deadlines(reading, scope, horizon).items
    assert {r["case_id"] for r in found} == set(cases)
    assert [r["due"] for r in found] == sorted(r["due"] for r in found)
    town = open_deadlines(reading, scope, horizon, officer="insp6").items
    assert {r["unit_name"] for r in town} == {"柳桥镇"}
    early = open_deadlines(reading, scope, horizon, until=date(2026, 3, 10)).items
    assert [pick(r, "rule", "due") for r in early] == [("FIX-DUE", date(2026, 3, 10))]
    first = open_deadlines(reading, scope, horizon, limit=1)
    rest = open_deadlines(reading, scope, horizon, after=first.next)
    assert first.items + rest.items == found


def test_the_list_of_cases_filters_and_pages(city: City, reading: psycopg.Connection) -> None:
    opened = [ordered(city.play, DISTRICT, "一般") for _ in range(2)]
    closed = inspected(city.play, DISTRICT)
    walk.close(walk.publish(city.play))
    city.project()
    scope = city.scope(reading, "insp1")
    newest_first = [closed, *reversed(opened)]
    assert [r["id"] for r in case_list(reading, scope).items] == newest_first
    still = case_list(reading, scope, open_only=True).items
    assert [r["id"] for r in still] == newest_first[1:]
    done = case_list(reading, scope, open_only=False).items
    assert [r["id"] for r in done] == [closed]
    first = case_list(reading, scope, limit=2)
    second = case_list(reading, scope, limit=2, after=first.next)
    assert [r["id"] for r in first.items + second.items] == newest_first
