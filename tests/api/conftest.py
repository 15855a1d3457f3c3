"""The real app on a real database with the demo world, its projections following."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.auth import set_password
from deploy.demo.world import PASSWORD, seed
from domain.application import Bihuan
from domain.law import law
from domain.store import Blobs, EventStore, KeyFile, PersonVault
from projections.runner import run
from tests.api.client import Office
from tests.conftest import Database
from workflows.server import Server

ACCOUNTS = ("admin", "insp1", "insp2", "appr1", "super1", "audit0", "insp5", "appr5")


@pytest.fixture(scope="session")
def office(
    new_database: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """People of the demo world who speak HTTP."""
    with opened(new_database(), tmp_path_factory.mktemp("api")) as office:
        yield office


@contextmanager
def opened(database: Database, folder: Path) -> Iterator[Office]:
    """The demo office on a fresh database."""
    key = KeyFile(folder / "key")
    key.create()
    stop = threading.Event()
    projecting = threading.Thread(target=run, args=(database.projector, stop))
    with (
        PersonVault(database.command, key.read()) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        bihuan = Bihuan(store, law(), Blobs(folder / "blobs"))
        seed(bihuan)
        for account in ACCOUNTS:
            set_password(database.command, account, PASSWORD)
        projecting.start()
        app = create_app(
            bihuan, command=database.command, reader=database.reader, temporal=Server("127.0.0.1:1")
        )
        with served(app) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Office(client, bihuan, database, app)
        stop.set()
        projecting.join()


@pytest.fixture(autouse=True)
def no_cookies(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test signed in as is nothing to the next."""
    yield
    if "office" in request.fixturenames:
        request.getfixturevalue("office").client.cookies.clear()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """A real server in a thread; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
