"""A durable system to measure: real PostgreSQL with fsync, the demo world, our real processes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from api.auth import set_password
from deploy.demo.world import PASSWORD, seed
from deploy.embedded.postgres import Postgres
from deploy.embedded.service import Service
from deploy.embedded.system import WEB_PROCESSES, web_processes, workers
from deploy.folder import DataFolder, prepare
from deploy.network import LOOPBACK, listen, serves
from deploy.processes.wiring import application
from deploy.settings import Settings
from deploy.tally import new_tally
from domain.application import Bihuan
from domain.store import KeyFile, migrate
from workflows.server import Server

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
        """The API as ``bihuan up`` runs it; gives its address."""
        with ExitStack() as running:
            door = running.enter_context(listen(LOOPBACK, 0))
            tally = running.enter_context(new_tally(WEB_PROCESSES))
            at = door.getsockname()
            logs = self.folder.logs
            for web in web_processes(self.settings, logs, door, tally, lambda: serves(*at)):
                running.enter_context(started(web))
            yield f"http://{LOOPBACK}:{at[1]}"

    @contextmanager
    def working(self) -> Iterator[None]:
        """The workers as ``bihuan up`` runs them."""
        with ExitStack() as running:
            for worker in workers(self.settings, self.folder.logs):
                running.enter_context(started(worker))
            yield

    def projecting(self) -> AbstractContextManager[None]:
        """The projector as ``bihuan up`` runs it."""
        return started(self._service("projector"))

    def _service(self, name: str, **how: Any) -> Service:
        return Service(name, self.settings, self.folder.logs, **how)


@contextmanager
def started(service: Service) -> Iterator[None]:
    """One of our processes while the body runs."""
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
def place(
    postgres: Postgres, path: Path, name: str, clocks: Server | None = None
) -> Iterator[Place]:
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
        temporal=clocks.address if clocks else f"{LOOPBACK}:1",
        temporal_tls=clocks and clocks.tls,
    )
    with application(settings) as bihuan:
        seed(bihuan)
        for account in ACCOUNTS:
            set_password(settings.command, account, PASSWORD)
        yield Place(folder, settings, bihuan, owner)
