"""What a newer program wrote waits for it: an older one neither fails on it nor passes it over."""

import logging

import pytest

from tests.kinds.conftest import PACKAGE
from tests.kinds.registered import known
from tests.workflows.conftest import idle
from tests.workflows.scenario import INSPECTOR
from tests.workflows.system import System, working
from tests.workflows.test_feed import met
from workflows.feed import lag

__all__ = ["idle"]


async def test_the_clocks_of_a_kind_that_a_worker_does_not_know_wait_for_one_that_does(
    idle: System, caplog: pytest.LogCaptureFixture
) -> None:
    fields = {"enterprise": idle.bureau.enterprise, "about": "夜间违规动火"}
    with known(PACKAGE):
        case = idle.bureau.do(INSPECTOR, "complaints", "receive-complaint", **fields).id
    late = idle.bureau.plan()

    async def told() -> bool:
        return (await idle.status(late.id)).steps == [1]

    async with working(idle):
        await met(idle, told)
    assert lag(idle.bihuan, idle.database.command) > 0
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
    with known(PACKAGE):
        async with working(idle):
            await idle.skipper.quiet()
            await idle.skip(days=15)
            fired = [name for name, _ in idle.fired(case, "RECON-ANS")]
    assert fired == ["-3wd", "-1wd", "due", "+1wd"]
    assert lag(idle.bihuan, idle.database.command) == 0
