"""F2: a web process is killed -9 under load; clients send the same again under the same key."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.auth import set_password
from deploy.demo.world import PASSWORD, seed
from deploy.embedded.service import Service
from deploy.folder import prepare
from deploy.network import LOOPBACK, listen, serves
from deploy.processes.wiring import application
from deploy.settings import Settings
from domain.application import Bihuan
from domain.store import KeyFile, verify
from tests.bench.clients import inspection
from tests.bench.machine import Client
from tests.conftest import Database
from tests.faults.lives import wait_until

DEATHS, PEOPLE, CASES, APART = 4, 3, 3, 40
ACCOUNTS = ("insp1", "insp2", "appr1")


class Receipts(Client):
    """Keeps what it was told of every command."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.kept: list[tuple[int, str]] = []

    def command(self, account: str, path: str, version: int | None = None, **body: object) -> dict:
        told = super().command(account, path, version, **body)
        self.kept.append((told["seq"], told["hash"]))
        return told


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    folder = prepare(tmp_path / "data")
    KeyFile(folder.key_file).create()
    return Settings(
        command=database.command,
        reader=database.reader,
        projector=database.projector,
        key_file=folder.key_file,
        blobs=folder.blobs,
        temporal=f"{LOOPBACK}:1",
    )


@pytest.fixture
def bihuan(settings: Settings) -> Iterator[Bihuan]:
    with application(settings) as bihuan:
        seed(bihuan)
        for account in ACCOUNTS:
            set_password(settings.command, account, PASSWORD)
        yield bihuan


@contextmanager
def mortal(settings: Settings, logs: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A web process at a door that stays open; gives its address, and a way to kill it."""
    with listen(LOOPBACK, 0) as door:
        at = door.getsockname()
        service = Service("api", settings, logs, shared={"--door": door}, ready=lambda: serves(*at))
        process = service.start()

        def kill() -> None:
            nonlocal process
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = service.start()

        try:
            yield f"http://{LOOPBACK}:{at[1]}", kill
        finally:
            service.stop()


def test_a_command_is_carried_out_once_though_its_process_dies(
    settings: Settings, bihuan: Bihuan, tmp_path: Path
) -> None:
    store, before = bihuan.store, bihuan.store.head()[0]
    with mortal(settings, tmp_path) as (address, kill), ThreadPoolExecutor(PEOPLE) as hands:
        clients = [Receipts(address) for _ in range(PEOPLE)]
        for client in clients:
            client.sign_in("insp1", "appr1")
        photo = clients[0].upload("insp1")

        def work(client: Receipts) -> None:
            for _ in range(CASES):
                inspection(client, photo)

        working = [hands.submit(work, client) for client in clients]
        for death in range(1, DEATHS + 1):
            until = before + death * APART
            wait_until(store, lambda until=until: store.head()[0] >= until)
            kill()
        for each in working:
            each.result()
        for client in clients:
            client.close()

    kept = dict(receipt for client in clients for receipt in client.kept)
    asked = sum(len(client.kept) for client in clients)
    assert asked == len(kept) == PEOPLE * CASES * 18
    with psycopg.connect(settings.command, autocommit=True) as connection:
        assert verify(connection).ok
        since = "SELECT count(*) FROM log.commands WHERE first_seq > %s"
        assert connection.execute(since, (before,)).fetchone() == (asked,)
    events = {stored.seq: stored.hash.hex() for stored in store.page(before, 100_000)}
    assert {seq: events[seq] for seq in kept} == kept
