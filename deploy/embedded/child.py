"""Child processes that never outlive us (子进程)."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROTATE_AT = 16 * 1024 * 1024

Process = subprocess.Popen[bytes]


def tied(death: signal.Signals) -> list[str]:
    """Words before a command line that have the kernel send ``death`` when we are gone.

    The kernel watches the thread that starts the process: let it be the main thread.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", death.name.removeprefix("SIG"), "--"] if setpriv else []


def launch(
    words: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
    *,
    keep: Sequence[int] = (),
) -> Process:
    """Start a program in a session of its own, so that Ctrl-C reaches only us.

    It inherits none of our open files but those to ``keep``.
    """
    rotate(log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
            pass_fds=keep,
            cwd="/",
        )


def halt(process: Process, how: signal.Signals, patience: float) -> None:
    """End a process cleanly, or by force once ``patience`` seconds have passed."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def rotate(log: Path) -> None:
    """Keep one older log file beside a large one; works while a process appends to it."""
    if log.exists() and log.stat().st_size > ROTATE_AT:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)


def tail(log: Path, lines: int = 3) -> str:
    """The last lines of a log, on one line, for a sentence."""
    if not log.exists():
        return ""
    with log.open("rb") as source:
        source.seek(max(log.stat().st_size - 4096, 0))
        return " / ".join(source.read().decode(errors="replace").strip().splitlines()[-lines:])
