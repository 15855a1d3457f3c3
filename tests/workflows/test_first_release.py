"""A workflow that the first release told goes on: one clock for each hazard, each fires once."""

from collections import Counter

from domain.deadlines import ClockFired, ClockNotNeeded, DeadlineMoved
from tests.workflows.scenario import APPROVER, Case
from tests.workflows.system import System, working
from workflows.messages import (
    SYNC,
    CaseStart,
    CaseState,
    DeadlineClock,
    RungClock,
    workflow_id,
)

HAZARDS = 3
LADDER = ["-3wd", "-1wd", "due", "+1wd", "+3wd"]


def as_told_then(case: Case) -> CaseState:
    """The state in the words of the first release: a key and a count of due dates each."""
    bureau = case.bureau
    inspection = bureau.bihuan.clocks("inspection", case.id)
    deadlines = [
        DeadlineClock(str(d.key), d.version, [RungClock(r.name, r.at) for r in d.rungs])
        for d in inspection.open_deadlines()
    ]
    where = "第8步“闭环管理、执法到位”"
    entered = [1, 2, 3, 4, 5, 8]
    return CaseState(inspection.version, where, entered, deadlines=deadlines)


async def start(at: System, case: Case) -> None:
    """A workflow that knows no more than what it was told then."""
    await at.client.start_workflow(
        "InspectionWorkflow",
        CaseStart("inspection", str(case.id), at.bihuan.store.offset().total_seconds()),
        id=workflow_id("inspection", case.id),
        task_queue=at.queue,
        start_signal=SYNC,
        start_signal_args=[as_told_then(case)],
    )


def fired(at: System, case: Case) -> Counter[tuple[str, str]]:
    facts = at.facts(case.id, ClockFired)
    return Counter((str(key), fact.rung.name) for fact in facts for key in fact.deadlines)


async def test_each_rung_fires_once_for_each_hazard(idle: System) -> None:
    case = idle.bureau.plan().ordered(days=30, hazards=HAZARDS)
    case.do("publish-result", place="政务网站")
    await start(idle, case)
    async with working(idle):
        await idle.skipper.quiet()
        status = await idle.status(case.id)
        assert [d.key for d in status.deadlines] == ["FIX-DUE/H1/1", "FIX-DUE/H2/1", "FIX-DUE/H3/1"]
        await idle.skip(days=40)
        after = await idle.status(case.id)
    keys = [f"FIX-DUE/H{n}/1" for n in range(1, HAZARDS + 1)]
    went = fired(idle, case)
    assert all(went[key, rung] == 1 for key in keys for rung in LADDER)
    assert set(went.values()) == {1}
    assert idle.facts(case.id, ClockNotNeeded) == []
    assert [d.key for d in after.deadlines] == [case.ladder("RECHECK/H1/1")]


async def test_what_was_moved_meanwhile_fires_at_its_new_instant(idle: System) -> None:
    """What the feed tells it next is in the new words, and takes the place of the old."""
    case = idle.bureau.plan().ordered(days=30, hazards=2)
    case.do("publish-result", place="政务网站")
    await start(idle, case)
    asked = {"due": idle.bureau.today().replace(month=5), "force_majeure": True}
    extension = case.do("request-extension", hazards=["H1"], reason="洪水", **asked)
    case.do("grant-extension", APPROVER, due=asked["due"], **extension)
    (moved,) = idle.facts(case.id, DeadlineMoved)
    async with working(idle):
        await idle.skip(days=90)
    went = fired(idle, case)
    assert set(went.values()) == {1}
    planned = {rung.name: rung.at for rung in moved.due.rungs}
    assert [name for name, _ in idle.fired(case.id, "FIX-DUE/H1/1")] == LADDER
    assert all(at >= planned[name] for name, at in idle.fired(case.id, "FIX-DUE/H1/1"))
    assert [name for name, _ in idle.fired(case.id, "FIX-DUE/H2/1")] == LADDER
