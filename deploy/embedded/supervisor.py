"""The supervisor (进程守护): starts parts in order, restarts what crashes, stops all in reverse."""

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from types import FrameType
from typing import Protocol

from deploy.embedded.child import Process
from deploy.trouble import Trouble

HEALTHY_AFTER = 60.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
TICK = 60.0
SLICE = 1.0
"""Seconds: a signal that comes just before the wait begins does not end it."""


class Part(Protocol):
    """Something with one process: PostgreSQL, Temporal, one of ours."""

    def start(self) -> Process:
        """Start and wait until it is of use."""
        ...

    def stop(self) -> None:
        """End it cleanly; nothing happens where it does not run."""
        ...


@dataclass
class _Kept:
    title: str
    part: Part
    started: float = 0.0
    crashes: int = 0


@dataclass(frozen=True)
class _Ended:
    kept: _Kept
    process: Process


class Supervisor:
    """Keeps parts running. Everything is started from the thread that calls it, the main one."""

    def __init__(self, say: Callable[[str], None], tick: Callable[[], None]) -> None:
        self._say = say
        self._tick = tick
        self._inbox: SimpleQueue[_Ended | _Kept] = SimpleQueue()
        self._kept: list[_Kept] = []

    def start(self, title: str, part: Part) -> None:
        """Start one more part and watch it from now on."""
        self._say(f"启动 {title}……")
        kept = _Kept(title, part)
        self._kept.append(kept)
        self._launch(kept)

    def run(self) -> None:
        """Restart what ends, until Ctrl-C or SIGTERM comes as KeyboardInterrupt."""
        ticks = monotonic() + TICK
        while True:
            if monotonic() >= ticks:
                self._tick()
                ticks = monotonic() + TICK
            try:
                message = self._inbox.get(timeout=SLICE)
            except Empty:
                continue
            if isinstance(message, _Ended):
                self._ended(message)
            else:
                self._again(message)

    def stop(self) -> None:
        """Stop all parts, the last one started first."""
        for kept in reversed(self._kept):
            self._say(f"停止 {kept.title}……")
            kept.part.stop()
        self._kept.clear()

    def _launch(self, kept: _Kept) -> None:
        process = kept.part.start()
        kept.started = monotonic()
        Thread(target=self._watch, args=(kept, process), daemon=True).start()

    def _watch(self, kept: _Kept, process: Process) -> None:
        process.wait()
        self._inbox.put(_Ended(kept, process))

    def _ended(self, ended: _Ended) -> None:
        kept = ended.kept
        if monotonic() - kept.started > HEALTHY_AFTER:
            kept.crashes = 0
        self._later(kept, f"{kept.title} 意外退出（{ended.process.returncode}）")

    def _again(self, kept: _Kept) -> None:
        try:
            self._launch(kept)
        except (Trouble, OSError) as trouble:
            self._later(kept, str(trouble))
        else:
            self._say(f"{kept.title} 已重新启动。")

    def _later(self, kept: _Kept, why: str) -> None:
        delay = min(FIRST_DELAY * 2**kept.crashes, LONGEST_DELAY)
        kept.crashes += 1
        self._say(f"{why}；{delay:g} 秒后重新启动。")
        timer = Timer(delay, self._inbox.put, (kept,))
        timer.daemon = True
        timer.start()


@contextmanager
def stop_signals() -> Generator[None]:
    """Ctrl-C, SIGTERM, a closed terminal: KeyboardInterrupt, once, so that stopping goes on."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        for each in _STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in _STOPPING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
