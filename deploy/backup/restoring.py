"""Restoring a backup (恢复): into an empty data folder; Temporal's clocks come from the log."""

import json
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.backup import manifest
from deploy.backup.database import load
from deploy.backup.manifest import Manifest
from deploy.embedded.postgres import Postgres
from deploy.embedded.seen import Seen
from deploy.folder import DataFolder, fresh, held
from deploy.trouble import Trouble

KEPT = ("created", "demo")
"""Of the settings; which Temporal database the clocks were in is of the old machine."""


def restore(backup: Path, data: Path, say: Callable[[str], None]) -> Manifest:
    """Check the backup, then put everything in its place; the folder is ours when all is done."""
    backup = backup.expanduser().absolute()
    made = Manifest.read(backup)
    say("核对备份的每个文件……")
    if damaged := made.damaged(backup):
        raise Trouble(
            f"备份中的 {damaged} 缺失或已损坏，请换用另一份备份。",
            "A file of the backup is damaged.",
        )
    with _filling(data) as folder:
        say("复制证据和主密钥……")
        _copy(backup / manifest.KEY, folder.key_file)
        for name in made.blobs:
            _copy(backup / name, folder.blobs / Path(name).relative_to(manifest.BLOBS))
        say("装入数据库，核对哈希链……")
        postgres = Postgres(folder.postgres, folder.logs / "postgres.log")
        try:
            postgres.start()
            load(postgres, backup / manifest.DUMP, made.head)
        finally:
            postgres.close()
        Seen(folder.head).note(made.head)
        before = json.loads((backup / manifest.SETTINGS).read_text("utf-8"))
        kept = {name: before[name] for name in KEPT if name in before}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        folder.note(**kept, restored={"at": now, "taken": made.taken, "head": made.head.seq})
    return made


@contextmanager
def _filling(data: Path) -> Generator[DataFolder]:
    """An empty folder to fill; empty again where that fails."""
    folder = fresh(data)
    try:
        with held(folder):
            yield folder
    except BaseException:
        for path in folder.path.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)
