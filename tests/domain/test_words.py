"""What people read of a fact: one Chinese line, never a person's name."""

from domain.case import Case
from domain.facts import AGGREGATES, FACTS
from tests.domain import walk
from tests.domain.given import Play
from tests.domain.inspection import ending


def told(play: Play) -> dict[str, list[str]]:
    """Each line as the timeline shows it, with what the case calls things."""
    lines: dict[str, list[str]] = {}
    for stream, events in play.log.streams.items():
        own = AGGREGATES[play.log.kinds[stream]].fold(stream, events)
        for event in events:
            names = own.names(event.fact) if isinstance(own, Case) else {}
            lines.setdefault(event.fact.TOPIC, []).append(event.fact.words_with(names))
    return lines


def played(play: Play) -> Play:
    """A case in which nearly everything happens."""
    walk.served(play, "一般", "重大", due="2026-03-30")
    order = play.said["order"]
    play.does("insp1", "record-order-refusal", document=order, facts_seen="拒不整改")
    ask = {"hazards": ["H1"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.does("insp1", "request-extension", **ask)
    play.does("appr1", "grant-extension", extension="E1", due="2026-04-20")
    stop = {"hazards": ["H2"], "reason": "复议停止执行", "basis": "《行政复议法》第四十二条"}
    play.does("appr1", "suspend-rectification", **stop)
    play.until("2026-04-24")
    play.does("appr1", "resume-rectification", hazards=["H2"], reason="复议终结")
    play.fire("FIX-DUE/H2/1", "due")
    play.said["stop"] = walk.measure(play, "责令停止使用相关设施设备", "H2")
    walk.serve(play, play.said["stop"])
    walk.recheck(walk.report(play, "H1"), "未整改", "H1")
    ending.end(play)
    return play


def test_every_fact_says_something_without_names(play: Play) -> None:
    lines = told(played(play))
    assert len(lines) > 40
    for topic, said in lines.items():
        assert all(line.strip() for line in said), topic
        assert not [line for line in said if "万一凡" in line or "柏" in line], topic


def test_every_fact_has_its_title() -> None:
    for topic, fact in FACTS.items():
        if fact.__module__.startswith("domain."):  # tests of the store have facts of their own
            assert fact.TITLE, topic
            assert not fact.TITLE.isascii(), topic


def test_the_line_of_a_clock_says_what_and_for_what(play: Play) -> None:
    lines = told(played(play))
    assert "届满：整改期限（隐患H1）" in lines["clock/fired"]
    assert "提醒：整改期限（隐患H1）" in lines["clock/fired"]
    assert "期限变更：整改期限（隐患H1）改至 2026-04-20（同意延期E1）" in lines["deadline/moved"]
    assert "期限起算：整改期限（隐患H1、H2）至 2026-03-30" in lines["deadline/set"]
    assert "期限中止：整改期限（隐患H2），复议停止执行" in lines["deadline/suspended"]
    stopped = [line for line in lines["deadline/met"] if "停" in line]
    assert stopped
    assert all("应急" in line and "〔2026〕" in line for line in stopped), stopped
