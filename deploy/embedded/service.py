"""One of our own processes, started from the ``bihuan`` command (自有进程)."""

import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Protocol

from deploy.embedded.child import Process, halt, launch, tail, tied
from deploy.settings import Settings
from deploy.trouble import Trouble, disk_full, is_disk_full

PATIENCE = 60.0
STOPS_WITHIN = 10.0


class Open(Protocol):
    """A socket or file."""

    def fileno(self) -> int:
        """Its descriptor."""
        ...


class Service:
    """``bihuan serve NAME`` as a child; ready when ``ready`` says so, at once where it is None.

    ``n`` tells apart several of one name; ``shared`` are open files they have together, by option.
    ``bury`` is told the process number of one that ended by itself, in a thread of its own, when
    the next one has been started.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        logs: Path,
        *,
        n: int | None = None,
        options: Sequence[str] = (),
        shared: Mapping[str, Open] | None = None,
        ready: Callable[[], bool] | None = None,
        bury: Callable[[int], None] | None = None,
    ) -> None:
        self._name = name
        self._environment = settings.environment(name)
        self._log = logs / (f"{name}.log" if n is None else f"{name}-{n}.log")
        self._shared = shared or {}
        self._options = options
        self._ready = ready
        self._bury = bury
        self.process: Process | None = None

    def start(self) -> Process:
        """Start and wait until it is ready."""
        serve = [sys.executable, "-m", "deploy.commands.serve", self._name, *self._options]
        shared = {option: file.fileno() for option, file in self._shared.items()}
        serve += [word for option, file in shared.items() for word in (option, str(file))]
        words = [*tied(signal.SIGTERM), *serve]
        dead, process = (
            self.process,
            launch(words, self._log, self._environment, keep=tuple(shared.values())),
        )
        self.process = process
        if dead is not None and self._bury is not None:
            Thread(target=self._bury, args=(dead.pid,), daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while self._ready is not None and not self._ready():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise self._failed()
            time.sleep(0.05)
        return process

    def stop(self) -> None:
        """Let it finish what it has in hand, then end it."""
        if self.process is not None:
            halt(self.process, signal.SIGTERM, STOPS_WITHIN)
        self.process = None

    def _failed(self) -> Trouble:
        said = tail(self._log)
        if is_disk_full(said):
            return disk_full()
        return Trouble(
            f"进程 {self._name} 无法启动，详见 {self._log}：{said}", f"{self._name} does not start."
        )
