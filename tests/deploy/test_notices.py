"""A holiday notice read from a file, refused in a sentence."""

import json
from pathlib import Path

import pytest

from deploy.imports.notices import read_notice
from deploy.trouble import Trouble

NOTICE = {
    "notice": "示例〔2026〕1号",
    "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
    "workdays": ["2027-02-20"],
}


def written(folder: Path, notice: object) -> Path:
    path = folder / "2027.json"
    path.write_text(json.dumps(notice), "utf-8")
    return path


def test_a_notice_becomes_the_command(tmp_path: Path) -> None:
    command = read_notice(2027, written(tmp_path, NOTICE))
    assert (command.table.year, command.notice) == (2027, "示例〔2026〕1号")
    assert str(command.table.holidays[0].last) == "2027-01-03"


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        ([], "不是放假安排"),
        ({"holidays": [], "workdays": []}, "不是放假安排"),
        (NOTICE | {"workdays": ["2027-02-22"]}, "调休上班日应是星期六或星期日"),
        (NOTICE | {"workdays": ["2026-02-21"]}, "每一天都应在2027年内"),
    ],
)
def test_a_wrong_notice_is_named(tmp_path: Path, notice: object, words: str) -> None:
    with pytest.raises(Trouble, match=words):
        read_notice(2027, written(tmp_path, notice))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="无法读取"):
        read_notice(2027, tmp_path / "missing.json")
