"""What a backup holds (备份清单): every file with its SHA-256, and where the log ends."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Self

from deploy.embedded.seen import Head
from deploy.trouble import Trouble

NAME = "manifest.json"
FORMAT = 1
DUMP = "database.dump"
KEY = "bihuan.key"
SETTINGS = "bihuan.json"
BLOBS = "blobs"


@dataclass(frozen=True)
class Manifest:
    """Written last: a folder without it is no backup."""

    program: str
    """Version of the program that made it."""
    taken: str
    head: Head
    files: dict[str, str]
    """SHA-256 of every file, by its place in the backup."""

    @classmethod
    def read(cls, backup: Path) -> Self:
        """The manifest of a finished backup."""
        try:
            told: Any = json.loads((backup / NAME).read_text("utf-8"))
        except FileNotFoundError as error:
            raise Trouble(
                f"{backup} 中没有 {NAME}，不是完整的备份；请换用另一份备份。",
                "Not a finished backup.",
            ) from error
        except (OSError, ValueError) as error:
            raise Trouble(f"无法读取 {backup / NAME}，请换用另一份备份。", str(error)) from error
        if told.pop("format", None) != FORMAT:
            raise Trouble(
                f"{backup} 的格式不是本版本所用的 {FORMAT}，请用做备份的版本恢复。",
                "The backup has another format.",
            )
        return cls(**told | {"head": Head(**told["head"])})

    def write(self, backup: Path) -> None:
        """Finish a backup: all of it is on the disk before this file is."""
        for name in self.files:
            _sync(backup / name)
        draft = backup / f"{NAME}.draft"
        told = {"format": FORMAT, **asdict(self)}
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
        draft.chmod(0o600)
        _sync(draft)
        draft.replace(backup / NAME)
        _sync(backup)

    def damaged(self, backup: Path) -> str:
        """The first file that is missing or not what it was; empty if all are whole."""
        for name, digest in self.files.items():
            path = backup / name
            if not path.is_file() or sha256(path) != digest:
                return name
        return ""

    @property
    def blobs(self) -> Iterator[str]:
        """The evidence in it, by place."""
        return (name for name in self.files if name.startswith(f"{BLOBS}/"))


def sha256(path: Path) -> str:
    """Digest of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
