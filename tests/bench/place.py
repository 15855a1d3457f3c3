"""A durable system to measure: real PostgreSQL with fsync, the demo world, our real processes."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from api.auth import set_password
from deploy.demo.world import PASSWORD, seed
from deploy.embedded.postgres import Postgres
from deploy.embedded.service import Service
from deploy.embedded.system import WEB_PROCESSES, WORKERS
from deploy.folder import DataFolder, prepare
from deploy.network import LOOPBACK, listen, serves
from deploy.processes.wiring import application
from deploy.settings import Settings
from domain.application import Bihuan
from domain.store import KeyFile, migrate

ACCOUNTS = ("insp1", "insp2", "appr1")


@dataclass(frozen=True)
class Place:
    """One database with the demo world, and what its processes are told."""

    folder: DataFolder
    settings: Settings
    bihuan: Bihuan
    owner: str

    @contextmanager
    def serving(self, processes: int = WEB_PROCESSES) -> Iterator[str]:
        """The API as ``bihuan up`` runs it; gives its address."""
        with listen(LOOPBACK, 0) as door, ExitStack() as running:
            port = door.getsockname()[1]
            for n in range(1, processes + 1):
                running.enter_context(self.running("api", n, door))
            yield f"http://{LOOPBACK}:{port}"

    @contextmanager
    def working(self) -> Iterator[None]:
        """The workers as ``bihuan up`` runs them."""
        with ExitStack() as running:
            for n in range(1, WORKERS + 1):
                options = () if n == 1 else ("--no-feed",)
                running.enter_context(self.running("worker", n, options=options))
            yield

    @contextmanager
    def running(
        self,
        name: str,
        n: int | None = None,
        door: socket.socket | None = None,
        options: tuple[str, ...] = (),
    ) -> Iterator[None]:
        """One of our processes, started as ``bihuan up`` starts it."""
        ready = None if door is None else lambda: serves(*door.getsockname())
        service = Service(
            name, self.settings, self.folder.logs, n=n, options=options, door=door, ready=ready
        )
        service.start()
        try:
            yield
        finally:
            service.stop()


def new_database(postgres: Postgres, name: str) -> str:
    """An empty database on the same server; the superuser's connection string."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return postgres.dsn(database=name)


@contextmanager
def place(postgres: Postgres, path: Path, name: str, temporal: str = "") -> Iterator[Place]:
    """A fresh place on a running server."""
    folder = prepare(path / name)
    owner = new_database(postgres, name)
    migrate(owner)
    KeyFile(folder.key_file).create()
    settings = Settings(
        command=postgres.dsn("bihuan_command", name),
        reader=postgres.dsn("bihuan_reader", name),
        projector=postgres.dsn("bihuan_projector", name),
        key_file=folder.key_file,
        blobs=folder.blobs,
        temporal=temporal or f"{LOOPBACK}:1",
    )
    with application(settings) as bihuan:
        seed(bihuan)
        for account in ACCOUNTS:
            set_password(settings.command, account, PASSWORD)
        yield Place(folder, settings, bihuan, owner)
