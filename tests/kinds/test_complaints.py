"""A kind of case of its own folder has all that a kind has, without an edit anywhere else."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.play.guide import command_tables
from deploy.play.player import timeline
from domain.command import COMMANDS
from tests.kinds.conftest import DISTRICT, PACKAGE, Story
from tests.kinds.registered import REGISTRIES, known

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = Path(__file__).parents[2]
MONTH = f"/stats/month?month=2026-03&unit={DISTRICT}"


async def bihuan(story: Story, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """The command on the story's system, in this process, which knows complaints."""
    settings = story.player.stage.settings
    monkeypatch.setenv("BIHUAN_DSN_COMMAND", settings.command)
    monkeypatch.setenv("BIHUAN_DSN_PROJECTOR", settings.projector)
    monkeypatch.setenv("TEMPORAL_ADDRESS", settings.temporal)
    monkeypatch.setenv("BIHUAN_TEMPORAL_TLS", str(settings.temporal_tls))
    result = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    assert result.exit_code == 0, result.output
    return result


async def following(story: Story) -> dict[str, Any]:
    """The complaint that followed the closing of the inspection."""
    case = await story.get("insp1", f"/inspections/{story.id('inspection')}")
    (child,) = case["children"]
    return await story.get("insp1", f"/complaints/{child['id']}")


async def test_the_house_does_not_know_it() -> None:
    places = ("domain", "workflows", "projections", "api", "deploy", "docs")
    files = [p for place in places for p in (ROOT / place).rglob("*") if p.is_file()]
    names = (b"complaints", b"answer-complaint", b"ComplaintWorkflow")
    assert [p.name for p in files if any(name in p.read_bytes() for name in names)] == []


async def test_it_is_gone_when_it_is_no_longer_asked_for() -> None:
    before = [repr(each) for each in REGISTRIES]
    with known(PACKAGE):
        inside = [repr(each) for each in REGISTRIES]
        assert all(new != old for new, old in zip(inside, before, strict=True))
    assert [repr(each) for each in REGISTRIES] == before


async def test_the_simulator_plays_its_commands(story: Story) -> None:
    assert [played.line for played in story.played if not played.as_expected] == []


async def test_it_has_its_routes_with_their_rights(story: Story) -> None:
    described = (await story.player.stage.http.get("/api/v1/openapi.json")).json()["paths"]
    assert {p.removeprefix("/api/v1") for p in described if "complaint" in p} == {
        "/complaints",
        "/complaints/receive-complaint",
        "/complaints/{case_id}",
        "/complaints/{case_id}/timeline",
        "/complaints/{case_id}/workflow",
        "/complaints/{target}/answer-complaint",
    }
    answer = described["/api/v1/complaints/{target}/answer-complaint"]["post"]
    assert (answer["tags"], answer["summary"]) == (["投诉举报"], "答复投诉举报")
    assert "审批人" in answer["description"]
    statuses = {(p.line.do, p.line.by, p.status) for p in story.played if "complaint" in p.line.do}
    assert statuses == {
        ("receive-complaint", "insp1", 201),
        ("receive-complaint", "insp2", 201),
        ("receive-complaint", "insp1", 403),
        ("receive-complaint", "appr1", 403),
        ("answer-complaint", "insp1", 403),
        ("answer-complaint", "insp2", 403),
        ("answer-complaint", "appr5", 404),
        ("answer-complaint", "appr1", 200),
        ("complaints/answer-complaint", "appr1", 422),
    }
    path = f"/complaints/{story.id('forgotten')}"
    assert [(await story.asked(a, path))[0] for a in ("insp2", "audit0", "insp5", "admin")] == [
        *(200, 200),
        *(404, 404),
    ]


async def test_it_stands_on_the_work_list_of_who_may_answer(story: Story) -> None:
    rows = {
        account: [
            (r["title"], r["case_title"], r["due"], r["urgency"])
            for r in (await story.get(account, "/work"))["items"]
            if r["kind"] == "complaint"
        ]
        for account in ("appr1", "insp2", "insp1", "appr5")
    }
    first = ("答复投诉举报：夜间违规动火", "投诉举报件", "2026-03-16", "已逾期")
    second = ("答复投诉举报：检查已结案（未发现问题）", "投诉举报件", "2026-03-20", "临期")
    # The second officer is an approver, too, but handles what followed his own inspection.
    assert rows == {"appr1": [first, second], "insp2": [first], "insp1": [], "appr5": []}


async def test_its_clocks_fire_and_tell_whom_they_concern(story: Story) -> None:
    told = [row for row in timeline(story.player.stage) if row["case"] == story.id("forgotten")]
    fired = [(r["data"]["rung"]["name"], r["at"]) for r in told if r["topic"] == "clock/fired"]
    assert fired == [
        ("-3wd", "2026-03-11T09:00:00+08:00"),
        ("-1wd", "2026-03-13T09:00:00+08:00"),
        ("due", "2026-03-17T00:00:00+08:00"),
        ("+1wd", "2026-03-17T09:00:00+08:00"),
    ]
    notices = {
        account: [
            (n["action_title"], n["title"], n["subjects"])
            for n in (await story.get(account, "/inbox"))["items"]
            if n["case_id"] == story.id("forgotten")
        ]
        for account in ("insp1", "appr1", "super1", "insp2", "appr5")
    }
    assert notices == {
        "insp1": [("届满", "复议答复", ["投诉举报"]), ("提醒", "复议答复", ["投诉举报"])],
        "appr1": [("提醒", "复议答复", ["投诉举报"])],
        "super1": [("逾期升级", "复议答复", ["投诉举报"])],
        "insp2": [("提醒", "复议答复", ["投诉举报"])],
        "appr5": [],
    }


