"""The worker (工作流进程): workflows, their activity, and the feed from the log."""

import asyncio
import gc

import uvloop

from deploy.processes.wiring import STOPPING, clockwork, settled
from deploy.settings import Settings
from workflows.worker import CONNECTIONS, run

RARELY = (20_000, 20, 10)
"""When to look for garbage in cycles: ten thousand workflows in memory are millions of objects, and
looking through all of them stopped the clocks for seconds at a time."""


def main(settings: Settings, *, feeds: bool) -> None:
    """Run until asked to stop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, feeds=feeds))


async def _run(settings: Settings, *, feeds: bool) -> None:
    stop = asyncio.Event()
    for each in STOPPING:
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    with clockwork(settings, CONNECTIONS) as bihuan:
        gc.set_threshold(*RARELY)
        settled()
        await run(
            bihuan,
            settings.command,
            settings.server,
            stop=stop,
            task_queue=settings.task_queue,
            feeds=feeds,
        )
