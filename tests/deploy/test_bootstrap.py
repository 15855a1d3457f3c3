"""The first step of ``make`` on a machine that lacks something: one sentence and exit code 2."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .programs import script

ROOT = Path(__file__).parents[2]
NEEDS = ("sh", "dirname", "df", "awk", "cut", "rm", "mkdir")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without any environment, on a machine with a few basic programs."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "bootstrap.sh", tmp_path / "deploy")
    (tmp_path / "bin").mkdir()
    for name in NEEDS:
        found = shutil.which(name)
        assert found
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def bootstrap(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", checkout / "deploy" / "bootstrap.sh"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(checkout / "bin")},
    )


def python(checkout: Path, *lines: str) -> None:
    """A python3 new enough, whose other answers are ``lines``."""
    script(checkout / "bin" / "python3", '[ "$1" = -c ] && echo "$0" && exit 0', *lines)


def test_no_python_is_told(checkout: Path) -> None:
    done = bootstrap(checkout)
    assert done.returncode == 2
    assert (
        done.stderr == "需要 Python 3.11 或更新版本，请先安装。(Python 3.11 or newer is needed.)\n"
    )


def test_an_old_python_is_told(checkout: Path) -> None:
    script(checkout / "bin" / "python3", "exit 1")
    assert "需要 Python 3.11" in bootstrap(checkout).stderr


def test_a_python_without_venv_and_pip_is_told(checkout: Path) -> None:
    python(checkout, "exit 1")
    done = bootstrap(checkout)
    assert done.returncode == 2
    assert "缺少 venv 和 pip" in done.stderr


def test_no_network_is_told(checkout: Path) -> None:
    python(checkout, '[ "$2" = pip ] && [ "$3" = --version ] && exit 0', "exit 1")
    done = bootstrap(checkout)
    assert done.returncode == 2
    assert "无法安装 uv" in done.stderr
    assert (checkout / ".tools" / ".gitignore").read_text() == "*\n"


def test_a_full_disk_is_told_before_anything_is_fetched(checkout: Path) -> None:
    python(checkout, "exit 1")
    (checkout / "bin" / "df").unlink()
    script(checkout / "bin" / "df", "echo Filesystem 1024-blocks Used Available", "echo / 9 9 1000")
    done = bootstrap(checkout)
    assert done.returncode == 2
    assert "磁盘空间不足" in done.stderr
    assert not (checkout / ".tools").exists()