async def test_an_answered_one_is_silent(story: Story) -> None:
    told = [row for row in timeline(story.player.stage) if row["case"] == story.id("answered")]
    assert [row["topic"] for row in told] == [
        "complaint/received",
        "deadline/set",
        "deadline/met",
        "complaint/answered",
    ]


async def test_its_timeline_has_its_words(story: Story) -> None:
    rows = (await story.get("appr1", f"/complaints/{story.id('answered')}/timeline"))["items"]
    assert [row["words"] for row in rows] == [
        "收到投诉举报：消防通道堆物",
        "期限起算：复议答复（投诉举报）至 2026-03-17",
        "期限事项完成（期限内确认）：复议答复（投诉举报）",
        "答复投诉举报：已责令清理",
    ]
    view = await story.get("appr1", f"/complaints/{story.id('answered')}")
    assert (view["title"], view["stage"], view["outcome"]) == ("投诉举报件", "已答复", "已办结")
    assert (view["about"], view["steps"], view["todos"]) == ("消防通道堆物", [], [])


async def test_its_figures_stand_in_the_month_and_can_be_looked_into(story: Story) -> None:
    table = await story.get("insp1", MONTH)
    titles = {one["code"]: one["title"] for one in table["indicators"]}
    figures = {title: table["rows"][0]["total"][code] for code, title in titles.items()}
    assert (figures["收到投诉举报（件）"], figures["答复投诉举报（件）"]) == (3, 1)
    path = MONTH.replace("month?", "month/events?")
    behind = {
        code: (await story.get("insp1", f"{path}&indicator={code}"))["items"]
        for code in ("complaints-received", "complaints-answered")
    }
    assert [row["on_day"] for row in behind["complaints-received"]] == [
        "2026-03-02",
        "2026-03-03",
        "2026-03-06",
    ]
    assert [row["case_id"] for row in behind["complaints-answered"]] == [story.id("answered")]


async def test_it_follows_the_closing_of_an_inspection_in_the_same_append(story: Story) -> None:
    case = await following(story)
    assert (case["about"], case["inspection"]) == (
        "检查已结案（未发现问题）",
        story.id("inspection"),
    )
    store = story.player.stage.bihuan.store
    (closed,) = [s for s in store.page(0, story.head) if s.topic == "inspection/closed"]
    together = [s.topic for s in store.page(0, story.head) if s.command_id == closed.command_id]
    assert together == ["inspection/closed", "complaint/received", "deadline/set"]
    shown = (await story.get("appr1", f"/inspections/{story.id('inspection')}/timeline"))["items"]
    assert "收到投诉举报：检查已结案（未发现问题）" in [row["words"] for row in shown]


async def test_its_workflow_answers_what_it_waits_for(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await following(story)
    said = (await bihuan(story, monkeypatch, "workflow", case["id"])).stdout
    assert said.startswith("投诉举报件（案卷现为第 3 版，工作流所知为第 3 版）")
    for line in ("当前：待答复", "等到：本案办结", "待办：答复投诉举报", "下次唤醒："):
        assert line in said
    assert "已触发：2026-03-17 09:00 复议答复：届满前3个工作日" in said
    told = (await story.get("appr1", f"/complaints/{case['id']}/workflow"))["words"]
    assert {"heading": "待办", "lines": ["答复投诉举报"]} in told
    described = await story.player.stage.temporal.get_workflow_handle(
        f"complaint/{case['id']}"
    ).describe()
    assert described.workflow_type == "ComplaintWorkflow"
    ended = await bihuan(story, monkeypatch, "workflow", story.id("answered"))
    assert "本案不再等待任何事项" in ended.stdout


async def test_the_documentation_lists_its_commands(complaints: None) -> None:
    del complaints
    assert "### 投诉举报（complaints）" in command_tables()
    needed = "`enterprise`*：被投诉举报的企业；`about`*：投诉举报事项"
    assert f"| `receive-complaint` | 登记投诉举报 | 执法人员 | {needed} |" in command_tables()
    assert ("complaints", "answer-complaint") in COMMANDS


async def test_the_log_is_whole_and_the_rows_can_be_made_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = json.loads((await bihuan(story, monkeypatch, "verify", "--json")).stdout)
    assert (report["ok"], report["checked"]) == (True, story.head)
    done = json.loads((await bihuan(story, monkeypatch, "rebuild", "--compare", "--json")).stdout)
    assert all(one["same"] and one["seq"] == story.head for one in done)
    listed = (await bihuan(story, monkeypatch, "events", "--case", story.id("answered"))).stdout
    assert "收到投诉举报" in listed
