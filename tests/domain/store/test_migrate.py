import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from domain.store import EventStore, migrate
from tests.conftest import Database
from tests.domain.store.given import append, event


@pytest.fixture
def empty(postgres_server: Postgres, postgres: str) -> Callable[[], Database]:
    """Makes a database without our schemas."""

    def make() -> Database:
        name = f"empty_{uuid4().hex}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return Database(name, postgres_server)

    return make


def works(database: Database) -> int:
    with EventStore(database.command, vault=None) as store:
        append(store, event(uuid4(), 1))
        return store.head()[0]


def test_a_second_run_changes_nothing(empty: Callable[[], Database]) -> None:
    database = empty()
    migrate(database.owner)
    assert works(database) == 1
    migrate(database.owner)
    assert works(database) == 2


def test_two_at_once_on_one_database(empty: Callable[[], Database]) -> None:
    database = empty()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [database.owner] * 4))
    assert works(database) == 1


def test_several_databases_of_one_cluster_at_once(empty: Callable[[], Database]) -> None:
    databases = [empty() for _ in range(3)]
    dsns = [database.owner for database in databases]
    program = "import sys; from domain.store import migrate; migrate(sys.argv[1])"
    runs = [subprocess.Popen([sys.executable, "-c", program, dsn]) for dsn in dsns * 2]
    assert [run.wait(60) for run in runs] == [0] * 6
    assert [works(database) for database in databases] == [1, 1, 1]
