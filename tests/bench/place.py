"""A durable system to measure: real PostgreSQL with fsync, the demo world, our real processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from api.auth import set_password
from deploy.demo.world import PASSWORD, seed
from deploy.embedded.postgres import Postgres
from deploy.embedded.service import Service
from deploy.folder import DataFolder, prepare
from deploy.network import LOOPBACK, answers, free_ports
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
    def serving(self) -> Iterator[str]:
        """The API as a process of its own; gives its address."""
        [port] = free_ports(1)
        listens = ("--host", LOOPBACK, "--port", str(port))
        with self.running("api", listens, port):
            yield f"http://{LOOPBACK}:{port}"

    @contextmanager
    def running(
        self, name: str, options: tuple[str, ...] = (), port: int | None = None
    ) -> Iterator[None]:
        """One of our processes, started as ``bihuan up`` starts it."""
        ready = None if port is None else lambda: answers(LOOPBACK, port)
        service = Service(name, self.settings, self.folder.logs, options=options, ready=ready)
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
