"""Bringing any case that was recorded to its end: what officers and approvers would do."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from domain.deadlines import Status
from domain.errors import Refusal
from domain.inspection import Inspection, Step
from tests.domain import walk
from tests.domain.given import Play


def end(play: Play) -> None:
    """Close the case, unless it has ended, waits for a filed case, or is still on site."""
    case = play.inspection
    if case.terminal or case.step < Step.SERVE_DOCUMENTS or "approved" in case.proposals.values():
        return
    _record(play)
    if not case.shut_down:
        _answer(play)
        _order_and_serve(play)
        _remove(play)
        _lift(play)
    _answer(play)
    if not play.inspection.published:
        walk.publish(play)
    walk.close(play)


def _record(play: Play) -> None:
    if not any(p.document.code == "RECORD" for p in play.inspection.papers.values()):
        given: dict[str, Any] = {"findings": "详见附页", "signature": walk.SIGNED}
        play.does("insp1", "make-record", **given)


def _answer(play: Play) -> None:
    """Refuse what is asked for, let suspended dates run on."""
    for proposal, status in play.inspection.proposals.items():
        if status == "proposed":
            kind = {"penalty": "filing", "transfer": "transfer"}[play.log.kinds[proposal]]
            play.does("appr1", f"refuse-{kind}", target=proposal, reason="不予")
    for name, extension in play.inspection.extensions.items():
        if not extension.answered:
            play.does("appr1", "refuse-extension", extension=name, reason="不同意")
    case = play.inspection
    for hazard in case.hazards.values():
        deadline = case.deadlines.get(hazard.fix_key)
        if deadline and deadline.status is Status.SUSPENDED:
            go = {"hazards": [hazard.no], "reason": "终结"}
            play.does("appr1", "resume-rectification", **go)


def _order_and_serve(play: Play) -> None:
    unordered = [h.no for h in play.inspection.open_hazards() if not h.served]
    waiting = {no for p in play.inspection.unserved() for no in p.hazards}
    if fresh := [no for no in unordered if no not in waiting]:
        walk.order(play, **dict.fromkeys(fresh, _soon(play)))
    for paper in play.inspection.unserved():
        try:
            walk.serve(play, str(paper.document.id))
        except Refusal as late:
            _make_anew(play, list(paper.dues), late)


def _make_anew(play: Play, hazards: list[str], late: Refusal) -> None:
    """The refusal says: 请重新制作指令书; for removed hazards there is nothing to make."""
    assert late.rule == "SERVE-LATE"
    case: Inspection = play.inspection
    if still := [no for no in hazards if not case.hazards[no].settled]:
        walk.serve(play, walk.order(play, **dict.fromkeys(still, _soon(play))))


def _remove(play: Play) -> None:
    if still := [h.no for h in play.inspection.open_hazards()]:
        walk.recheck(play, "已整改", *still)


def _lift(play: Play) -> None:
    for document, paper in play.inspection.papers.items():
        if paper.measure and paper.measure.stops and paper.served_on and not paper.lifted:
            with suppress(Refusal):  # asked for already
                play.does("insp1", "request-resumption", document=document, request="申请")
            play.does("appr1", "agree-resumption", document=document)


def _soon(play: Play) -> str:
    return str(play.log.now.date() + timedelta(days=5))
