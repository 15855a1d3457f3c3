"""Our namespace on a Temporal server (命名空间): made where it is missing, known by its id."""

import time
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
)
from temporalio.service import RPCError, RPCStatusCode

from deploy.embedded.aside import run_aside
from deploy.embedded.temporal_program import Remote
from deploy.trouble import Trouble
from workflows.server import Server

NAMESPACE = "default"
RETENTION = timedelta(days=7)
REACHED_WITHIN = 10.0


async def ensure_namespace(server: Server) -> str:
    """Make our namespace where it is missing; fails while the server does not know it yet.

    Returns its id: a server with another id has another database.
    """
    service = (await server.connect()).workflow_service
    wanted = RegisterNamespaceRequest(
        namespace=NAMESPACE,
        workflow_execution_retention_period=Duration(seconds=int(RETENTION.total_seconds())),
    )
    try:
        await service.register_namespace(wanted)
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:
            raise
    await service.count_workflow_executions(CountWorkflowExecutionsRequest(namespace=NAMESPACE))
    known = await service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
    return known.namespace_info.id


def reach(remote: Remote) -> str:
    """See that a server of somebody else answers and has our namespace; returns its id."""
    deadline = time.monotonic() + REACHED_WITHIN
    while True:
        try:
            return run_aside(ensure_namespace(remote.server))
        except (RuntimeError, RPCError, OSError) as error:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"无法使用 TEMPORAL_ADDRESS 指定的时钟服务 {remote.server.address}，请检查。",
                    str(error),
                ) from error
        time.sleep(0.2)
