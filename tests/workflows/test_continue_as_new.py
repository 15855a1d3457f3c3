"""A long history is begun anew; the clocks and the place in the method go with it."""

from temporalio.client import WorkflowExecutionStatus

from tests.workflows.system import System
from workflows.messages import SYNC, CaseState

KILOBYTES = 450
ENOUGH = 16
"""The server suggests a new history from four megabytes on."""


async def test_clocks_survive(running: System) -> None:
    case = running.bureau.plan().ordered(days=30)
    await running.skipper.quiet()
    before = await running.status(case.id)
    first = (await running.handle(case.id).describe()).run_id
    seen = CaseState(version=0, where="-" * KILOBYTES * 1024)
    for _ in range(ENOUGH):
        await running.handle(case.id).signal(SYNC, seen)
    old = running.client.get_workflow_handle(running.handle(case.id).id, run_id=first)
    await running.ended(old)

    assert (await old.describe()).status is WorkflowExecutionStatus.CONTINUED_AS_NEW
    after = await running.status(case.id)
    assert (after.version, after.steps) == (before.version, [8])
    assert (after.next, after.deadlines) == (before.next, before.deadlines)
    await running.skip(days=40)
    fired = [name for name, _ in running.fired(case.id, "FIX-DUE/H1/1")]
    assert fired == ["-3wd", "-1wd", "due", "+1wd", "+3wd"]
