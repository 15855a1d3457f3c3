import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.child import Process, halt, launch, rotate, tail
from deploy.embedded.supervisor import Supervisor, stop_signals
from deploy.trouble import Trouble


class Program:
    """A part that runs a command line; ``stopped`` tells the order."""

    stopped: list[str]

    def __init__(self, log: Path, stopped: list[str], *words: str) -> None:
        self._log = log
        self._words = words
        self.stopped = stopped
        self.started: list[Process] = []
        self.refuses = 0

    def start(self) -> Process:
        if self.started and self.refuses:
            self.refuses -= 1
            raise Trouble("还不能启动。", "Not yet.")
        self.started.append(launch(self._words, self._log))
        return self.started[-1]

    def stop(self) -> None:
        self.stopped.append(self._words[-1])
        halt(self.started[-1], signal.SIGTERM, 5)


class Ear:
    """Hears what is said and interrupts, like Ctrl-C, once it hears the words it waits for."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.waits_for = ""

    def __call__(self, line: str) -> None:
        self.heard.append(line)
        if self.waits_for and self.waits_for in line:
            raise KeyboardInterrupt


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def supervisor(ear: Ear) -> Iterator[Supervisor]:
    supervisor = Supervisor(ear, tick=lambda: None)
    yield supervisor
    ear.waits_for = ""
    supervisor.stop()


@pytest.fixture
def stopped() -> list[str]:
    return []


def run_until(supervisor: Supervisor, ear: Ear, words: str) -> None:
    ear.waits_for = words
    with pytest.raises(KeyboardInterrupt):
        supervisor.run()


def test_a_killed_part_is_started_again(
    supervisor: Supervisor, ear: Ear, stopped: list[str], tmp_path: Path
) -> None:
    part = Program(tmp_path / "log", stopped, "sleep", "1000")
    supervisor.start("甲", part)
    part.started[0].kill()
    run_until(supervisor, ear, "甲 已重新启动")
    assert "甲 意外退出（-9）；0.5 秒后重新启动。" in ear.heard
    assert part.started[1].poll() is None


def test_a_part_that_crashes_again_and_again_waits_longer_each_time(
    supervisor: Supervisor, ear: Ear, stopped: list[str], tmp_path: Path
) -> None:
    supervisor.start("甲", Program(tmp_path / "log", stopped, "false"))
    run_until(supervisor, ear, "2 秒后重新启动")
    waits = [line.split("；")[1] for line in ear.heard if "意外退出" in line]
    assert waits == ["0.5 秒后重新启动。", "1 秒后重新启动。", "2 秒后重新启动。"]


def test_a_restart_that_fails_is_told_and_tried_again(
    supervisor: Supervisor, ear: Ear, stopped: list[str], tmp_path: Path
) -> None:
    part = Program(tmp_path / "log", stopped, "sleep", "1000")
    part.refuses = 1
    supervisor.start("甲", part)
    part.started[0].kill()
    run_until(supervisor, ear, "甲 已重新启动")
    assert any("还不能启动。" in line and "1 秒后重新启动" in line for line in ear.heard)


def test_the_last_one_started_is_stopped_first(
    supervisor: Supervisor, stopped: list[str], tmp_path: Path
) -> None:
    for seconds in ("1001", "1002", "1003"):
        supervisor.start(seconds, Program(tmp_path / "log", stopped, "sleep", seconds))
    supervisor.stop()
    assert stopped == ["1003", "1002", "1001"]


def test_a_process_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = launch(["sh", "-c", "trap '' TERM; echo ready; exec sleep 1000"], log)
    while tail(log) != "ready":
        assert process.poll() is None
    halt(process, signal.SIGTERM, 0.1)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_does_not_break_off_the_stopping(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_signals():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        signal.raise_signal(number)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(number) is before


def test_a_large_log_is_moved_aside_while_a_process_writes_to_it(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with log.open("ab", buffering=0) as writer:
        os.truncate(log, 17 * 1024 * 1024)
        rotate(log)
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert (tmp_path / "a.log.1").stat().st_size == 17 * 1024 * 1024
