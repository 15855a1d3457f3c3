"""What a killed PostgreSQL leaves behind (残留清理): its pid file, its socket, perhaps itself."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 30.0
PREFIX = "bihuan-"
"""How the names of our socket folders begin."""


def running_socket(folder: Path) -> Path | None:
    """Folder of the socket of the server that runs on ``folder``, if one does."""
    pid = _pid(folder)
    return _socket(folder) if pid and _is_ours(pid, folder) else None


def remember_socket(folder: Path, socket: Path) -> None:
    """Note where the socket lies, beside the data: the next start removes what a crash left."""
    _note(folder).write_text(str(socket))


def clear(folder: Path, keep: Path) -> None:
    """End an orphaned server of this folder; remove a pid file and a socket that are nobody's.

    Only for the holder of the data folder. PostgreSQL itself would refuse to start when another
    program has got the dead server's process number, as happens in containers.
    """
    if (pid := _pid(folder)) and _is_ours(pid, folder):
        _end(pid, folder)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    if (socket := _socket(folder)) and socket != keep:
        shutil.rmtree(socket, ignore_errors=True)


def _pid(folder: Path) -> int | None:
    with suppress(FileNotFoundError, ValueError, IndexError):
        return int((folder / "postmaster.pid").read_text().split()[0])
    return None


def _note(folder: Path) -> Path:
    return folder.with_suffix(".socket")


def _socket(folder: Path) -> Path | None:
    with suppress(FileNotFoundError):
        socket = Path(_note(folder).read_text())
        return socket if socket.name.startswith(PREFIX) else None
    return None


def _is_ours(pid: int, folder: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(folder) in words


def _end(pid: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
        while _is_ours(pid, folder) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _is_ours(pid, folder):
            os.kill(pid, signal.SIGQUIT)
