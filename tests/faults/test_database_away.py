"""PostgreSQL goes away while a clock is due: it fires when the database is back, once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from domain.store import skip_clock
from tests.conftest import Database
from tests.faults.lives import wait_until
from tests.workflows.system import System, working
from workflows.messages import CaseStatus

KEY = "FIX-DUE/H1/1"


@contextmanager
def away(database: Database, postgres: str) -> Iterator[None]:
    """Nobody gets in, and those who were in are thrown out."""
    allow = f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS "
    out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"{allow} false".encode())
        connection.execute(out, (database.name,))
        try:
            yield
        finally:
            connection.execute(f"{allow} true".encode())


async def test_a_clock_outlives_the_outage(idle: System, postgres: str) -> None:
    case = idle.bureau.plan().ordered()
    case.do("publish-result", place="政务网站")
    times = TimeSkipper(idle.client, config=TimeSkippingConfig(enabled=False))
    async with working(idle):
        await idle.skipper.quiet()
        status: CaseStatus = await idle.status(case.id)
        assert status.next is not None
        wait = status.next - status.now + timedelta(seconds=2)
        skip_clock(idle.database.owner, wait)
        with away(idle.database, postgres):
            await times.fast_forward(idle.handle(case.id), wait)
        await times.fast_forward(idle.handle(case.id), timedelta(seconds=60))
        await asyncio.to_thread(
            wait_until, idle.bihuan.store, lambda: idle.fired(case.id, KEY) != []
        )
        assert [name for name, _ in idle.fired(case.id, KEY)] == ["-3wd"]
        described = await idle.handle(case.id).describe()
        assert described.status is WorkflowExecutionStatus.RUNNING

        another = idle.bureau.plan()
        await idle.skipper.quiet()
        assert (await idle.status(another.id)).steps == [1]
