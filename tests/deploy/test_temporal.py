"""A real Temporal server keeps its workflows and clocks through stops and crashes."""

import asyncio
import shutil
import socket
import sqlite3
import ssl
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from deploy.embedded.certificates import Certificates
from deploy.embedded.temporal import Temporal, remembered_server
from deploy.embedded.temporal_config import PORTS
from deploy.embedded.temporal_list import slim
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Program
from deploy.trouble import Trouble
from workflows.server import Server

from .programs import script

LISTENING = "0A"
LOOPBACK = "0100007F"
"""127.0.0.1 as the kernel writes it on this kind of processor."""


@workflow.defn(name="test-sleep")
class Sleep:
    @workflow.run
    async def run(self, days: int) -> str:
        await workflow.sleep(timedelta(days=days))
        return "awake"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Temporal]:
    program = find(skipping=True, say=print)
    assert isinstance(program, Program)
    log = tmp_path / "temporal.log"
    server = Temporal(program, tmp_path / "temporal", log, skipping=True, durable=False)
    yield server
    server.stop()


async def begin(server: Temporal) -> None:
    client = await server.server.connect()
    await client.start_workflow(Sleep.run, 90, id="sleeper", task_queue="t")


async def wake(server: Temporal) -> str:
    """Let 90 days pass for the sleeper."""
    client = await server.server.connect()
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue="t", workflows=[Sleep], workflow_runner=runner):
        handle = client.get_workflow_handle_for(Sleep.run, "sleeper")
        await TimeSkipper(client).fast_forward(handle, timedelta(days=90))
        return await handle.result()


async def test_a_stopped_server_goes_on_with_its_workflows_at_the_same_address(
    server: Temporal,
) -> None:
    server.start()
    before = server.address
    await begin(server)
    server.stop()
    server.start()
    assert server.address == before
    assert await wake(server) == "awake"


async def test_a_killed_server_loses_no_workflow(server: Temporal) -> None:
    server.start()
    await begin(server)
    assert server.process
    server.process.kill()
    server.process.wait()
    server.start()
    assert await wake(server) == "awake"


async def test_the_list_of_workflows_needs_few_indexes(server: Temporal, tmp_path: Path) -> None:
    server.start()
    await begin(server)
    client = await server.server.connect()
    for query in ("WorkflowId = 'sleeper'", "WorkflowType = 'test-sleep'", ""):
        assert await first_listed(client, query) == "sleeper"
    server.stop()
    assert indexes(tmp_path / "temporal") == {"default_idx", "by_workflow_id"}


def test_a_server_that_keeps_its_list_elsewhere_is_left_alone(tmp_path: Path) -> None:
    slim(tmp_path / "none.sqlite")
    assert not list(tmp_path.iterdir())


async def first_listed(client: Client, query: str) -> str:
    """The list follows the workflows a moment later."""
    async with asyncio.timeout(20):
        while True:
            async for found in client.list_workflows(query):
                return found.id


def indexes(folder: Path) -> set[str]:
    (database,) = folder.glob("*.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        return {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                " AND tbl_name = 'executions_visibility'"
            )
        }


def test_a_new_start_takes_the_ports_of_the_last_one(server: Temporal, tmp_path: Path) -> None:
    server.start()
    server.stop()
    again = Temporal(
        Program(Path("unused"), (1, 32), is_command=False),
        tmp_path / "temporal",
        tmp_path / "temporal.log",
    )
    assert again.address == server.address
    assert remembered_server(tmp_path / "temporal") == server.server


def test_it_listens_on_loopback_only(server: Temporal) -> None:
    found = _listens_on(server.start().pid)
    assert {address for address, _ in found} == {LOOPBACK}
    assert len(found) == PORTS  # no metrics, no profiler, no HTTP


async def test_a_client_without_a_certificate_is_refused(server: Temporal) -> None:
    server.start()
    with pytest.raises(RuntimeError, match="Failed client connect"):
        await Client.connect(server.address)


async def test_a_certificate_of_another_authority_is_refused(
    server: Temporal, tmp_path: Path
) -> None:
    server.start()
    forged = Certificates(tmp_path / "forged")
    forged.ensure()
    with pytest.raises(RuntimeError, match="Failed client connect"):
        await Server(server.address, forged.folder).connect()
    # The same with the true authority to believe: now it is the server that refuses.
    shutil.copy(Certificates(tmp_path / "temporal" / "tls").authority, forged.authority)
    with pytest.raises(RuntimeError, match="Failed client connect"):
        await Server(server.address, forged.folder).connect()


def test_every_port_asks_for_a_certificate(server: Temporal, tmp_path: Path) -> None:
    pid = server.start().pid
    anybody = ssl.create_default_context(cafile=tmp_path / "temporal" / "tls" / "ca.pem")
    for _, port in _listens_on(pid):
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            anybody.wrap_socket(plain, server_hostname="127.0.0.1") as line,
            pytest.raises(ssl.SSLError, match="certificate required"),
        ):
            line.recv(1)


def test_only_we_may_read_the_keys(server: Temporal, tmp_path: Path) -> None:
    server.start()
    folder = tmp_path / "temporal" / "tls"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(
        ("ca.pem", "server.pem", "server.key", "client.pem", "client.key"), 0o600
    )
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def _listens_on(pid: int) -> set[tuple[str, int]]:
    """Addresses, as the kernel writes them, and ports on which a process listens."""
    links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    ours = {link.removeprefix("socket:[").removesuffix("]") for link in links}
    tables = [Path(f"/proc/{pid}/net/{name}") for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    found = [line[1].split(":") for line in lines if line[3] == LISTENING and line[9] in ours]
    return {(address, int(port, 16)) for address, port in found}


def test_a_server_that_does_not_come_up_is_told_in_its_own_words(tmp_path: Path) -> None:
    broken = script(tmp_path / "temporal", "echo 'sql schema version mismatch'", "exit 1")
    program = Program(broken, (1, 32), is_command=False)
    server = Temporal(program, tmp_path / "data", tmp_path / "temporal.log")
    with pytest.raises(Trouble, match=r"Temporal 服务器无法启动：.*schema version mismatch"):
        server.start()


def test_the_command_is_started_as_a_quiet_development_server(tmp_path: Path) -> None:
    command = script(tmp_path / "temporal", 'echo "$@"', "exit 1")
    server = Temporal(
        Program(command, (1, 33), is_command=True),
        tmp_path / "data",
        tmp_path / "temporal.log",
        skipping=True,
    )
    with pytest.raises(Trouble) as trouble:
        server.start()
    said = str(trouble.value)
    assert "server start-dev --headless --ip 127.0.0.1 --port" in said
    assert f"--db-filename {tmp_path / 'data' / 'temporal-1.33.sqlite'}" in said
    assert "--dynamic-config-value frontend.WorkflowTimeSkippingEnabled=true" in said
