"""``docs/backup.md`` followed word for word, on a system that runs."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.folder import existing
from deploy.network import free_ports
from tests.deploy.test_up import Terminal

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "backup.md"
UP = ".venv/bin/bihuan up"
CTRL_C = "# 在运行系统的终端按 Ctrl-C"
ELSEWHERE = {"git pull && make setup"}
"""What a test cannot do: it runs the newest program already."""


class Reader:
    """Somebody who types what the page says, each ``up`` in a terminal of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.terminals: list[Terminal] = []
        self.said = ""

    def follow(self, line: str) -> None:
        if line in ELSEWHERE:
            return
        if line.startswith(UP):
            self.up(Path(line.partition("--data ")[2].partition(" ")[0] or "data"))
        elif line == CTRL_C:
            self.stop()
        else:
            self.type(line)

    def up(self, data: Path) -> None:
        """The one thing that differs is the port: others may use it here."""
        self.terminals.append(Terminal(self.place / data, free_ports(1)[0]))
        assert self.terminals[-1].page() == 200

    def stop(self) -> None:
        terminal = self.terminals.pop()
        try:
            assert terminal.stop() == 0
        finally:
            terminal.close()

    def type(self, line: str) -> None:
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.place,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        self.said += done.stdout


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    reader = Reader(tmp_path)
    yield reader
    for terminal in reader.terminals:
        terminal.close()


def lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_the_page_does_what_it_says(reader: Reader) -> None:
    reader.up(Path("data"))
    for line in lines():
        reader.follow(line)
    assert reader.said.count("备份完成并已核验") == 3
    assert reader.said.count("恢复完成并已核验") == 3
    assert reader.said.count("日志完整") == 3
    marker = existing(reader.place / "data").read()
    assert marker["restored"]["head"] > 0
    assert marker["clocks"] != existing(reader.place / "data.broken").read()["clocks"]
    assert len(reader.terminals) == 1
    reader.stop()
