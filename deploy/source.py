"""Which log a command reads (数据来源): a given database, or an embedded system, running or not."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.leftover import running_socket
from deploy.embedded.postgres import Postgres
from deploy.embedded.postgres_access import OWNER, connection
from deploy.folder import DEFAULT, DataFolder, existing, is_held
from deploy.trouble import Trouble
from domain.store import KeyFile

ROLES = ("bihuan_command", "bihuan_projector", OWNER)


@dataclass(frozen=True)
class Source:
    """A log to read, and the key of its personal data where it is at hand."""

    dsn: str
    """Connection of the command role."""
    projector: str
    """Connection of the role that owns the projections; empty where nobody named it."""
    key_file: Path | None
    owner: str = ""
    """Connection of the superuser; only of an embedded system, and of whoever runs it."""

    def key(self) -> bytes | None:
        """The master key."""
        return KeyFile(self.key_file).read() if self.key_file else None


@contextmanager
def log_source(data: Path | None) -> Generator[Source]:
    """The system in ``data``, else the database of the environment, else the default folder."""
    dsn = os.environ.get("BIHUAN_DSN_COMMAND")
    if data is None and dsn:
        key_file = os.environ.get("BIHUAN_KEY_FILE")
        projector = os.environ.get("BIHUAN_DSN_PROJECTOR", "")
        yield Source(dsn, projector, Path(key_file) if key_file else None)
        return
    folder = existing(data or DEFAULT)
    with _socket(folder) as socket:
        command, projector, owner = (connection(folder.postgres, socket, role) for role in ROLES)
        yield Source(command, projector, folder.key_file, owner)


@contextmanager
def _socket(folder: DataFolder) -> Generator[Path]:
    """Socket of the folder's running database, or of one started for as long as we need it."""
    with is_held(folder) as by_another:
        if by_another:
            socket = running_socket(folder.postgres)
            if socket is None:
                raise Trouble(
                    "系统正在启动或停止，请稍后再试。", "The system is starting or stopping."
                )
            yield socket
            return
        postgres = Postgres(folder.postgres, folder.logs / "postgres.log")
        try:
            postgres.start()
            yield postgres.socket
        finally:
            postgres.close()
