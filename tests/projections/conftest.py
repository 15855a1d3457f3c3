from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.store import EventStore, KeyFile, PersonVault
from tests.projections.helpers import City, Database


@pytest.fixture
def city(database: Database, tmp_path: Path) -> Iterator[City]:
    """The invented city on a fresh log; nothing is projected yet."""
    key = KeyFile(tmp_path / "key").create()
    with (
        PersonVault(database.command, key) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        yield City.on(store, database)


@pytest.fixture
def reading(database: Database) -> Iterator[psycopg.Connection]:
    """The connection of a process that reads."""
    with psycopg.connect(database.reader, autocommit=True) as connection:
        yield connection
