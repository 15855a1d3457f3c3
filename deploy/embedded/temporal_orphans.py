"""Tasks that a dead worker left (遗留任务): handed to the others at once, not after its time.

The tasks of workflows that a worker holds in memory wait in a queue of its own, for minutes: a busy
worker shall not lose them. When it dies nobody asks there. Temporal lets whoever does give a task
back to the queue that all workers share.
"""

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueKind, WorkflowTaskFailedCause
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    RespondWorkflowTaskFailedRequest,
    ShutdownWorkerRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from deploy.embedded.temporal_namespace import NAMESPACE
from workflows.server import Server

IDENTITY = "bihuan-heir"
EMPTY_AFTER = timedelta(seconds=3)
"""Temporal refuses whoever cannot wait two seconds, and answers a second before the time."""
_OWN = re.compile(r"(\d+)@.+-[0-9a-f]{32}")
"""How the SDK names a worker's own queue: process number, machine, and something at random."""
_NAMESPACE_ID, _KIND = 16, 1
"""Bytes of a stored name before and after the name itself."""


def release(server: Server, database: Path, task_queue: str, dead: int | None = None) -> int:
    """Give back what waits for the worker of that process number, or for whatever worker.

    Without a number no worker may be running. Returns how many tasks there were; fails with
    ``RPCError``, ``RuntimeError`` or ``sqlite3.Error``, and then they wait for their time.
    """
    return asyncio.run(_release(server, _queues(database, dead), task_queue))


def _queues(database: Path, dead: int | None) -> list[str]:
    """Queues of dead workers. Where none lives, those with tasks will do: nobody adds to others."""
    table = "tasks" if dead is None else "task_queues"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT DISTINCT task_queue_id FROM {table}").fetchall()  # noqa: S608 - one of two
    names = [bytes(stored)[_NAMESPACE_ID:-_KIND].decode(errors="replace") for (stored,) in rows]
    owners = {name: found[1] for name in names if (found := _OWN.fullmatch(name))}
    return [name for name, owner in owners.items() if dead is None or int(owner) == dead]


async def _release(server: Server, names: list[str], task_queue: str) -> int:
    if not names:
        return 0
    client = await server.connect(identity=IDENTITY)
    return sum(await asyncio.gather(*(_empty(client, name, task_queue) for name in names)))


async def _empty(client: Client, name: str, task_queue: str) -> int:
    """Take every task and give it back; then close the queue, for asking made it seem alive."""
    own = TaskQueue(name=name, kind=TaskQueueKind.TASK_QUEUE_KIND_STICKY, normal_name=task_queue)
    ask = PollWorkflowTaskQueueRequest(namespace=NAMESPACE, identity=IDENTITY, task_queue=own)
    service, count = client.workflow_service, 0
    while token := await _next(client, ask):
        await service.respond_workflow_task_failed(
            RespondWorkflowTaskFailedRequest(
                namespace=NAMESPACE,
                identity=IDENTITY,
                task_token=token,
                cause=WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
            )
        )
        count += 1
    await service.shutdown_worker(
        ShutdownWorkerRequest(namespace=NAMESPACE, identity=IDENTITY, sticky_task_queue=name)
    )
    return count


async def _next(client: Client, ask: PollWorkflowTaskQueueRequest) -> bytes:
    """A task's token; empty when none has come for a while."""
    try:
        answer = await client.workflow_service.poll_workflow_task_queue(ask, timeout=EMPTY_AFTER)
    except RPCError as error:
        if error.status in {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}:
            return b""
        raise
    return answer.task_token
