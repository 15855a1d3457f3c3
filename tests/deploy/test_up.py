"""``bihuan up`` as a person at a terminal sees it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.demo.world import PASSWORD
from deploy.folder import existing
from deploy.network import LOOPBACK, free_ports
from tests.deploy.test_backup import opened, register


class Terminal:
    """A running ``bihuan up``."""

    def __init__(self, data: Path, port: int) -> None:
        self._begun = time.monotonic()
        words = [sys.executable, "-m", "deploy.cli", "up", "--data", data, "--port", str(port)]
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self.ready_line = self._read_ready()
        self.ready_after = time.monotonic() - self._begun

    def _read_ready(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line and self.process.stderr:
            pytest.fail(self.process.stderr.read())
        return line

    def wait_for(self, words: str) -> None:
        """Read what it says until it says ``words``."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                return
        pytest.fail(f"never said {words}: {self.said}")

    def page(self) -> int:
        """Status of the page at the address it printed."""
        found = re.search(r"http://\S+", self.ready_line)
        assert found
        return httpx.get(found[0], follow_redirects=True).status_code

    def child(self, name: str) -> int:
        """Process number of one of its processes."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if f"serve\0{name}\0" in Path(f"/proc/{child}/cmdline").read_text():
                return int(child)
        pytest.fail(f"no {name}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, and the exit code."""
        self.process.send_signal(how)
        assert self.process.stderr
        self.said += self.process.stderr.readlines()
        return self.process.wait()

    def close(self) -> None:
        self.process.kill()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        self.process.wait()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def terminal(data: Path, port: int) -> Iterator[Terminal]:
    terminal = Terminal(data, port)
    yield terminal
    terminal.close()


def refused(data: Path, port: int) -> str:
    """The one sentence with which a start is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "up", "--data", data, "--port", str(port)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_it_starts_says_so_and_stops_cleanly_on_ctrl_c(terminal: Terminal) -> None:
    assert terminal.page() == 200
    assert terminal.stop() == 0
    assert "已停止，全部数据已保存" in terminal.said[-1]
    stopped = [line.split()[1].rstrip("…") for line in terminal.said if line.startswith("停止")]
    assert terminal.process.stdout
    assert PASSWORD in terminal.process.stdout.readline()
    assert "insp1" in terminal.process.stdout.read()
    assert stopped == [
        "网页和接口",
        "网页和接口",
        "工作流",
        "工作流",
        "读模型",
        "Temporal",
        "PostgreSQL",
    ]


def test_the_second_start_is_ready_within_15_seconds(terminal: Terminal) -> None:
    assert terminal.ready_after < 15
    assert terminal.page() == 200
    assert terminal.stop(signal.SIGTERM) == 0


def test_a_process_that_crashes_comes_back(terminal: Terminal) -> None:
    for name, title in (("worker", "工作流 1"), ("projector", "读模型"), ("api", "网页和接口 1")):
        os.kill(terminal.child(name), signal.SIGKILL)
        terminal.wait_for(f"{title} 已重新启动")
    assert terminal.page() == 200


def test_a_second_start_on_the_same_folder_is_refused(terminal: Terminal, data: Path) -> None:
    assert "正由另一个闭环系统使用" in refused(data, free_ports(1)[0])
    assert terminal.page() == 200


def test_after_a_kill_nothing_stays_behind_and_the_next_start_works(
    terminal: Terminal, data: Path, port: int
) -> None:
    terminal.process.kill()
    terminal.process.wait()
    again = Terminal(data, port)
    try:
        assert again.page() == 200
        assert again.stop() == 0
    finally:
        again.close()


def test_clocks_lost_with_their_database_are_noticed(data: Path, port: int) -> None:
    before = existing(data).read()["clocks"]
    shutil.rmtree(data / "temporal")
    terminal = Terminal(data, port)
    try:
        assert terminal.page() == 200
        assert terminal.stop() == 0
    finally:
        terminal.close()
    assert existing(data).read()["clocks"] not in {"", before}


def test_a_database_put_back_from_an_older_copy_is_noticed(
    data: Path, port: int, tmp_path: Path
) -> None:
    clocks = existing(data).read()["clocks"]
    shutil.copytree(data / "postgres", tmp_path / "older")
    with opened(existing(data)) as store:
        register(store, uuid4())
        had = store.head()[0]
    for _ in range(2):  # the end of the log is noted while it runs, and told of once
        terminal = Terminal(data, port)
        try:
            assert terminal.page() == 200
            assert terminal.stop() == 0
        finally:
            terminal.close()
        assert "数据库比上次运行时旧" not in "".join(terminal.said)
    shutil.rmtree(data / "postgres")
    (tmp_path / "older").rename(data / "postgres")
    terminal = Terminal(data, port)
    try:
        assert terminal.page() == 200
        assert terminal.stop() == 0
    finally:
        terminal.close()
    said = "".join(terminal.said)
    assert f"日志只到第 {had - 1} 条，而此前已受理到第 {had} 条" in said
    marker = existing(data).read()
    assert marker["older"]["had"]["seq"] == had
    assert marker["clocks"] != clocks  # fed from zero


def test_a_port_in_use_is_refused_before_anything_starts(data: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        said = refused(data, taken.getsockname()[1])
    assert "已被其他程序占用，请换一个端口" in said


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    assert "不是闭环系统的数据目录且不为空" in refused(tmp_path, free_ports(1)[0])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
