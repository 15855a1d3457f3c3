"""Two times (两个时间): acts in the system happen now, those outside may be entered later."""

from datetime import timedelta
from typing import Any

import pytest

from domain.command import COMMANDS
from domain.deadlines import DeadlineMet
from domain.store.mapper import FactMapper
from domain.times import day
from tests.domain import walk, world
from tests.domain.given import NAMES, Play, moment
from tests.domain.memory import PlainVault

MONTHS_AGO = moment("2025-12-01")
LATE = {"late_reason": "现场无网络，次日录入"}


def test_every_command_says_whether_it_happens_outside() -> None:
    outside = {name for (_, name), command in COMMANDS.items() if command.OUTSIDE}
    assert {"show-certificates", "serve-document", "recheck", "report-rectification"} <= outside
    deciding = ("approve-", "refuse-", "grant-", "agree-", "close-", "publish-", "submit-")
    assert not [name for name in outside if name.startswith((*deciding, "import-", "revoke-"))]
    for name in outside:
        assert "late_reason" in NAMES[name].model_fields, name


@pytest.mark.parametrize(
    ("stage", "account", "name", "fields"),
    [
        (walk.planned, "insp1", "submit-plan", {}),
        (walk.submitted, "appr1", "approve-plan", {}),
        (walk.planned, "insp1", "cancel-inspection", {"reason": "错"}),
        (walk.recorded, "insp1", "publish-result", {"place": "官网"}),
    ],
)
def test_what_is_done_in_the_system_happens_now(
    play: Play, stage: Any, account: str, name: str, fields: dict[str, Any]
) -> None:
    stage(play)
    refusal = play.refuses(
        "TIME-NOW", account, name, at=play.log.now - timedelta(hours=1), **fields
    )
    assert "删除" in refusal.detail
    play.does(account, name, at=play.log.now - timedelta(seconds=2), **fields)
    assert play.log.newest[0].occurred_at > play.log.now - timedelta(minutes=2)


def test_units_and_roles_are_not_of_2000(play: Play) -> None:
    old = moment("2000-01-01")
    grant = {"role": "auditor", "unit": str(world.DISTRICT)}
    play.refuses("TIME-NOW", "adm1", "grant-role", target=world.person("insp4"), at=old, **grant)
    play.refuses("TIME-NOW", "root", "import-units", at=old, units=[dict(world.UNITS[0])])


def test_entered_the_next_day_it_needs_a_reason(play: Play) -> None:
    walk.served(play).at("2026-03-10T09:00")
    report = {"hazards": ["H1"], "report": "已整改", "at": moment("2026-03-09T16:00")}
    refusal = play.refuses("LATE-REASON", "insp1", "report-rectification", **report)
    assert "补录理由" in refusal.detail
    play.refuses("LATE-REASON", "insp1", "report-rectification", late_reason="  ", **report)
    play.does("insp1", "report-rectification", **report, **LATE)
    event = play.log.newest[0]
    assert (day(event.occurred_at).isoformat(), event.reason) == ("2026-03-09", LATE["late_reason"])


def test_entered_the_same_day_it_needs_none(play: Play) -> None:
    walk.served(play).at("2026-03-10T17:00")
    report = {"hazards": ["H1"], "report": "已整改", "at": moment("2026-03-10T09:00")}
    play.does("insp1", "report-rectification", **report)
    assert play.log.newest[0].reason == ""


def test_afterwards_has_an_end(play: Play) -> None:
    """Ten working days before Friday, 27 March 2026 is Friday, the 13th."""
    walk.served(play, due="2026-04-20").at("2026-03-27T09:00")
    report = {"hazards": ["H1"], "report": "已整改"}
    refusal = play.refuses(
        "LATE-ENTRY", "insp1", "report-rectification", at=moment("2026-03-12"), **report, **LATE
    )
    assert refusal.extra["earliest"] == "2026-03-13"
    assert "补录" in refusal.basis
    play.does("insp1", "report-rectification", at=moment("2026-03-13"), **report, **LATE)


def test_a_whole_case_cannot_be_made_up_afterwards(play: Play) -> None:
    walk.approved(play)
    play.refuses(
        "LATE-ENTRY", "insp1", "show-certificates", at=MONTHS_AGO, **walk.certificates(), **LATE
    )


