"""A whole system in one process: database, worker, feed, and a clock that can be moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from temporalio.client import Client, WorkflowHandle, WorkflowHistoryEventFilterType

from domain.application import Bihuan
from domain.deadlines import ClockFired, Key
from domain.facts import Event, Fact
from domain.law import law
from domain.store import Blobs, EventStore, KeyFile, PersonVault, skip_clock
from tests.conftest import Database
from tests.workflows.pace import PACE
from tests.workflows.scenario import Bureau
from workflows import worker
from workflows.messages import STATUS, CaseStatus, workflow_id
from workflows.server import Server
from workflows.skipping import Skipper

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Whatever the day of the run: how far a due date rolls must not depend on it."""


@dataclass
class System:
    """What a test sees of it."""

    database: Database
    server: Server
    folder: Path
    bureau: Bureau
    client: Client
    skipper: Skipper

    @property
    def bihuan(self) -> Bihuan:
        return self.bureau.bihuan

    @property
    def queue(self) -> str:
        return self.database.name

    async def skip(self, **time: float) -> None:
        await self.skipper.skip(timedelta(**time))

    def handle(self, case: UUID, kind: str = "inspection") -> WorkflowHandle[Any, None]:
        return self.client.get_workflow_handle(workflow_id(kind, case))

    async def status(self, case: UUID, kind: str = "inspection") -> CaseStatus:
        return await self.handle(case, kind).query(STATUS, result_type=CaseStatus)

    async def ended(self, handle: WorkflowHandle[Any, None]) -> None:
        """Wait for the end of one run, whatever follows it."""
        async for _ in handle.fetch_history_events(
            wait_new_event=True, event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT
        ):
            return

    def events(self, case: UUID) -> list[Event]:
        return self.bihuan.store.load([(case, 0)]).events[case]

    def facts(self, case: UUID, kind: type[Fact]) -> list[Any]:
        return [e.fact for e in self.events(case) if isinstance(e.fact, kind)]

    def fired(self, case: UUID, key: str) -> list[tuple[str, datetime]]:
        """Rungs of a deadline that fired, with their business time."""
        return [
            (e.fact.rung.name, e.occurred_at)
            for e in self.events(case)
            if isinstance(e.fact, ClockFired) and Key.read(key) in e.fact.deadlines
        ]

    def work(
        self, queue: str | None = None, pace: worker.Pace = PACE
    ) -> tuple["asyncio.Task[None]", asyncio.Event]:
        """A worker process's inside, as a task; set the event to end it."""
        stop = asyncio.Event()
        store = EventStore(self.database.command, vault=None, pool_size=worker.CONNECTIONS)

        async def run() -> None:
            with store:
                await worker.run(
                    Bihuan(store, law(), self.bihuan.blobs),
                    self.database.command,
                    self.server,
                    stop=stop,
                    task_queue=queue or self.queue,
                    pace=pace,
                )

        return asyncio.create_task(run()), stop


@asynccontextmanager
async def system(
    database: Database, server: Server, folder: Path, start: datetime = MONDAY
) -> AsyncIterator[System]:
    """A founded bureau on a day of its own, without a worker yet."""
    skip_clock(database.owner, start - datetime.now(UTC))
    blobs = folder / "blobs"
    blobs.mkdir()
    with (
        PersonVault(database.command, KeyFile(folder / "master.key").create()) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        bureau = Bureau(Bihuan(store, law(), Blobs(blobs)))
        bureau.found()
        client = await server.connect(identity="test")
        skipper = Skipper(client, bureau.bihuan, dsn=database.command, admin_dsn=database.owner)
        yield System(database, server, folder, bureau, client, skipper)


@asynccontextmanager
async def working(at: System, pace: worker.Pace = PACE) -> AsyncIterator[None]:
    """A worker beside the body."""
    task, stop = at.work(pace=pace)
    try:
        yield
    finally:
        stop.set()
        await task
