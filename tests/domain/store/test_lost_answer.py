"""A connection dies when the command is committed and its answer is not yet read."""

import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.store import EventStore, StoreUnavailable
from tests.conftest import Database
from tests.domain.store.given import append, event

READY = b"Z\x00\x00\x00\x05I"


class Wire:
    """Passes bytes between client and server; can swallow one whole answer and hang up."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self._server = server
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.lose_answer = False
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    if source is server and self.lose_answer:
                        while not data.endswith(READY):
                            data += source.recv(65536)
                        self.lose_answer = False
                        self.lost += 1
                        return
                    (server if source is client else client).sendall(data)


@pytest.fixture
def wire(database: Database, tmp_path: Path) -> Iterator[Wire]:
    there = conninfo_to_dict(database.owner)
    wire = Wire(tmp_path, f"{there['host']}/.s.PGSQL.{there.get('port', 5432)}")
    yield wire
    wire.close()


@pytest.fixture
def wired(database: Database, wire: Wire) -> Iterator[EventStore]:
    dsn = make_conninfo(database.command, host=str(wire.folder), port=5432)
    with EventStore(dsn, vault=None, pool_size=1) as store:
        append(store, event(uuid4(), 1))  # connected and prepared: from here one message each way
        yield store


def test_a_lost_answer_is_asked_for_again_and_is_the_first_one(
    wire: Wire, wired: EventStore, store: EventStore
) -> None:
    case, command = uuid4(), uuid4()
    wire.lose_answer = True

    answer = append(wired, event(case, 1), event(case, 2), command_id=command, result={"n": 1})

    assert wire.lost == 1
    assert answer.repeated
    assert answer.result == {"n": 1}
    assert store.answer(command, b"asked") == answer
    assert len(store.stream(case)) == 2


def test_killed_connections_are_replaced_without_the_caller_noticing(
    database: Database, store: EventStore, admin: psycopg.Connection
) -> None:
    with EventStore(database.command, vault=None, pool_size=4) as victim:
        together = threading.Barrier(4)
        threads = [
            threading.Thread(target=lambda: (together.wait(), victim.load([(uuid4(), 0)])))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = 'bihuan_command' AND datname = current_database()"
        )
        case = uuid4()
        assert not append(victim, event(case, 1)).repeated
        assert len(store.stream(case)) == 1


def test_an_unreachable_server_is_told_in_the_end(tmp_path: Path) -> None:
    with (
        EventStore(f"host={tmp_path} user=nobody", vault=None, pool_size=1) as store,
        pytest.raises(StoreUnavailable),
    ):
        store.head()


def test_a_full_pool_is_told_within_seconds(database: Database) -> None:
    with EventStore(database.command, vault=None, pool_size=1) as store:
        beats = threading.Event()
        held = threading.Event()

        def hold() -> None:
            with psycopg.connect(database.owner) as connection:
                connection.execute("SELECT FROM log.head FOR UPDATE")
                held.set()
                beats.wait(30)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(30)
        with pytest.raises(StoreUnavailable):
            append(store, event(uuid4(), 1))
        beats.set()
        holder.join()
