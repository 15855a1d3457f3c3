"""Taking a backup (备份), of a system that runs or not; proved by loading it elsewhere."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from deploy.backup import manifest
from deploy.backup.database import dump, load, scratch
from deploy.backup.manifest import Manifest, sha256
from deploy.folder import DataFolder
from deploy.trouble import Trouble

_BLOB = re.compile(r"[0-9a-f]{64}")
ROOM = 256 * 1024 * 1024
"""Bytes to spare beside what is copied."""


def take(folder: DataFolder, owner: str, target: Path, say: Callable[[str], None]) -> Manifest:
    """Copy everything that cannot be computed, check the copy, and only then call it a backup."""
    target = target.expanduser().absolute()
    _require_empty(target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.chmod(0o700)
    _require_room(folder, owner, target)
    say("转储数据库……")
    head = dump(owner, target / manifest.DUMP)
    # After the database: evidence is stored before the event that names it.
    say("复制证据、主密钥和设置……")
    files = [manifest.DUMP, *_copies(folder, target)]
    taken = datetime.now(UTC).isoformat(timespec="seconds")
    digests = {name: sha256(target / name) for name in files}
    made = Manifest(version("bihuan"), taken, head, digests)
    _require_true_names(made)
    say("核验备份：装入临时数据库，核对哈希链……")
    with scratch(target / "check") as postgres:
        load(postgres, target / manifest.DUMP, head)
    made.write(target)
    return made


def _copies(folder: DataFolder, target: Path) -> Iterator[str]:
    """Copy what lies outside the database, by place in the backup."""
    for name, source in _sources(folder):
        path = target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        path.chmod(0o600)
        yield name


def _sources(folder: DataFolder) -> Iterator[tuple[str, Path]]:
    yield manifest.KEY, folder.key_file
    yield manifest.SETTINGS, folder.marker
    for path in sorted(folder.blobs.glob("*/*")):
        if _BLOB.fullmatch(path.name):  # not what is just being uploaded
            yield f"{manifest.BLOBS}/{path.parent.name}/{path.name}", path


def _require_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Trouble(f"{target} 不是空目录；每次备份请用一个新目录。", "Not an empty folder.")


def _require_room(folder: DataFolder, owner: str, target: Path) -> None:
    """The dump is smaller than the database, the scratch server's is no larger."""
    with psycopg.connect(owner) as connection:
        [(size,)] = connection.execute(
            "SELECT pg_database_size(current_database())::bigint"
        ).fetchall()
    blobs = sum(path.stat().st_size for _, path in _sources(folder))
    DataFolder(target).require_room(2 * size + blobs + ROOM)


def _require_true_names(made: Manifest) -> None:
    """Evidence is named by its digest: what does not fit was damaged before."""
    for name in made.blobs:
        if not name.endswith(made.files[name]):
            raise Trouble(
                f"证据文件 {name} 与其摘要不符，已损坏：请从较早的备份恢复该文件后重新备份。",
                "An evidence file is damaged.",
            )
