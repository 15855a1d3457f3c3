"""A timer that runs ahead of the log's clock fires nothing: it waits and tries again (F16)."""

from datetime import timedelta

from temporalio.testing import TimeSkipper, TimeSkippingConfig

from domain.store import skip_clock
from tests.workflows.system import System
from workflows.messages import CaseStatus

AHEAD = timedelta(seconds=20)


async def test_never_early_and_once_in_the_end(running: System) -> None:
    case = running.bureau.plan().ordered(days=30)
    await running.skipper.quiet()
    status: CaseStatus = await running.status(case.id)
    assert status.next is not None
    wait = status.next - status.now + AHEAD
    times = TimeSkipper(running.client, config=TimeSkippingConfig(enabled=False))

    await times.fast_forward(running.handle(case.id), wait)
    held = await running.status(case.id)
    assert held.next is not None
    assert held.next > held.now
    assert running.fired(case.id, "PUB-INSP") == []

    skip_clock(running.database.owner, wait)
    await times.fast_forward(running.handle(case.id), timedelta(seconds=70))
    assert [name for name, _ in running.fired(case.id, "PUB-INSP")] == ["-3wd"]