def test_nothing_happens_before_what_it_rests_on(play: Play) -> None:
    walk.recorded(play, "一般", "一般").at("2026-03-05T09:00")
    before = {"at": moment("2026-03-01T09:00")} | LATE
    item = {"item": "1", "result": "合格"}
    items = [{"hazard": "H1", "due": "2026-03-20"}]
    play.refuses("TIME-ORDER", "insp1", "issue-order", items=items, **before)
    document = walk.order(play, H1="2026-03-20", H2="2026-03-20")
    direct = {"document": document, "method": "直接送达", "receiver": "万一凡"}
    yesterday = {"at": moment("2026-03-04T09:00")} | LATE
    play.refuses("TIME-ORDER", "insp1", "serve-document", **direct, **yesterday)
    play.does("insp1", "serve-document", **direct)
    report = {"hazards": ["H1"], "report": "已整改"}
    play.refuses("TIME-ORDER", "insp1", "report-rectification", **report, **yesterday)
    opinion = walk.opinion("已整改", "H1")
    play.refuses("TIME-ORDER", "insp1", "recheck", **opinion, **yesterday)
    refused = {"document": document, "facts_seen": "拒不整改"}
    play.refuses("TIME-ORDER", "insp1", "record-order-refusal", **refused, **yesterday)
    ask = {"hazards": ["H1"], "due": "2026-04-20", "force_majeure": True, "reason": "洪水"}
    play.refuses("TIME-ORDER", "insp1", "request-extension", **ask, **yesterday)
    play.at("2026-03-10T09:00").does("insp1", "report-rectification", **report)
    play.at("2026-03-11T09:00")
    between = {"at": moment("2026-03-09T09:00")} | LATE
    play.refuses("TIME-ORDER", "insp1", "recheck", **opinion, **between)
    assert item


def test_an_answer_is_not_older_than_the_visit(play: Play) -> None:
    walk.divided(play).at("2026-03-03T09:00")
    before = {"at": moment("2026-03-01T09:00")} | LATE
    play.refuses("TIME-ORDER", "insp1", "answer-item", item="1", result="合格", **before)


def test_a_resumption_is_not_older_than_its_stop(play: Play) -> None:
    walk.stopped(play).at("2026-03-06T09:00")
    asked = {"document": play.said["stop"], "request": "申请"}
    before = {"at": moment("2026-03-01T09:00")} | LATE
    play.refuses("TIME-ORDER", "insp1", "request-resumption", **asked, **before)
    play.does("insp1", "request-resumption", **asked)
    play.does("appr1", "refuse-resumption", document=play.said["stop"], reason="未整改")
    play.at("2026-03-10T09:00")
    between = {"at": moment("2026-03-05T09:00")} | LATE
    play.refuses("TIME-ORDER", "insp1", "request-resumption", **asked, **between)


def test_the_clock_moves_no_due_date_backward(play: Play) -> None:
    """A resumption is decided in the system: it happens when it is entered."""
    walk.served(play, due="2026-04-20").at("2026-03-10")
    stop = {"hazards": ["H1"], "reason": "复议停止执行", "basis": "《行政复议法》第四十二条"}
    play.does("appr1", "suspend-rectification", **stop).at("2026-03-20")
    resume = {"hazards": ["H1"], "reason": "复议终结"}
    for at in ("2026-03-01", "2026-03-15"):
        play.refuses("TIME-NOW", "appr1", "resume-rectification", at=moment(at), **resume)


def test_a_deadline_met_only_afterwards_says_so(play: Play) -> None:
    walk.served(play, due="2026-03-20").until("2026-03-23T09:00")
    opinion = walk.opinion("已整改", "H1")
    play.does("insp1", "recheck", at=moment("2026-03-20T15:00"), **opinion, **LATE)
    met = [e.fact for e in play.log.newest if isinstance(e.fact, DeadlineMet)]
    fix = [fact for fact in met if fact.deadlines[0].rule == "FIX-DUE"]
    assert [(f.late, f.entered_late) for f in fix] == [(False, True)]
    assert "期限内（补录）" in fix[0].words()


def test_evidence_is_of_the_visit_and_of_who_was_there(play: Play) -> None:
    walk.on_site(play)
    given = {
        "kind": "书证",
        "sha256": play.upload("台账"),
        "title": "台账",
        "place": "办公室",
        "taken_by": "insp1",
    }
    before = moment("2026-03-01T09:00")
    play.refuses("EVIDENCE-BEFORE", "insp1", "add-evidence", taken_at=before, **given)
    play.does("insp1", "add-evidence", taken_at=before, handed_in=True, **given)
    play.does("insp1", "add-evidence", taken_at=play.log.now, **given)


def test_evidence_of_who_has_not_come_is_refused(play: Play) -> None:
    walk.on_site(play)
    play.does("insp1", "request-recusal", officer="insp2", own=True, grounds="近亲属")
    play.does("appr1", "grant-recusal", officer="insp2", replacement="insp4")
    given = {
        "kind": "书证",
        "sha256": play.upload("台账"),
        "title": "台账",
        "place": "办公室",
        "taken_by": "insp4",
        "taken_at": play.log.now,
    }
    play.refuses("EVIDENCE-ABSENT", "insp1", "add-evidence", **given)


def test_the_reason_is_stored_and_read_again(play: Play) -> None:
    walk.served(play).at("2026-03-10T09:00")
    report = {"hazards": ["H1"], "report": "已整改", "at": moment("2026-03-09T16:00")}
    play.does("insp1", "report-rectification", **report, **LATE)
    event, mapper = play.log.newest[0], FactMapper(PlainVault())
    stored = mapper.encode(event)
    assert b'"why":' in stored
    again = mapper.decode(play.case, event.originator_version, event.fact.TOPIC, stored)
    assert again.reason == LATE["late_reason"]
