"""Real public cases, played with their real dates: every clock goes off at its instant."""

from domain import inspection as f
from domain.deadlines import DeadlineMet, Key, Status
from domain.inspection import Step
from domain.inspection.values import HazardStatus
from domain.organisation.numbers import NumberTaken
from tests.domain import walk
from tests.domain.given import Gone, Play


def of(gone: list[Gone], deadline: str) -> list[tuple[str, str]]:
    return [(g.at, g.rung) for g in gone if g.deadline == deadline]


def met_by(play: Play) -> dict[str, bool]:
    """Deadlines that the last command met, and whether late."""
    facts = [e.fact for e in play.log.newest if isinstance(e.fact, DeadlineMet)]
    return {str(key): fact.late for fact in facts for key in fact.deadlines}


def g01(play: Play) -> Play:
    """4 May 2018: order until 14 May, filed the same day for one of the violations."""
    walk.served(play.at("2018-05-04"), "一般", "一般", due="2018-05-14")
    cause = {"cause": "未如实记录事故隐患排查治理情况", "facts_seen": "无排查记录"}
    play.does("insp1", "propose-filing", **cause, hazards=["H2"])
    return play.does("appr1", "approve-filing")


def test_g01_order_and_filing_on_one_day_run_in_parallel(play: Play) -> None:
    g01(play)
    case = play.inspection
    assert {str(at.date()) for at in case.entered.values()} == {"2018-05-04"}
    assert {Step.CLOSE_LOOP, Step.REFER, Step.HANDLE_BY_LAW} <= set(case.entered)
    assert len(case.officers) == 2
    numbers = {(n.word, n.n) for n in play.all_of(NumberTaken)}
    assert numbers == {("检查", 1), ("检记", 1), ("责改", 1), ("立", 1)}


def test_g01_rechecked_on_the_very_last_day(play: Play) -> None:
    g01(play)
    gone = play.until("2018-05-24T23:58")
    assert of(gone, "FIX-DUE/H1/1") == [
        ("2018-05-09T09:00", "-3wd"),
        ("2018-05-11T09:00", "-1wd"),
        ("2018-05-15T00:00", "due"),
        ("2018-05-15T09:00", "+1wd"),
        ("2018-05-17T09:00", "+3wd"),
    ]
    assert of(gone, "RECHECK/H1/1") == [("2018-05-21T09:00", "-3wd"), ("2018-05-23T09:00", "-1wd")]
    in_time, late = play.copy(), play.at("2018-05-25T00:00")
    for story, too_late in ((in_time, False), (late, True)):
        story.does("insp1", "recheck", **walk.opinion("已整改", "H1", "H2"))
        met = met_by(story)
        assert met["RECHECK/H1/1"] is too_late
        assert met["FIX-DUE/H1/1"] is True
    assert in_time.inspection.step is Step.CLOSE_LOOP


def test_g01_rectified_in_time_does_not_bar_the_fine(play: Play) -> None:
    g01(play).at("2018-05-24")
    walk.publish(walk.recheck(play, "已整改", "H1", "H2"))
    refusal = play.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"] == ["已立案（移送）案件未办结"]


def test_g12_a_recheck_150_days_late_has_rung_ever_higher(play: Play) -> None:
    walk.served(play.at("2015-06-02"), "重大", "一般", due="2015-06-30")
    gone = play.until("2015-12-07T10:00")
    assert of(gone, "RECHECK/H1/1") == of(gone, "RECHECK/H2/1")
    assert of(gone, "RECHECK/H1/1") == [
        ("2015-07-07T09:00", "-3wd"),
        ("2015-07-09T09:00", "-1wd"),
        ("2015-07-11T00:00", "due"),
        ("2015-07-13T09:00", "+1wd"),
        ("2015-07-15T09:00", "+3wd"),
        ("2015-07-24T09:00", "+10wd"),
        ("2015-08-21T09:00", "+30wd"),
        ("2015-10-10T09:00", "+60wd"),  # a make-up Saturday after the National Day holidays
    ]
    ladder = play.inspection.deadlines[Key.read("RECHECK/H1/1")].due.rungs
    assert [r.to for r in ladder] == ["handler"] * 3 + ["supervisor"] * 2 + ["superior"] * 3
    play.does("insp1", "recheck", **walk.opinion("未整改", "H1", "H2"))
    assert met_by(play) == {"RECHECK/H1/1": True, "RECHECK/H2/1": True}
    assert play.penalty.hazards == ("H1", "H2")
    assert not of(play.until("2016-12-07"), "RECHECK/H1/1")


def g17(play: Play) -> Play:
    """26 April 2019: eleven hazards, ten in ten days, one in a month."""
    walk.recorded(play.at("2019-04-26"), *["一般"] * 11)
    dues = {f"H{n}": "2019-05-06" for n in range(1, 11)} | {"H11": "2019-05-26"}
    return walk.serve(play, walk.order(play, **dues))


def test_g17_the_date_belongs_to_the_item(play: Play) -> None:
    g17(play)
    dues = {str(k): str(d.due.due) for k, d in play.inspection.deadlines.items() if "FIX" in k.rule}
    # 26 May 2019 is a Sunday; a named date stands, only a period is rolled (law.md FIX-DUE, §3.4).
    assert dues == {f"FIX-DUE/H{n}/1": "2019-05-06" for n in range(1, 11)} | {
        "FIX-DUE/H11/1": "2019-05-26"
    }
    assert len(play.all_of(f.OrderIssued)) == 1


def test_g17_eight_of_eleven_are_done(play: Play) -> None:
    early = g17(play).until("2019-04-29T09:30")
    # 1 to 4 May were off, Sunday, 5 May was worked: 3 working days before 6 May is 29 April.
    assert of(early, "FIX-DUE/H9/1") == [("2019-04-29T09:00", "-3wd")]
    done = [f"H{n}" for n in range(1, 9)]
    walk.recheck(play, "已整改", *done)
    gone = play.until("2019-05-28T10:00")
    assert {g.deadline for g in gone if g.rung == "due" and "FIX" in g.deadline} == {
        "FIX-DUE/H9/1",
        "FIX-DUE/H10/1",
        "FIX-DUE/H11/1",
    }
    assert of(gone, "FIX-DUE/H9/1")[:2] == [
        ("2019-05-05T09:00", "-1wd"),
        ("2019-05-07T00:00", "due"),
    ]
    case = play.inspection
    assert [h.no for h in case.open_hazards()] == ["H9", "H10", "H11"]
    assert case.hazards["H1"].status is HazardStatus.REMOVED
    assert case.deadlines[Key.read("FIX-DUE/H1/1")].status is Status.MET
    walk.recheck(play, "未整改", "H9", "H10")
    assert play.penalty.hazards == ("H9", "H10")
    refusal = play.refuses("CLOSE", "appr1", "close-inspection")
    assert refusal.extra["missing"][0] == "隐患H9、H10、H11未整改"
