"""Evidence bytes on disk, named by their SHA-256 (证据文件库): the name is the proof."""

import errno
import os
import re
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import partial
from hashlib import sha256 as digest_of
from pathlib import Path
from typing import IO, BinaryIO, Literal, Protocol, runtime_checkable

from domain.errors import Refusal

_CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StoreFull(Refusal):
    """No room on the disk for evidence (存储空间已满); what is there is whole."""

    kind = "full"

    def __init__(self) -> None:
        super().__init__(
            "STORE-FULL",
            "服务器磁盘空间已满，文件没有保存：请告知管理员腾出空间，然后重新上传同一文件。",
        )


@runtime_checkable
class Readable(Protocol):
    """A file, or what reads like one."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, none at the end."""
        ...


def is_full(error: OSError) -> bool:
    """Whether a disk has no room, or this user none of it."""
    return error.errno in _FULL


class Blobs:
    """Content-addressed store in one folder; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(
        self, sha256: str, source: Iterable[bytes] | Readable, max_bytes: int
    ) -> Literal["created", "known"]:
        """Store the bytes of ``source`` if they are what their name says.

        They are durable when this returns; nothing is left behind when it raises.

        Raises:
            Refusal: BLOB-NAME, BLOB-MISMATCH or BLOB-TOO-LARGE.
            StoreFull: there is no room for them.
        """
        path = self._path(sha256)
        if path.exists():
            return "known"
        with _room():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix="in-", delete=False) as file:
                part = Path(file.name)
                try:
                    self._copy(sha256, source, file, max_bytes)
                    part.replace(path)
                except BaseException:
                    part.unlink(missing_ok=True)
                    raise
            _sync_folder(path.parent)
            _sync_folder(self.folder)
        return "created"

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self._path(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading.

        Raises:
            FileNotFoundError: they are not here.
        """
        return self._path(sha256).open("rb")

    def size(self, sha256: str) -> int:
        """How many bytes."""
        return self._path(sha256).stat().st_size

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise Refusal("BLOB-NAME", "文件摘要应为 64 位小写十六进制的 SHA-256。")
        return self.folder / sha256[:2] / sha256

    @staticmethod
    def _copy(
        sha256: str,
        source: Iterable[bytes] | Readable,
        target: IO[bytes],
        max_bytes: int,
    ) -> None:
        digest, size = digest_of(), 0
        for chunk in _chunks(source):
            size += len(chunk)
            if size > max_bytes:
                raise Refusal(
                    "BLOB-TOO-LARGE", f"文件超过 {max_bytes} 字节的上限。", max_bytes=max_bytes
                )
            digest.update(chunk)
            target.write(chunk)
        if digest.hexdigest() != sha256:
            raise Refusal(
                "BLOB-MISMATCH",
                "上传内容与所报 SHA-256 不符：请重新上传原始文件。",
                expected=sha256,
                actual=digest.hexdigest(),
            )
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def _room() -> Generator[None]:
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise StoreFull from error
        raise


def _chunks(source: Iterable[bytes] | Readable) -> Iterable[bytes]:
    # A file is asked first: iterating it would read "lines" of any length into memory.
    if isinstance(source, Readable):
        return iter(partial(source.read, _CHUNK), b"")
    return source


def _sync_folder(folder: Path) -> None:
    """A new name is durable only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
