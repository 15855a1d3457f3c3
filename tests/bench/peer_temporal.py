"""Temporal alone: workflows that wait for eight signals, nothing else; needs only its SDK.

No HTTP, no rules, no log, no database of ours; one worker, as in its tutorials.
"""

import asyncio
import json
import subprocess
import sys
import time
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

STEPS, QUEUE = 8, "bare"


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


async def lifecycle(client: Client) -> float:
    began = time.perf_counter()
    handle = await client.start_workflow(Steps.run, id=f"bare-{uuid4()}", task_queue=QUEUE)
    for _ in range(STEPS):
        await handle.signal(Steps.step)
    assert await handle.result() == STEPS
    return time.perf_counter() - began


async def serve(address: str) -> None:
    client = await Client.connect(address)
    await Worker(client, task_queue=QUEUE, workflows=[Steps]).run()


async def drive(address: str, people: int, cases: int) -> None:
    """Print the seconds the round took and those of every lifecycle."""
    client = await Client.connect(address)

    async def carry(cases: int) -> list[float]:
        return [await lifecycle(client) for _ in range(cases)]

    await asyncio.gather(*(carry(1) for _ in range(people)))  # warm
    began = time.perf_counter()
    lives = await asyncio.gather(*(carry(cases) for _ in range(people)))
    took = time.perf_counter() - began
    print(json.dumps({"took": took, "seconds": [s for each in lives for s in each]}))  # noqa: T201 - read by peers.py


def main(address: str, *sizes: int) -> None:
    """Drive a worker in a process of its own, or, without sizes, be that worker."""
    if not sizes:
        asyncio.run(serve(address))
        return
    worker = subprocess.Popen([sys.executable, __file__, address])
    try:
        asyncio.run(drive(address, *sizes))
    finally:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
