import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.store import EventStore, migrate
from tests.domain.store.given import append, event


@pytest.fixture
def empty(postgres: str) -> Callable[[], str]:
    """Makes a database without our schemas."""

    def make() -> str:
        name = f"empty_{uuid4().hex}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return make_conninfo(postgres, dbname=name)

    return make


def works(dsn: str) -> int:
    with EventStore(make_conninfo(dsn, user="bihuan_command"), vault=None) as store:
        append(store, event(uuid4(), 1))
        return store.head()[0]


def test_a_second_run_changes_nothing(empty: Callable[[], str]) -> None:
    dsn = empty()
    migrate(dsn)
    assert works(dsn) == 1
    migrate(dsn)
    assert works(dsn) == 2


def test_two_at_once_on_one_database(empty: Callable[[], str]) -> None:
    dsn = empty()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [dsn] * 4))
    assert works(dsn) == 1


def test_several_databases_of_one_cluster_at_once(empty: Callable[[], str]) -> None:
    dsns = [empty() for _ in range(3)]
    program = "import sys; from domain.store import migrate; migrate(sys.argv[1])"
    runs = [subprocess.Popen([sys.executable, "-c", program, dsn]) for dsn in dsns * 2]
    assert [run.wait(60) for run in runs] == [0] * 6
    assert [works(dsn) for dsn in dsns] == [1, 1, 1]
