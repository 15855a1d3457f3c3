"""Real servers for the tests, started once per run and only when a test asks for them."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Remote
from domain.store import migrate
from workflows.server import Server

TEMPLATE = "bihuan_template"


@dataclass(frozen=True)
class Database:
    """A fresh, migrated database: one connection string per role."""

    name: str
    server: Postgres

    @property
    def owner(self) -> str:
        """The superuser, who may do everything."""
        return self.server.dsn(database=self.name)

    @property
    def command(self) -> str:
        """Appends to the log."""
        return self.server.dsn("bihuan_command", self.name)

    @property
    def reader(self) -> str:
        """Reads projections."""
        return self.server.dsn("bihuan_reader", self.name)

    @property
    def projector(self) -> str:
        """Owns the projections."""
        return self.server.dsn("bihuan_projector", self.name)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running PostgreSQL that need not survive a power cut."""
    folder = tmp_path_factory.mktemp("postgres")
    server = Postgres(folder / "data", folder / "postgres.log", durable=False)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres(postgres_server: Postgres) -> str:
    """Connection string of the superuser, without our schemas."""
    return postgres_server.dsn(database="postgres")


@pytest.fixture(scope="session")
def new_database(postgres_server: Postgres, postgres: str) -> Callable[[], Database]:
    """Makes a fresh migrated database, by copying one that was migrated once."""
    numbers = count(1)
    template = Database(TEMPLATE, postgres_server)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate(template.owner)

    def make() -> Database:
        name = f"bihuan_{next(numbers)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
            # A copy has the schemas of its template but not the database's own rights.
            connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            connection.execute(
                f"GRANT CONNECT ON DATABASE {name}"
                " TO bihuan_command, bihuan_reader, bihuan_projector"
            )
        return Database(name, postgres_server)

    return make


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    """A fresh migrated database for one test."""
    return new_database()


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Temporal server that can skip time."""
    folder = tmp_path_factory.mktemp("temporal")
    program = find(skipping=True, say=print)
    assert not isinstance(program, Remote)
    server = Temporal(program, folder, folder / "temporal.log", skipping=True, durable=False)
    try:
        server.start()
        yield server.server
    finally:
        server.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("只有 root 能挂载小磁盘")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a real Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("没有 Chromium，页面测试跳过：make test 会在 Debian 上以 root 自动安装。")
