"""Scenario files: read strictly, refused in a sentence; the guide tells every command."""

import json
from pathlib import Path

import pytest

from deploy.demo.world import accounts
from deploy.play.guide import command_tables
from deploy.play.scenario import read_scenario, resolve
from deploy.trouble import Trouble

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "scenarios.md").read_text("utf-8")


def scenario(folder: Path, *lines: dict | str) -> Path:
    path = folder / "s.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return path


def line(at: str = "2026-01-05T09:00:00+08:00", **more) -> dict:
    return {"at": at, "by": "insp1", "do": "submit-plan"} | more


def test_comments_and_blank_lines_are_left_out(tmp_path):
    (one,) = read_scenario(scenario(tmp_path, "# 说明", "", line(**{"with": {"a": 1}, "as": "x"})))
    assert (one.do, one.fields, one.label, one.refused) == ("submit-plan", {"a": 1}, "x", False)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["{"], "第1行不是一行 JSON"),
        ([{"by": "insp1", "do": "x"}], "at 有误"),
        ([line(at="2026-01-05T09:00:00")], "at 有误"),
        ([line(nonsense=1)], "nonsense 有误"),
        ([line(), line(at="2026-01-04T09:00:00+08:00")], "时间早于上一条"),
        (["# 空"], "没有任何一行"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, lines, words):
    with pytest.raises(Trouble, match=words):
        read_scenario(scenario(tmp_path, *lines))


def test_references_reach_into_lists_and_name_what_is_known():
    known = {"order": {"id": "1", "document": "d"}}
    assert resolve({"a": ["$order.document", "$order", "5 $"]}, known) == {"a": ["d", "1", "5 $"]}
    with pytest.raises(Trouble, match=r"\$order"):
        resolve("$other.document", known)


def test_the_guide_tells_every_command_and_account():
    assert GUIDE.endswith(command_tables())
    assert all(f"| `{account}` | {roles} |" in GUIDE for account, roles in accounts())
