"""Which Temporal server to use (时钟服务查找): a chain, the first link that has one wins."""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from deploy.embedded.aside import run_aside
from deploy.embedded.temporal_build import build
from deploy.embedded.temporal_program import (
    Program,
    Remote,
    Wish,
    built,
    command,
    is_program,
    pinned,
)
from deploy.trouble import Trouble
from workflows.server import Server

DOWNLOADS_WITHIN = timedelta(minutes=2)
UNGUARDED = (
    "注意：temporal 命令自带的开发服务器不验证身份，本机任何用户都能操作时钟；"
    "正式使用前请安装 Go（1.26.8 或更新）后重新启动。"
)

Found = Remote | Program
Link = Callable[[Wish], Found | str]
"""A place to look: what is there, or in a few words why nothing is."""


def find(
    *, skipping: bool, say: Callable[[str], None], environ: Mapping[str, str] = os.environ
) -> Found:
    """The server to use, built if need be, or one sentence with the reason of every link."""
    wish = Wish(skipping=skipping, say=say, environ=environ)
    reasons: list[str] = []
    for link in CHAIN:
        found = link(wish)
        if not isinstance(found, str):
            if isinstance(found, Program) and found.is_command:
                say(UNGUARDED)
            return found
        reasons.append(found)
    raise Trouble(
        f"找不到可用的 Temporal 服务器：{'；'.join(reasons)}。"
        "请安装 Go（1.26.8 或更新）后重试，或用 TEMPORAL_ADDRESS 指定已有的服务器。",
        "No Temporal server and no way to get one: install Go or set TEMPORAL_ADDRESS.",
    )


def from_environment(wish: Wish) -> Found | str:
    """``TEMPORAL_ADDRESS``, plain or with the certificates in ``BIHUAN_TEMPORAL_TLS``.

    Never for a throw-away system, which must not touch a shared server.
    """
    if wish.skipping:
        return "演练和测试不使用 TEMPORAL_ADDRESS"
    server = given(wish.environ)
    return Remote(server) if server else "没有设置 TEMPORAL_ADDRESS"


def given(environ: Mapping[str, str]) -> Server | None:
    """The server that the environment names."""
    address, tls = (environ.get(name) for name in ("TEMPORAL_ADDRESS", "BIHUAN_TEMPORAL_TLS"))
    return Server(address, Path(tls) if tls else None) if address else None


def from_path(wish: Wish) -> Found | str:
    """A ``temporal`` command on PATH."""
    path = shutil.which("temporal", path=wish.environ.get("PATH", os.defpath))
    return command(Path(path), wish) if path else "PATH 中没有 temporal"


def from_cache(wish: Wish) -> Found | str:
    """The server built before."""
    path = wish.cache / f"temporal-server-{pinned()}"
    return built(path) if is_program(path) else "缓存中没有已编译的服务器"


def from_sdk(wish: Wish) -> Found | str:
    """The Temporal SDK's own download of the ``temporal`` command, kept in our cache."""
    folder = wish.cache / "sdk"
    path = _downloaded(folder)
    if path is None:
        wish.say("尝试由 Temporal SDK 下载服务器……")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run_aside(_download(folder))
        except (RuntimeError, TimeoutError):
            return "SDK 下载失败（没有外网）"
        path = _downloaded(folder)
    return command(path, wish) if path else "SDK 没有下载到程序"


def from_go(wish: Wish) -> Found | str:
    """A build of the official server from the Go module proxy, pinned by ``deploy/temporal``."""
    path = build(wish)
    return path if isinstance(path, str) else built(path)


CHAIN: tuple[Link, ...] = (from_environment, from_cache, from_go, from_path, from_sdk)
"""The ``temporal`` command comes last: its development server knows no certificates."""


def _downloaded(folder: Path) -> Path | None:
    return next((path for path in sorted(folder.glob("temporal*")) if is_program(path)), None)


async def _download(folder: Path) -> None:
    """The SDK downloads only by starting a server; we want the program and start it ourselves."""
    starting = WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType]
        download_dest_dir=str(folder)
    )
    environment = await asyncio.wait_for(starting, DOWNLOADS_WITHIN.total_seconds())
    await environment.shutdown()
