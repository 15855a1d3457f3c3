"""A backup is taken of a running system, proved, and becomes the same system elsewhere."""

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event as Stop
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from deploy.backup.manifest import Manifest
from deploy.backup.restoring import restore
from deploy.backup.taking import take
from deploy.embedded.postgres import Postgres
from deploy.embedded.seen import Seen
from deploy.embedded.system import ensure_key
from deploy.folder import DataFolder, existing, held, prepare
from deploy.source import log_source
from deploy.trouble import Trouble
from domain.facts import Actor, Event, Role
from domain.organisation.people import PersonRegistered
from domain.personal import Personal
from domain.store import Blobs, EventStore, KeyFile, PersonVault, migrate, verify

UNIT = UUID(int=7)
PHOTO = "现场照片".encode() * 1000
NAME = sha256(PHOTO).hexdigest()


def registered(person: UUID) -> Event:
    fact = PersonRegistered(account="zhang", name=Personal(person=person, text="张三"), unit=UNIT)
    by = Actor(account="admin", role=Role.ADMINISTRATOR, unit=UNIT)
    at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    return Event(originator_id=person, originator_version=1, occurred_at=at, by=by, fact=fact)


def register(store: EventStore, person: UUID) -> None:
    events = [("people", registered(person))]
    store.append(command_id=uuid4(), request_hash=b"1" * 32, events=events, result={})


@contextmanager
def opened(folder: DataFolder) -> Iterator[EventStore]:
    """The log of a system, running or not."""
    with (
        log_source(folder.path) as source,
        PersonVault(source.dsn, KeyFile(folder.key_file).read()) as vault,
        EventStore(source.dsn, vault=vault, pool_size=1) as store,
    ):
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    """A system that runs, has a person and a photo, and was in use before."""
    folder = prepare(tmp_path / "data")
    folder.note(demo=True, clocks="of this machine")
    postgres = Postgres(folder.postgres, folder.logs / "postgres.log", durable=False)
    with held(folder):
        try:
            postgres.start()
            migrate(postgres.dsn())
            ensure_key(folder.key_file, postgres.dsn())
            with opened(folder) as store:
                register(store, uuid4())
            Blobs(folder.blobs).put(NAME, [PHOTO], len(PHOTO))
            (folder.blobs / NAME[:2] / "in-half").write_bytes(b"being uploaded")
            yield folder
        finally:
            postgres.close()


@pytest.fixture
def backup(folder: DataFolder, tmp_path: Path) -> Path:
    """One of this system."""
    back_up(folder, tmp_path / "backup")
    return tmp_path / "backup"


def back_up(folder: DataFolder, target: Path) -> Manifest:
    with log_source(folder.path) as source:
        return take(folder, source.owner, target, print)


def test_a_backup_becomes_the_same_system_elsewhere(
    folder: DataFolder, backup: Path, tmp_path: Path
) -> None:
    with opened(folder) as store:
        before, head = store.page(0, 10), store.head()
        names = [store.decode(stored).fact for stored in before]
    restore(backup, tmp_path / "elsewhere", print)
    there = existing(tmp_path / "elsewhere")
    with opened(there) as store:
        assert (store.page(0, 10), store.head()) == (before, head)
        assert [store.decode(stored).fact for stored in store.page(0, 10)] == names
        register(store, uuid4())  # and it goes on
        assert store.head()[0] == head[0] + 1
    assert (there.blobs / NAME[:2] / NAME).read_bytes() == PHOTO
    marker = there.read()
    assert (marker["demo"], marker["created"]) == (True, folder.read()["created"])
    assert "clocks" not in marker  # so that they are fed from zero
    seen = Seen(there.head).read()
    assert seen
    assert (seen.seq, seen.hash) == (head[0], head[1].hex())
    assert not any(there.temporal.iterdir())


def test_what_is_appended_meanwhile_is_in_it_whole_or_not_at_all(
    folder: DataFolder, tmp_path: Path
) -> None:
    stop, begun = Stop(), Stop()

    def work() -> None:
        with opened(folder) as store:
            while not stop.is_set():
                register(store, uuid4())
                begun.set()

    working = Thread(target=work)
    working.start()
    try:
        begun.wait()
        made = back_up(folder, tmp_path / "backup")
    finally:
        stop.set()
        working.join()
    with opened(folder) as store:
        assert store.head()[0] > made.head.seq > 1
    restore(tmp_path / "backup", tmp_path / "elsewhere", print)
    with (
        log_source(tmp_path / "elsewhere") as source,
        psycopg.connect(source.dsn, autocommit=True) as connection,
    ):
        report = verify(connection)
    assert (report.ok, report.head_seq) == (True, made.head.seq)
    assert report.head_hash.hex() == made.head.hash


def test_it_holds_what_it_says_and_only_we_may_read_it(backup: Path) -> None:
    found = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    blob = f"blobs/{NAME[:2]}/{NAME}"
    assert found == {"manifest.json", "database.dump", "bihuan.key", "bihuan.json", blob}
    assert Manifest.read(backup).files.keys() == found - {"manifest.json"}
    assert {stat.S_IMODE((backup / name).stat().st_mode) for name in found} == {0o600}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["database.dump", "bihuan.key", f"blobs/{NAME[:2]}/{NAME}"])
@pytest.mark.parametrize("lost", [True, False])
def test_a_damaged_backup_is_told_before_anything_is_restored(
    backup: Path, tmp_path: Path, name: str, *, lost: bool
) -> None:
    file = backup / name
    file.unlink() if lost else file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(Trouble, match=f"{name} 缺失或已损坏"):
        restore(backup, tmp_path / "elsewhere", print)
    assert not (tmp_path / "elsewhere").exists()


def test_a_restore_that_fails_leaves_an_empty_folder(backup: Path, tmp_path: Path) -> None:
    told = json.loads((backup / "manifest.json").read_text())
    told["head"]["hash"] = "00" * 32
    (backup / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(Trouble, match="备份中的日志不完整"):
        restore(backup, tmp_path / "elsewhere", print)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_log_that_is_not_whole_gives_no_backup(folder: DataFolder, tmp_path: Path) -> None:
    with log_source(folder.path) as source, psycopg.connect(source.owner) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE log.events SET state = state || ' '::bytea")
    with pytest.raises(Trouble, match="第 1 条与哈希链不符"):
        back_up(folder, tmp_path / "backup")
    with pytest.raises(Trouble, match="不是完整的备份"):
        restore(tmp_path / "backup", tmp_path / "elsewhere", print)
    assert not (tmp_path / "backup" / "check").exists()


def test_evidence_that_is_not_what_its_name_says_is_told(
    folder: DataFolder, tmp_path: Path
) -> None:
    (folder.blobs / NAME[:2] / NAME).write_bytes(b"rotten")
    with pytest.raises(Trouble, match=f"{NAME} 与其摘要不符"):
        back_up(folder, tmp_path / "backup")


def test_nothing_is_written_over(folder: DataFolder, backup: Path) -> None:
    with pytest.raises(Trouble, match="不是空目录"):
        back_up(folder, backup)
    with pytest.raises(Trouble, match="不为空；请用 --data 指定空目录"):
        restore(backup, folder.path, print)


def test_a_backup_of_another_format_is_refused(backup: Path, tmp_path: Path) -> None:
    told = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps(told | {"format": 2}))
    with pytest.raises(Trouble, match="请用做备份的版本恢复"):
        restore(backup, tmp_path / "elsewhere", print)


def test_a_disk_too_small_is_told_before(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=100 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(Trouble, match="磁盘空间不足"):
        back_up(folder, tmp_path / "backup")
