"""Temporal alone: workflows that wait for eight signals, or for an instant; needs only its SDK.

No HTTP, no rules, no log, no database of ours; one worker, as in its tutorials.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.service import TLSConfig
from temporalio.worker import Worker

STEPS, QUEUE = 8, "bare"
AT_ONCE, STARTED_PER_SECOND = 20, 60


@workflow.defn
class Steps:
    def __init__(self) -> None:
        self.done = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self.done == STEPS)
        return self.done

    @workflow.signal
    def step(self) -> None:
        self.done += 1


@activity.defn
async def fired() -> float:
    return time.time()


@workflow.defn
class Clock:
    @workflow.run
    async def run(self, due: float) -> float:
        await asyncio.sleep(max(due - workflow.time(), 0))
        return await workflow.execute_activity(fired, start_to_close_timeout=timedelta(minutes=1))


async def lifecycle(client: Client) -> float:
    began = time.perf_counter()
    handle = await client.start_workflow(Steps.run, id=f"bare-{uuid4()}", task_queue=QUEUE)
    for _ in range(STEPS):
        await handle.signal(Steps.step)
    assert await handle.result() == STEPS
    return time.perf_counter() - began


def connected(server: str) -> Awaitable[Client]:
    """A client of a server named as its address and its folder of certificates."""
    address, folder = server.split(",")
    shown = [Path(folder, name).read_bytes() for name in ("ca.pem", "client.pem", "client.key")]
    return Client.connect(address, tls=TLSConfig(shown[0], None, shown[1], shown[2]))


async def serve(server: str) -> None:
    client = await connected(server)
    await Worker(client, task_queue=QUEUE, workflows=[Steps, Clock], activities=[fired]).run()


async def drive(server: str, people: int, cases: int) -> None:
    """Print the seconds the round took and those of every lifecycle."""
    client = await connected(server)

    async def carry(cases: int) -> list[float]:
        return [await lifecycle(client) for _ in range(cases)]

    await asyncio.gather(*(carry(1) for _ in range(people)))  # warm
    began = time.perf_counter()
    lives = await asyncio.gather(*(carry(cases) for _ in range(people)))
    took = time.perf_counter() - began
    tell(took, [s for each in lives for s in each])


async def wait(server: str, clocks: int) -> None:
    """Clocks that are all due at once; print when the last had fired, and how late each was."""
    client, limit = await connected(server), asyncio.Semaphore(AT_ONCE)
    due = time.time() + clocks / STARTED_PER_SECOND

    async def begin() -> WorkflowHandle[Clock, float]:
        async with limit:
            return await client.start_workflow(
                Clock.run, due, id=f"bare-{uuid4()}", task_queue=QUEUE
            )

    async def late(clock: WorkflowHandle[Clock, float]) -> float:
        async with limit:
            return await clock.result() - due

    begun = await asyncio.gather(*(begin() for _ in range(clocks)))
    assert time.time() < due
    seconds = await asyncio.gather(*map(late, begun))
    tell(max(seconds), seconds)


def tell(took: float, seconds: list[float]) -> None:
    print(json.dumps({"took": took, "seconds": seconds}))  # noqa: T201 - read by peers.py


def main(server: str, *sizes: int) -> None:
    """Be a worker, or drive one: with people and cases, or with clocks."""
    if not sizes:
        asyncio.run(serve(server))
        return
    worker = subprocess.Popen([sys.executable, __file__, server])
    try:
        asyncio.run(wait(server, *sizes) if len(sizes) == 1 else drive(server, *sizes))
    finally:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
