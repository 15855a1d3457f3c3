"""Temporal programs on this machine (时钟服务程序): what they are, and what they can do."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workflows.server import Server

MODULE = Path(__file__).parent.parent / "temporal"
"""The Go module that pins the server's version and everything it is built from."""
SKIPS_SINCE = (1, 32)
"""First server that can skip the time of a workflow."""
_SERVER = re.compile(r"Server (\d+)\.(\d+)\.(\d+)")
_PIN = re.compile(r"^\s*go\.temporal\.io/server v(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Wish:
    """What is asked of a server, and what the search may use."""

    skipping: bool
    """Time must be skippable: tests and the simulator, on a throw-away server of their own."""
    say: Callable[[str], None]
    environ: Mapping[str, str]

    @property
    def cache(self) -> Path:
        """Where downloads and builds are kept between data folders."""
        base = self.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(base) / "bihuan"


@dataclass(frozen=True)
class Remote:
    """A server that somebody else runs, and guards as they see fit."""

    server: Server


@dataclass(frozen=True)
class Program:
    """A program to run: the ``temporal`` command with its development server, or the server."""

    path: Path
    version: tuple[int, int]
    is_command: bool


def pinned() -> str:
    """Version of the server that ``deploy/temporal`` builds."""
    found = _PIN.search((MODULE / "go.mod").read_text("utf-8"))
    if found is None:
        raise LookupError(f"no go.temporal.io/server in {MODULE / 'go.mod'}")
    return found[1]


def built(path: Path) -> Program:
    """The server built from our module."""
    major, minor = pinned().split(".")[:2]
    return Program(path, (int(major), int(minor)), is_command=False)


def command(path: Path, wish: Wish) -> Program | str:
    """The ``temporal`` command at ``path`` if it will do, else the reason why not."""
    try:
        asked = subprocess.run(  # noqa: S603 - a program the user put on PATH, or our download
            [path, "--version"], check=False, capture_output=True, text=True, timeout=20, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return f"{path} 无法运行"
    found = _SERVER.search(asked.stdout)
    if found is None:
        return f"{path} 没有说明其服务器版本"
    version = (int(found[1]), int(found[2]))
    if wish.skipping and version < SKIPS_SINCE:
        return f"{path} 的服务器版本 {found[0].removeprefix('Server ')} 低于 1.32，不能快进时间"
    return Program(path, version, is_command=True)


def is_program(path: Path) -> bool:
    """Whether there is a file we may run."""
    return path.is_file() and os.access(path, os.X_OK)
