"""The worker process (时钟进程): workflows, their activity and the feed, wired in one place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Stop

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.application import Bihuan
from workflows.activities import Activities
from workflows.any_case import AnyCaseWorkflow
from workflows.feed import Feed
from workflows.inspection import InspectionWorkflow
from workflows.messages import TASK_QUEUE
from workflows.payloads import CONVERTER
from workflows.server import Server
from workflows.tell import LULL, Teller
from workflows.together import REST

ALL = [InspectionWorkflow, AnyCaseWorkflow]
CONNECTIONS = 3
"""Of the store: for firing, for the feed, and one to spare."""
PAUSE = 1.0
"""Seconds before a part that has failed is run again."""
GRACE = timedelta(seconds=10)
"""For activities at work when the process is told to end."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How long a task may be lost when a worker dies, and how much is held in memory."""

    sticky: timedelta = timedelta(seconds=150)
    """So long the tasks at hand of a worker that dies wait for another; later ones pass it by after
    ten seconds. Longer than a midnight: what a busy worker lets wait longer is replayed from the
    start: ten thousand clocks took up to a third longer."""
    task: timedelta = timedelta(seconds=10)
    cached: int = 10_000
    """Workflows held in memory, about 100 KB each; others are replayed when something happens."""
    tasks: int = 40
    polls: int = 16
    """Requests for tasks open at once: a task that finds nobody asking is written down by Temporal
    first, with five polls most tasks of a midnight."""
    hasty: bool = False
    """Tell and fire at once, without rest: for tests and plays, where somebody waits for it."""


PRODUCTION = Pace()


def make_worker(
    client: Client, bihuan: Bihuan, task_queue: str, hand: Executor, pace: Pace
) -> Worker:
    """A worker for all kinds of case, not yet running."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=ALL,
        activities=[Activities(bihuan, hand, 0 if pace.hasty else REST).fire],
        max_concurrent_local_activities=pace.tasks,
        no_remote_activities=True,
        # A sandbox imports the workflow anew for every case, half the cost of a clock. Workflow
        # modules import nothing but the SDK, and the tests replay every history in the sandbox.
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=pace.cached,
        max_concurrent_workflow_tasks=pace.tasks,
        max_concurrent_workflow_task_polls=pace.polls,
        sticky_queue_schedule_to_start_timeout=pace.sticky,
        graceful_shutdown_timeout=GRACE,
    )


async def run(
    bihuan: Bihuan,
    dsn: str,
    server: Server,
    *,
    stop: asyncio.Event,
    task_queue: str = TASK_QUEUE,
    pace: Pace = PRODUCTION,
    feeds: bool = True,
) -> None:
    """Run worker and feed until ``stop``; neither a database nor a Temporal that is away ends them.

    Args:
        bihuan: the application; its store needs no vault, clocks carry no personal data.
        dsn: connection string of the command role, to follow the log.
        server: where Temporal is.
        stop: set it for a clean end.
        task_queue: workers of one system share it.
        pace: time limits and sizes.
        feeds: whether this one runs the feed; of several workers one does.
    """
    ending = Stop()

    async def feed(client: Client) -> None:
        lull = timedelta() if pace.hasty else LULL
        teller = Teller(client, task_queue, task_timeout=pace.task, lull=lull)
        await asyncio.to_thread(Feed(bihuan, dsn, teller, hasty=pace.hasty).run, ending)

    async def worker(client: Client) -> None:
        with ThreadPoolExecutor(1, thread_name_prefix="fire") as hand:
            await _until(make_worker(client, bihuan, task_queue, hand, pace), stop)

    parts = [
        asyncio.create_task(_keep(part, server, stop), name=part.__name__)
        for part in ((feed, worker) if feeds else (worker,))
    ]
    try:
        await stop.wait()
    finally:
        stop.set()
        ending.set()
        await asyncio.gather(*parts)


async def _until(worker: Worker, stop: asyncio.Event) -> None:
    """Run a worker until ``stop`` or its own fatal error."""
    running = asyncio.create_task(worker.run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        await worker.shutdown()
    await running


async def _keep(
    part: Callable[[Client], Awaitable[None]], server: Server, stop: asyncio.Event
) -> None:
    """Connect, run, and after an error connect and run again."""
    while not stop.is_set():
        try:
            await part(await server.connect(data_converter=CONVERTER))
        except (RPCError, RuntimeError, OSError) as error:
            _LOG.warning("%s is interrupted: %s", part.__name__, error)
        except Exception:  # noqa: BLE001 - the clocks must go on, whatever it was
            _LOG.exception("%s has failed", part.__name__)
        if not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)
