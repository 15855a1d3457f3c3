"""The chain that finds a Temporal server, link by link."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.embedded.temporal_lookup import UNGUARDED, find
from deploy.embedded.temporal_program import Program, Remote, pinned
from deploy.trouble import Trouble
from workflows.server import Server

from .programs import script, temporal_command


@dataclass
class Machine:
    """A machine with an empty PATH, an empty cache and no way out."""

    programs: Path
    cache: Path
    environ: dict[str, str]
    said: list[str] = field(default_factory=list)

    def find(self, *, skipping: bool) -> Remote | Program:
        return find(skipping=skipping, say=self.said.append, environ=self.environ)

    def build(self) -> Path:
        return script(self.cache / f"temporal-server-{pinned()}")

    def go(self, *lines: str) -> None:
        """A go command; $5 is the output of ``go build -v -buildvcs=false -o OUTPUT PACKAGE``."""
        script(self.programs / "go", *lines)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    environ = {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return Machine(tmp_path / "bin", tmp_path / "cache" / "bihuan", environ)


def test_an_address_wins_over_everything(machine: Machine) -> None:
    temporal_command(machine.programs, "1.32.1")
    machine.environ["TEMPORAL_ADDRESS"] = "10.0.0.5:7233"
    assert machine.find(skipping=False) == Remote(Server("10.0.0.5:7233"))
    machine.environ["BIHUAN_TEMPORAL_TLS"] = "/srv/tls"
    assert machine.find(skipping=False) == Remote(Server("10.0.0.5:7233", Path("/srv/tls")))


def test_a_throw_away_system_never_touches_a_given_server(machine: Machine) -> None:
    command = temporal_command(machine.programs, "1.32.1")
    machine.environ["TEMPORAL_ADDRESS"] = "10.0.0.5:7233"
    found = machine.find(skipping=True)
    assert found == Program(command, (1, 32), is_command=True)


def test_the_build_in_the_cache_wins_over_the_command_on_path(machine: Machine) -> None:
    temporal_command(machine.programs, "1.33.1")
    kept = machine.build()
    assert machine.find(skipping=False) == Program(kept, (1, 32), is_command=False)
    assert machine.said == []


def test_a_command_is_the_last_resort_and_what_it_lacks_is_said(machine: Machine) -> None:
    command = temporal_command(machine.programs, "1.29.1")
    assert machine.find(skipping=False) == Program(command, (1, 29), is_command=True)
    assert machine.said == [UNGUARDED]


@pytest.mark.parametrize("server", ["1.29.1", "0.40.0"])
def test_a_command_too_old_to_skip_time_is_passed_over(machine: Machine, server: str) -> None:
    temporal_command(machine.programs, server)
    kept = machine.build()
    found = machine.find(skipping=True)
    assert found == Program(kept, (1, 32), is_command=False)


@pytest.mark.parametrize("line", ["exit 3", "echo nonsense", "echo temporal version 1.32.1"])
def test_a_command_of_another_kind_is_passed_over(machine: Machine, line: str) -> None:
    script(machine.programs / "temporal", line)
    kept = machine.build()
    found = machine.find(skipping=False)
    assert found == Program(kept, (1, 32), is_command=False)


def test_the_build_in_the_cache_wins_over_the_download(machine: Machine) -> None:
    temporal_command(machine.cache / "sdk", "1.33.0")
    kept = machine.build()
    found = machine.find(skipping=True)
    assert found == Program(kept, (1, 32), is_command=False)
    assert machine.said == []


def test_an_earlier_download_serves_where_go_cannot_build(machine: Machine) -> None:
    machine.go("exit 1")
    kept = temporal_command(machine.cache / "sdk", "1.33.0")
    found = machine.find(skipping=True)
    assert found == Program(kept, (1, 33), is_command=True)
    assert machine.said[-1] == UNGUARDED


def test_without_a_way_out_go_builds_the_pinned_server_and_the_cache_keeps_it(
    machine: Machine,
) -> None:
    machine.go(
        'echo "go: downloading x" >&2',
        "echo net/http >&2",
        "printf '#!/bin/sh' > \"$5\"",
        '/bin/chmod +x "$5"',
    )
    found = machine.find(skipping=True)
    kept = machine.cache / f"temporal-server-{pinned()}"
    assert found == Program(kept, (1, 32), is_command=False)
    assert kept.read_text() == "#!/bin/sh"
    assert f"编译 Temporal 服务器 {pinned()}" in machine.said[0]
    machine.go("exit 1")
    assert machine.find(skipping=True) == found


def test_a_build_that_fails_says_why_and_leaves_nothing(machine: Machine) -> None:
    machine.go(': > "$5"', 'echo "go.mod requires go >= 1.26.8 (running go 1.19)" >&2', "exit 1")
    with pytest.raises(Trouble, match=r"Go 编译失败（go\.mod requires go >= 1\.26\.8"):
        machine.find(skipping=True)
    assert [path.name for path in machine.cache.glob("temporal-server*")] == []


def test_a_disk_that_fills_while_building_is_told_as_that(machine: Machine) -> None:
    machine.go('echo "write /tmp/x: no space left on device" >&2', "exit 1")
    with pytest.raises(Trouble, match="磁盘空间已满"):
        machine.find(skipping=True)


def test_a_machine_with_nothing_is_told_every_reason_in_one_sentence(machine: Machine) -> None:
    with pytest.raises(Trouble) as trouble:
        machine.find(skipping=False)
    for reason in (
        "没有设置 TEMPORAL_ADDRESS",
        "PATH 中没有 temporal",
        "缓存中没有已编译的服务器",
        "SDK 下载失败",
        "没有安装 Go",
        "请安装 Go",
        "install Go or set TEMPORAL_ADDRESS",
    ):
        assert reason in str(trouble.value)
