"""The master key (主密钥): 32 bytes in a file outside the database, readable by its owner only."""

import os
import secrets
import stat
from pathlib import Path

SIZE = 32


class KeyFileError(RuntimeError):
    """The key file is missing, open to others, or not a key."""


class KeyFile:
    """Where the master key lies. Without it nobody reads personal data: keep a copy apart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> bytes:
        """Make a new key, never over an old one.

        Raises:
            FileExistsError: there is a key already.
        """
        key = secrets.token_bytes(SIZE)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return key

    def read(self) -> bytes:
        """The key, if only its owner can read it."""
        try:
            with self.path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                key = file.read(SIZE + 1)
        except FileNotFoundError as error:
            raise KeyFileError(f"主密钥文件不存在：{self.path}") from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"主密钥文件权限过宽，应为 0600：{self.path}")
        if len(key) != SIZE:
            raise KeyFileError(f"主密钥文件内容不是 {SIZE} 字节：{self.path}")
        return key
