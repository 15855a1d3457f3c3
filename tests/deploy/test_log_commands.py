"""``bihuan events`` and ``bihuan verify`` on an embedded system."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.system import ensure_key
from deploy.folder import DataFolder, held, prepare
from deploy.trouble import Trouble
from domain.facts import Actor, Event, Role
from domain.organisation.people import PersonRegistered
from domain.personal import Personal
from domain.store import EventStore, KeyFile, PersonVault, migrate


class Database(Protocol):
    """What the fixture gives: connection strings."""

    owner: str
    command: str


NAME = "张三丰"
PERSONS = (uuid4(), uuid4())
COMMAND = uuid4()
UNIT = UUID(int=7)


def registered(person: UUID) -> Event:
    fact = PersonRegistered(account="zhang", name=Personal(person=person, text=NAME), unit=UNIT)
    by = Actor(account="admin", role=Role.ADMINISTRATOR, unit=UNIT)
    at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    return Event(originator_id=person, originator_version=1, occurred_at=at, by=by, fact=fact)


def fill(dsn: str, key: bytes) -> None:
    with PersonVault(dsn, key) as vault, EventStore(dsn, vault=vault) as store:
        events = [("people", registered(person)) for person in PERSONS]
        store.append(command_id=COMMAND, request_hash=b"1" * 32, events=events, result={})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """An embedded system that has two events and is stopped."""
    folder = prepare(tmp_path_factory.mktemp("commands") / "data")
    postgres = Postgres(folder.postgres, folder.logs / "postgres.log")
    try:
        postgres.start()
        migrate(postgres.dsn())
        ensure_key(folder.key_file, postgres.dsn())
        fill(postgres.dsn("bihuan_command"), KeyFile(folder.key_file).read())
    finally:
        postgres.close()
    return folder


@pytest.fixture
def running(folder: DataFolder) -> Iterator[Postgres]:
    with held(folder):
        postgres = Postgres(folder.postgres, folder.logs / "postgres.log")
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.close()


def bihuan(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *words],
        check=False,
        capture_output=True,
        text=True,
        env={**clean, **environment},
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_events_of_a_stopped_system_are_complete_and_masked(folder: DataFolder) -> None:
    first, second = lines(bihuan("events", "--jsonl", "--data", folder.path))
    assert (first["seq"], second["seq"]) == (1, 2)
    assert first["stream"] == str(PERSONS[0])
    assert first["version"] == 1
    assert first["topic"] == "person/registered"
    assert first["occurred_at"].startswith("2026-03-01T")
    assert datetime.fromisoformat(first["recorded_at"]).tzinfo
    assert first["by"] == {"account": "admin", "role": "administrator", "unit": str(UNIT)}
    assert first["command_id"] == str(COMMAND)
    assert len(first["hash"]) == 64
    assert first["data"]["account"] == "zhang"
    assert first["data"]["name"]["text"] == "张**"


def test_events_of_a_running_system_can_be_asked_for_one_case(
    folder: DataFolder, running: Postgres
) -> None:
    case = str(PERSONS[1])
    [only] = lines(bihuan("events", "--jsonl", "--case", case, "--data", folder.path))
    assert only["stream"] == case
    assert running.process
    assert running.process.poll() is None


def test_a_lost_key_is_never_replaced_while_the_log_needs_it(
    folder: DataFolder, running: Postgres
) -> None:
    aside = folder.key_file.rename(folder.path / "aside")
    try:
        with pytest.raises(Trouble, match=r"主密钥文件 .* 不见了"):
            ensure_key(folder.key_file, running.dsn())
        assert not folder.key_file.exists()
    finally:
        aside.rename(folder.key_file)


def test_events_for_people_are_one_line_each(folder: DataFolder) -> None:
    done = bihuan("events", "--data", folder.path)
    assert len(done.stdout.splitlines()) == 2
    assert "人员登记" in done.stdout
    assert NAME not in done.stdout


def test_a_whole_log_verifies(folder: DataFolder) -> None:
    done = bihuan("verify", "--json", "--data", folder.path)
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["ok"], report["checked"], report["first_bad"]) == (True, 2, None)


def test_a_changed_log_names_the_first_bad_event_and_exits_with_1(
    database: Database, tmp_path: Path
) -> None:
    key = KeyFile(tmp_path / "key").create()
    fill(database.command, key)
    with psycopg.connect(database.owner) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE log.events SET state = state || ' ' WHERE seq = 2")
    done = bihuan("verify", BIHUAN_DSN_COMMAND=database.command)
    assert done.returncode == 1
    assert "第 2 条" in done.stdout


def test_without_the_key_names_stay_sealed(database: Database, tmp_path: Path) -> None:
    fill(database.command, KeyFile(tmp_path / "key").create())
    first, _ = lines(bihuan("events", "--jsonl", BIHUAN_DSN_COMMAND=database.command))
    assert set(first["data"]["name"]) == {"person", "sealed"}


def test_projections_of_a_stopped_system_are_rebuilt_and_compared(folder: DataFolder) -> None:
    rebuilt = bihuan("rebuild", "--data", folder.path)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "已替换" in rebuilt.stdout
    compared = bihuan("rebuild", "people", "--compare", "--json", "--data", folder.path)
    assert compared.returncode == 0, compared.stderr
    [people] = json.loads(compared.stdout)
    assert (people["name"], people["same"], people["swapped"]) == ("people", True, False)


def test_an_unknown_projection_is_told_with_the_known_ones(folder: DataFolder) -> None:
    done = bihuan("rebuild", "nonsense", "--data", folder.path)
    assert done.returncode == 2
    assert "没有名为 nonsense 的读模型，现有：units、people" in done.stderr


@pytest.mark.parametrize("command", ["events", "verify", "rebuild"])
def test_a_folder_without_a_system_is_told_in_one_sentence(command: str, tmp_path: Path) -> None:
    done = bihuan(command, "--data", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "不是闭环系统的数据目录" in done.stderr


def test_a_full_disk_is_told_in_one_sentence(folder: DataFolder) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", "events", "--jsonl", "--data", folder.path],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert "磁盘空间已满" in done.stderr
    assert "Traceback" not in done.stderr
