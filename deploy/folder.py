"""The data folder (数据目录) of one embedded system: marked as ours, used by one at a time."""

import fcntl
import json
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from deploy.trouble import Trouble, disk_full, is_disk_full

PRODUCT = "bihuan"
FORMAT = 1
DEFAULT = Path("data")
ROOM_TO_START = 512 * 1024 * 1024
ROOM_TO_GO_ON = 128 * 1024 * 1024


@dataclass(frozen=True)
class DataFolder:
    """What lies where; absolute, because our processes work in other folders."""

    path: Path

    @property
    def marker(self) -> Path:
        """Says that the folder is ours, and of which format."""
        return self.path / "bihuan.json"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own folder."""
        return self.path / "postgres"

    @property
    def temporal(self) -> Path:
        """Temporal's database and configuration."""
        return self.path / "temporal"

    @property
    def blobs(self) -> Path:
        """Evidence bytes."""
        return self.path / "blobs"

    @property
    def key_file(self) -> Path:
        """The key of the personal data."""
        return self.path / "keys" / "bihuan.key"

    @property
    def head(self) -> Path:
        """The newest end of the log that was seen, outside the database."""
        return self.path / "head.json"

    @property
    def logs(self) -> Path:
        """Log files of all processes."""
        return self.path / "logs"

    def read(self) -> dict[str, Any]:
        """What the marker says; refuses a folder that is not ours."""
        try:
            found: Any = json.loads(self.marker.read_text("utf-8"))
        except FileNotFoundError as error:
            raise self._not_ours() from error
        except (OSError, ValueError) as error:
            raise Trouble(
                f"无法读取 {self.marker}，请检查权限或从备份恢复。", str(error)
            ) from error
        if not isinstance(found, dict):
            raise self._not_ours()
        marker = cast("dict[str, Any]", found)
        if marker.get("product") != PRODUCT:
            raise self._not_ours()
        if marker.get("format") != FORMAT:
            raise Trouble(
                f"数据目录 {self.path} 的格式为 {marker.get('format')}，"
                f"本版本只支持 {FORMAT}，请使用对应版本的程序。",
                "The data folder has another format.",
            )
        return marker

    def note(self, **facts: object) -> None:
        """Write more facts into the marker, all or nothing."""
        known = self.read() if self.marker.exists() else {"product": PRODUCT, "format": FORMAT}
        draft = self.marker.with_suffix(".draft")
        draft.write_text(json.dumps(known | facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
        draft.replace(self.marker)

    def require_room(self, room: int) -> None:
        """Refuse while the disk has less than ``room`` bytes to spare."""
        if (free := shutil.disk_usage(self.path).free) < room:
            raise Trouble(
                f"磁盘空间不足：{self.path} 所在磁盘仅剩 {free // 2**20} MB，"
                f"至少需要 {room // 2**20} MB，请先清理。",
                "Not enough disk space.",
            )

    def _not_ours(self) -> Trouble:
        return Trouble(
            f"{self.path} 不是闭环系统的数据目录且不为空，"
            "为避免损坏其中文件已停止；请用 --data 指定空目录。",
            "Not a bihuan data folder and not empty.",
        )


def existing(path: Path) -> DataFolder:
    """The folder of a system that was started before."""
    folder = DataFolder(path.expanduser().absolute())
    folder.read()
    return folder


def prepare(path: Path) -> DataFolder:
    """The folder for ``bihuan up``: ours already, or empty, or made now."""
    folder = DataFolder(path.expanduser().absolute())
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if any(entry.name != "lost+found" for entry in folder.path.iterdir()):
            folder.read()
            folder.require_room(ROOM_TO_GO_ON)
        else:
            folder.require_room(ROOM_TO_START)
            folder.note(created=datetime.now(UTC).isoformat(timespec="seconds"))
        _make_places(folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def fresh(path: Path) -> DataFolder:
    """An empty folder to restore into; ours only once it is marked, when all is there."""
    folder = DataFolder(path.expanduser().absolute())
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if any(entry.name != "lost+found" for entry in folder.path.iterdir()):
            raise Trouble(
                f"{folder.path} 不为空；请用 --data 指定空目录，或先把原有数据移到别处。",
                "The data folder is not empty.",
            )
        folder.require_room(ROOM_TO_START)
        _make_places(folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def _make_places(folder: DataFolder) -> None:
    for place in (folder.blobs, folder.key_file.parent, folder.logs, folder.temporal):
        place.mkdir(mode=0o700, exist_ok=True)


def _unusable(folder: DataFolder, error: OSError) -> Trouble:
    if is_disk_full(error):
        return disk_full()
    return Trouble(f"无法使用数据目录 {folder.path}，请检查路径和权限。", str(error))


@contextmanager
def is_held(folder: DataFolder) -> Generator[bool]:
    """Hold the folder for ourselves if nobody does; says whether somebody else holds it.

    The lock's file names its holder and is empty after a clean end.
    """
    descriptor = os.open(_lock(folder), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
            return
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        try:
            yield False
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


@contextmanager
def held(folder: DataFolder) -> Generator[bool]:
    """Hold the folder for ourselves; a second start on it is refused with a sentence.

    Says whether the last holder was killed, so that its processes may still be ending.
    """
    last = _lock(folder)
    holder = last.read_text().strip() if last.exists() else ""
    with is_held(folder) as by_another:
        if by_another:
            raise Trouble(
                f"数据目录 {folder.path} 正由另一个闭环系统使用（进程 {holder}），"
                "请先停止它或换用 --data。",
                "The data folder is in use by another bihuan.",
            )
        yield bool(holder)


def _lock(folder: DataFolder) -> Path:
    return folder.path / "lock"
