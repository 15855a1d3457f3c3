from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Remote
from tests.conftest import Database
from tests.workflows.system import System, system
from workflows.server import Server


@pytest.fixture
async def idle(
    database: Database, temporal_server: Server, tmp_path: Path
) -> AsyncIterator[System]:
    """A system on the shared Temporal server, without a worker."""
    async with system(database, temporal_server, tmp_path) as made:
        yield made


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Temporal]:
    """A Temporal server of the test's own, to be killed."""
    program = find(skipping=True, say=print)
    assert not isinstance(program, Remote)
    folder = tmp_path / "temporal"
    server = Temporal(program, folder, tmp_path / "temporal.log", skipping=True)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
async def alone(database: Database, own_server: Temporal, tmp_path: Path) -> AsyncIterator[System]:
    """A system on that server, without a worker."""
    async with system(database, own_server.server, tmp_path) as made:
        yield made
