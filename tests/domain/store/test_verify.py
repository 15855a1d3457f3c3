"""What a bad administrator can do, and where it shows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from domain.store import EventStore, VerifyReport, verify
from domain.store.chain import GENESIS, Chained, link
from tests.conftest import Database
from tests.domain.store.given import append, event

CASE, OTHER = UUID(int=1), UUID(int=2)
EDIT = "UPDATE log.events SET {} WHERE seq = 3"
SWAP = (
    "UPDATE log.events SET seq = 99 WHERE seq = 3",
    "UPDATE log.events SET seq = 3 WHERE seq = 4",
    "UPDATE log.events SET seq = 4 WHERE seq = 99",
)


@pytest.fixture
def log(fresh: Database) -> Iterator[Database]:
    """Six events of three commands, and a command that had none."""
    with EventStore(fresh.command, vault=None) as store:
        append(store, event(CASE, 1), event(OTHER, 1))
        append(store, event(CASE, 2), event(OTHER, 2))
        append(store)
        append(store, event(CASE, 3), event(CASE, 4))
        yield fresh


@contextmanager
def bad_administrator(log: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(log.owner) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def check(log: Database, anchors: Mapping[int, bytes] | None = None) -> VerifyReport:
    with psycopg.connect(log.command, autocommit=True) as connection:
        return verify(connection, anchors=anchors)


def rechain(connection: psycopg.Connection) -> None:
    """Recompute every hash and the head: the rewriting that the chain alone cannot show."""
    digest, seq = GENESIS, 0
    rows = connection.execute(
        "SELECT seq, stream::text, kind, version, (extract(epoch FROM occurred_at) * 1e6)::bigint,"
        " (extract(epoch FROM recorded_at) * 1e6)::bigint, command_id::text, topic, state"
        " FROM log.events ORDER BY seq"
    ).fetchall()
    for seq, *columns in rows:
        digest = link(digest, Chained(seq, *columns))
        connection.execute("UPDATE log.events SET hash = %s WHERE seq = %s", (digest, seq))
    connection.execute("UPDATE log.head SET seq = %s, hash = %s", (seq, digest))


def test_an_untouched_log_is_whole(log: Database) -> None:
    report = check(log)
    with EventStore(log.command, vault=None) as store:
        assert (report.head_seq, report.head_hash) == store.head()
    assert (report.ok, report.checked, report.first_bad) == (True, 6, None)
    assert "完整" in report.reason


def test_an_empty_log_is_whole(fresh: Database) -> None:
    assert check(fresh).ok


@pytest.mark.parametrize(
    ("edits", "first_bad", "reason"),
    [
        ([EDIT.format("state = '{}'")], 3, "改动"),
        ([EDIT.format("topic = 'given/other'")], 3, "改动"),
        ([EDIT.format("kind = 'penalty'")], 3, "改动"),
        ([EDIT.format("version = 9")], 3, "改动"),
        ([EDIT.format("stream = gen_random_uuid()")], 3, "改动"),
        ([EDIT.format("occurred_at = occurred_at - interval '1 day'")], 3, "改动"),
        ([EDIT.format("occurred_at = 'infinity'")], 3, "改动"),
        ([EDIT.format("recorded_at = recorded_at + interval '1 microsecond'")], 3, "改动"),
        ([EDIT.format("command_id = NULL")], 3, "改动"),
        ([EDIT.format("hash = sha256('x')")], 3, "改动"),
        (["DELETE FROM log.events WHERE seq = 3"], 3, "缺失"),
        (["DELETE FROM log.events WHERE seq <= 2"], 1, "缺失"),
        (SWAP, 3, "改动"),
        (["DELETE FROM log.events WHERE seq > 4"], 5, "截断"),
        (["UPDATE log.head SET seq = 5"], 6, "末端"),
        (["UPDATE log.head SET hash = sha256('x')"], 6, "末端"),
        (["DELETE FROM log.head"], 6, "末端"),
        (["DELETE FROM log.commands WHERE first_seq = 3"], 3, "登记"),
        (["UPDATE log.commands SET last_seq = 4 WHERE first_seq = 5"], 5, "登记"),
        (["UPDATE log.commands SET command_id = gen_random_uuid() WHERE first_seq = 1"], 1, "登记"),
    ],
)
def test_tampering_is_found_and_named(
    log: Database, edits: Sequence[str], first_bad: int, reason: str
) -> None:
    with bad_administrator(log) as connection:
        for edit in edits:
            connection.execute(edit)
    report = check(log)
    assert (report.ok, report.first_bad) == (False, first_bad)
    assert reason in report.reason


@pytest.mark.parametrize(
    ("edits", "first_bad", "reason"),
    [
        (
            ["UPDATE log.events SET recorded_at = recorded_at - interval '1 day' WHERE seq = 4"],
            4,
            "早于",
        ),
        (["UPDATE log.events SET version = 9 WHERE seq = 4"], 4, "版本号"),
        (["DELETE FROM log.events WHERE seq = 6"], 5, "登记"),
    ],
)
def test_a_rewritten_chain_must_still_make_sense(
    log: Database, edits: Sequence[str], first_bad: int, reason: str
) -> None:
    with bad_administrator(log) as connection:
        for edit in edits:
            connection.execute(edit)
        rechain(connection)
    report = check(log)
    assert (report.ok, report.first_bad) == (False, first_bad)
    assert reason in report.reason


def test_a_column_cannot_hide_in_its_neighbour(log: Database) -> None:
    """Kind takes over the line of the version: the header's bytes would read the same."""
    with bad_administrator(log) as connection:
        connection.execute("ALTER TABLE log.events DROP CONSTRAINT events_kind_check")
        connection.execute(EDIT.format(r"kind = E'inspection\nx'"))
        rechain(connection)
    assert check(log).first_bad == 3


def test_a_whole_rewriting_shows_only_against_what_was_kept_elsewhere(log: Database) -> None:
    receipts = {6: check(log).head_hash}
    with bad_administrator(log) as connection:
        connection.execute(EDIT.format("state = '{}'"))
        rechain(connection)
    assert check(log).ok
    report = check(log, anchors=receipts)
    assert (report.ok, report.first_bad) == (False, 6)
    assert "回执" in report.reason


def test_a_clean_cut_shows_against_a_receipt(log: Database) -> None:
    receipts = {6: check(log).head_hash}
    with bad_administrator(log) as connection:
        connection.execute("DELETE FROM log.events WHERE seq > 4")
        connection.execute("DELETE FROM log.commands WHERE first_seq > 4")
        rechain(connection)
    assert check(log).ok
    assert check(log, anchors=receipts).first_bad == 5


@pytest.mark.parametrize("table", ["events", "commands"])
@pytest.mark.parametrize("act", ["DELETE FROM", "TRUNCATE"])
def test_even_a_superuser_must_disarm_the_log_first(log: Database, table: str, act: str) -> None:
    with (
        psycopg.connect(log.owner) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="只增不改"),
    ):
        connection.execute(f"{act} log.{table}".encode())
