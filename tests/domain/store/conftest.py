from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.facts import FACTS
from domain.store import EventStore, KeyFile, PersonVault
from tests.conftest import Database
from tests.domain.store.given import GIVEN


@pytest.fixture(scope="package", autouse=True)
def _given_facts() -> Iterator[None]:
    FACTS.update({fact.TOPIC: fact for fact in GIVEN})
    yield
    for fact in GIVEN:
        del FACTS[fact.TOPIC]


@pytest.fixture(scope="module")
def database(new_database: Callable[[], Any]) -> Any:
    """One log for the tests of a module."""
    return new_database()


@pytest.fixture
def fresh(new_database: Callable[[], Any]) -> Any:
    """A log of this test's own, empty."""
    return new_database()


@pytest.fixture
def store(database: Database) -> Iterator[EventStore]:
    with EventStore(database.command, vault=None) as store:
        yield store


@pytest.fixture
def admin(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder: Path = tmp_path_factory.mktemp("keys")
    return KeyFile(folder / "master.key").create()


@pytest.fixture
def vault(database: Database, master: bytes) -> Iterator[PersonVault]:
    with PersonVault(database.command, master) as vault:
        yield vault
