"""A dead worker's tasks go to the others at once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.api.taskqueue.v1 import StickyExecutionAttributes, TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    RespondWorkflowTaskCompletedRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_namespace import NAMESPACE
from deploy.embedded.temporal_orphans import release
from deploy.embedded.temporal_program import Program

COMMON = "all"
DEAD, OTHER = 4711, 4712
CASES = 5


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Temporal]:
    program = find(skipping=False, say=print)
    assert isinstance(program, Program)
    server = Temporal(program, tmp_path / "t", tmp_path / "temporal.log", durable=False)
    server.start()
    yield server
    server.stop()


def own(pid: int) -> TaskQueue:
    """The queue of a worker of that process number, as the SDK names it."""
    kind = TaskQueueKind.TASK_QUEUE_KIND_STICKY
    return TaskQueue(name=f"{pid}@host-{'0' * 32}", kind=kind, normal_name=COMMON)


async def next_task(client: Client, queue: TaskQueue, seconds: float = 3) -> bytes:
    ask = PollWorkflowTaskQueueRequest(namespace=NAMESPACE, task_queue=queue, identity="test")
    try:
        answer = await client.workflow_service.poll_workflow_task_queue(
            ask, timeout=timedelta(seconds=seconds)
        )
    except RPCError:
        return b""
    return answer.task_token


async def keep(client: Client, pid: int) -> None:
    """Be a worker: take a new workflow's first task, and have the next ones for oneself."""
    token = await next_task(client, TaskQueue(name=COMMON))
    timeout = Duration(seconds=150)
    sticky = StickyExecutionAttributes(
        worker_task_queue=own(pid), schedule_to_start_timeout=timeout
    )
    await client.workflow_service.respond_workflow_task_completed(
        RespondWorkflowTaskCompletedRequest(
            namespace=NAMESPACE, task_token=token, identity="test", sticky_attributes=sticky
        )
    )


async def left_by(client: Client, pid: int) -> None:
    """Workflows whose worker dies just before each is told of something."""
    handles = [
        await client.start_workflow("w", id=f"{pid}-{n}", task_queue=COMMON) for n in range(CASES)
    ]
    for _ in handles:
        await keep(client, pid)
    assert await next_task(client, own(pid)) == b""  # it asked until now
    for handle in handles:
        await handle.signal("s")


@pytest.mark.parametrize("dead", [DEAD, None])
async def test_they_are_given_to_whoever_asks(server: Temporal, dead: int | None) -> None:
    client = await server.server.connect()
    await left_by(client, DEAD)
    assert await next_task(client, TaskQueue(name=COMMON)) == b""
    count = await asyncio.to_thread(release, server.server, server.database, COMMON, dead)
    assert count == CASES
    taken = [await next_task(client, TaskQueue(name=COMMON)) for _ in range(CASES)]
    assert all(taken)


async def test_what_comes_later_passes_the_dead_one_by(server: Temporal) -> None:
    client = await server.server.connect()
    await left_by(client, DEAD)
    await asyncio.to_thread(release, server.server, server.database, COMMON, DEAD)
    for _ in range(CASES):
        await keep(client, DEAD)  # whoever took them is of the same queue, and dead as well
    await client.get_workflow_handle(f"{DEAD}-0").signal("s")
    assert await next_task(client, TaskQueue(name=COMMON))


async def test_those_of_a_living_worker_stay_with_it(server: Temporal) -> None:
    client = await server.server.connect()
    await left_by(client, OTHER)
    assert await asyncio.to_thread(release, server.server, server.database, COMMON, DEAD) == 0
    taken = [await next_task(client, own(OTHER)) for _ in range(CASES)]
    assert all(taken)
