"""``bihuan workflow``: an operator asks the workflow of a case."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from uuid import UUID, uuid4

from tests.workflows.scenario import lifecycle
from tests.workflows.system import System
from workflows.messages import CaseStart, workflow_id


async def bihuan(at: System, case: UUID, *words: str) -> subprocess.CompletedProcess[str]:
    given = {
        "BIHUAN_DSN_COMMAND": at.database.command,
        "TEMPORAL_ADDRESS": at.server.address,
        "BIHUAN_TEMPORAL_TLS": str(at.server.tls),
    }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "deploy.cli", "workflow", str(case), *words],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **given},
    )


async def test_what_a_case_waits_for_in_words_and_as_json(running: System) -> None:
    case = running.bureau.plan().ordered(days=30)
    await running.skipper.quiet()
    await running.skip(days=33)
    done = await bihuan(running, case.id)
    assert done.returncode == 0, done.stderr
    version = running.events(case.id)[-1].originator_version
    first, *lines = done.stdout.splitlines()
    assert first == f"执法检查（案卷现为第 {version} 版，工作流所知为第 {version} 版）"
    said = dict(line.split("：", 1) for line in lines)
    assert said["当前"] == "第8步“闭环管理、执法到位”"
    assert "复查" in said["待办"]
    assert "{}" not in done.stdout
    assert "jia" not in done.stdout
    assert "整改期限：届满" in said["已触发"]

    told = json.loads((await bihuan(running, case.id, "--json")).stdout)
    assert (told["kind"], told["case"], told["version"]) == ("inspection", str(case.id), version)
    status = await running.status(case.id)
    assert told["workflow"]["steps"] == status.steps == [8]
    assert [clock["rung"] for clock in told["workflow"]["fired"]] == [c.rung for c in status.fired]


async def test_a_case_without_a_workflow(idle: System) -> None:
    done = await bihuan(idle, lifecycle(idle.bureau).id)
    assert (done.returncode, done.stdout) == (0, "本案没有工作流：已办结，或尚未投递。\n")


async def test_what_is_no_case(idle: System) -> None:
    for stranger in (uuid4(), idle.bureau.enterprise):
        done = await bihuan(idle, stranger)
        assert done.returncode == 2
        assert f"没有编号为 {stranger} 的案件" in done.stderr


async def test_silence_is_told_in_one_sentence(idle: System) -> None:
    """No worker runs; or the first task of a young case still waits for the next fact."""
    for delay in (None, timedelta(minutes=1)):
        case = idle.bureau.plan().id
        await idle.client.start_workflow(
            "InspectionWorkflow",
            CaseStart("inspection", str(case)),
            id=workflow_id("inspection", case),
            task_queue=idle.queue,
            start_delay=delay,
        )
        done = await bihuan(idle, case)
        assert done.returncode == 2
        assert done.stderr.startswith("工作流没有应答")
        assert len(done.stderr.splitlines()) == 1
