"""What clocks tell reaches who must act: officers, then their superiors."""

import psycopg

from projections.reads import inbox
from tests.domain import world
from tests.projections.helpers import DISTRICT, TOWN, City, Row, ordered


def read(city: City, reading: psycopg.Connection, account: str) -> list[Row]:
    return inbox(reading, city.scope(reading, account)).items


def told(rows: list[Row], rule: str = "FIX-DUE") -> list[tuple[str, str, list[str]]]:
    return [(r["rung"], r["action_title"], r["subjects"]) for r in rows if r["rule"] == rule]


def test_deadlines_that_fall_due_together_are_one_notice(
    city: City, reading: psycopg.Connection
) -> None:
    ordered(city.play, DISTRICT, "一般", "重大", "一般")
    city.play.until("2026-03-21")
    city.project()
    together = ["隐患H1", "隐患H2", "隐患H3"]
    for officer in ("insp1", "insp2"):
        rows = read(city, reading, officer)
        assert told(rows) == [
            ("due", "届满", together),
            ("-1wd", "提醒", together),
            ("-3wd", "提醒", together),
        ]
        assert all(r["enterprise_name"] == "青禾示例机械有限公司" for r in rows)
        assert all(r["number"] == "（枣青）应急检查〔2026〕1号" for r in rows)
    assert told(read(city, reading, "insp4")) == []
    assert told(read(city, reading, "sup1")) == []


def test_a_page_may_end_between_them(city: City, reading: psycopg.Connection) -> None:
    """The second firing joins the notice of the first, whatever page it comes in."""
    ordered(city.play, DISTRICT, "一般", "一般")
    city.project()
    city.play.at("2026-03-20T09:00")
    for deadline in ("FIX-DUE/H1/1", "FIX-DUE/H2/1"):
        city.play.fire(deadline, "-3wd")
        city.project()
    assert told(read(city, reading, "insp1")) == [("-3wd", "提醒", ["隐患H1", "隐患H2"])]


def test_different_dates_are_different_notices(city: City, reading: psycopg.Connection) -> None:
    ordered(city.play, DISTRICT, "一般", days=18)
    ordered(city.play, DISTRICT, "一般", days=18)
    city.play.until("2026-03-18")
    city.project()
    assert told(read(city, reading, "insp1")) == [("-3wd", "提醒", ["隐患H1"])] * 2


def test_escalation_goes_to_the_supervisor_of_the_unit(
    city: City, reading: psycopg.Connection
) -> None:
    ordered(city.play, DISTRICT, "一般")
    city.play.until("2026-03-27")
    city.project()
    expected = [("+3wd", "逾期升级", ["隐患H1"]), ("+1wd", "逾期升级", ["隐患H1"])]
    assert told(read(city, reading, "sup1")) == expected
    assert {r["rung"] for r in read(city, reading, "insp1")}.isdisjoint({"+1wd", "+3wd"})


def test_where_a_unit_has_no_supervisor_the_one_above_is_told(
    city: City, reading: psycopg.Connection
) -> None:
    ordered(city.play, TOWN, "一般")
    city.play.until("2026-03-24")
    city.project()
    assert told(read(city, reading, "sup1")) == [("+1wd", "逾期升级", ["隐患H1"])]

    play = city.play
    play.does(
        world.ROOT, "grant-role", target=world.person("insp6"), role="supervisor", unit=world.TOWN
    )
    city.project()
    assert told(read(city, reading, "sup1")) == []
    assert ("+1wd", "逾期升级", ["隐患H1"]) in told(read(city, reading, "insp6"))


def test_the_superior_is_the_supervisor_of_the_unit_above(
    city: City, reading: psycopg.Connection
) -> None:
    play = city.play
    for account, unit in (("insp6", world.TOWN), ("appr0", world.CITY)):
        play.does(
            world.ROOT, "grant-role", target=world.person(account), role="supervisor", unit=unit
        )
    ordered(play, TOWN, "一般")
    ordered(play, DISTRICT, "一般")
    play.until("2026-04-30")
    city.project()
    rungs = {
        account: sorted(
            r["unit_name"]
            for r in read(city, reading, account)
            if (r["rule"], r["rung"]) == ("RECHECK", "+10wd")
        )
        for account in ("insp6", "sup1", "appr0")
    }
    assert rungs == {"insp6": [], "sup1": ["柳桥镇"], "appr0": ["青禾区"]}


def test_the_inbox_goes_page_by_page_newest_first(city: City, reading: psycopg.Connection) -> None:
    for _ in range(3):
        ordered(city.play, DISTRICT, "一般")
    city.play.until("2026-03-27")
    city.project()
    scope = city.scope(reading, "insp1")
    whole = inbox(reading, scope).items
    seen, after = [], None
    while True:
        page = inbox(reading, scope, after=after, limit=2)
        seen += page.items
        after = page.next
        if after is None:
            break
    assert seen == whole
    assert [r["seq"] for r in whole] == sorted((r["seq"] for r in whole), reverse=True)
    assert len(whole) > 6
