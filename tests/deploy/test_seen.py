"""A database put back from an older copy is whole, and yet not the one that ran last."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.embedded.seen import Head, Seen
from tests.conftest import Database


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    return new_database()


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    return Seen(tmp_path / "head.json")


def grow(connection: psycopg.Connection, upto: int, mark: str = "") -> None:
    """A log of so many events; what they say is nothing to this."""
    connection.execute("DELETE FROM log.events")
    connection.execute(
        "INSERT INTO log.events SELECT n, gen_random_uuid(), 'k', 1, 't', '', now(), now(), NULL,"
        " sha256((n || %s)::bytea) FROM generate_series(1, %s) AS n",
        (mark, upto),
    )
    connection.execute(
        "UPDATE log.head SET seq = %s, hash = (SELECT hash FROM log.events WHERE seq = %s)",
        (upto, upto),
    )


def test_at_the_first_start_nothing_is_missed(connection: psycopg.Connection, seen: Seen) -> None:
    assert seen.missed_by(connection) == ""
    seen.note(Head.of(connection))  # an empty log
    assert seen.missed_by(connection) == ""


def test_the_same_log_and_a_longer_one_miss_nothing(
    connection: psycopg.Connection, seen: Seen
) -> None:
    grow(connection, 5)
    seen.note(Head.of(connection))
    assert seen.missed_by(connection) == ""
    grow(connection, 9)
    assert seen.missed_by(connection) == ""


def test_a_shorter_log_is_told_with_what_is_missing(
    connection: psycopg.Connection, seen: Seen
) -> None:
    grow(connection, 9)
    seen.note(Head.of(connection))
    grow(connection, 5)
    assert "只到第 5 条，而此前已受理到第 9 条，其间 4 条不在库中" in seen.missed_by(connection)


def test_a_log_that_went_another_way_is_told(connection: psycopg.Connection, seen: Seen) -> None:
    grow(connection, 5)
    seen.note(Head.of(connection))
    grow(connection, 9, "another")
    assert "第 5 条与此前受理的不是同一条" in seen.missed_by(connection)
