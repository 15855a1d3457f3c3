"""Building the Temporal server with Go (时钟服务编译): minutes, once; it says how far it is."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from deploy.embedded.child import halt, tied
from deploy.embedded.temporal_program import MODULE, Wish, is_program, pinned
from deploy.trouble import disk_full, is_disk_full

PACKAGE = "go.temporal.io/server/cmd/server"
SAYS_EVERY = 10.0


def build(wish: Wish) -> Path | str:
    """The built server in the cache, or in a few words why there is none."""
    go = shutil.which("go", path=wish.environ.get("PATH", os.defpath))
    if go is None:
        return "没有安装 Go"
    target = wish.cache / f"temporal-server-{pinned()}"
    wish.cache.mkdir(parents=True, exist_ok=True)
    with _alone(wish.cache / "build.lock"):
        if not is_program(target):
            wish.say(f"首次使用：用 Go 编译 Temporal 服务器 {pinned()}，约需 4–10 分钟，只此一次……")
            draft = target.with_suffix(f".{os.getpid()}")
            if (said := _compile(go, draft, wish)) is not None:
                draft.unlink(missing_ok=True)
                if is_disk_full(said):
                    raise disk_full()
                return f"Go 编译失败（{said}）"
            draft.replace(target)
    return target


def _compile(go: str, target: Path, wish: Wish) -> str | None:
    """Run the build; returns its last words where it failed."""
    # Go would stamp the state of the surrounding git checkout, which may not even be readable.
    words = [go, "build", "-v", "-buildvcs=false", "-o", str(target), PACKAGE]
    process = subprocess.Popen(  # noqa: S603 - the go command, no shell
        [*tied(signal.SIGTERM), *words],
        cwd=MODULE,
        env=dict(wish.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    heard = _Heard(process)
    started = time.monotonic()
    try:
        while True:
            try:
                return heard.last() if process.wait(SAYS_EVERY) else None
            except subprocess.TimeoutExpired:
                minutes, seconds = divmod(int(time.monotonic() - started), 60)
                wish.say(f"  {heard.progress()}，已用 {minutes} 分 {seconds:02d} 秒")
    finally:
        halt(process, signal.SIGTERM, 5)
        heard.close()


class _Heard:
    """What the go command says: one line a module fetched or a package compiled."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._source = process.stderr
        self._last: deque[str] = deque(maxlen=3)
        self._fetched = self._compiled = 0
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def progress(self) -> str:
        """How far it is, in words."""
        if self._compiled:
            return f"已编译 {self._compiled} 个包"
        return f"已下载 {self._fetched} 个模块" if self._fetched else "正在准备"

    def last(self) -> str:
        """The last words, on one line."""
        self._reader.join()
        return " / ".join(self._last)

    def close(self) -> None:
        """Let go of the pipe."""
        self._reader.join()
        if self._source is not None:
            self._source.close()

    def _read(self) -> None:
        for line in self._source or ():
            text = line.decode(errors="replace").strip()
            self._last.append(text)
            if text.startswith("go: "):
                self._fetched += 1
            else:
                self._compiled += 1


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """One build at a time on this machine; the second finds the first one's result."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
