from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.workflows.system import System, system, working
from workflows.server import Server


@pytest.fixture
async def idle(
    database: Database, temporal_server: Server, tmp_path: Path
) -> AsyncIterator[System]:
    """A system whose worker does not run."""
    async with system(database, temporal_server, tmp_path) as made:
        yield made


@pytest.fixture
async def running(idle: System) -> AsyncIterator[System]:
    """A system at work."""
    async with working(idle):
        yield idle
