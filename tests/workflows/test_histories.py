"""Recorded histories of every release replay with the workflows of today (F11).

``BIHUAN_RECORD_HISTORIES=1 pytest tests/workflows/test_histories.py`` records new ones, named after
the version. Those of a released version are never recorded anew: what breaks one is patched.
"""

import os
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from tests.workflows.scenario import APPROVER
from tests.workflows.system import System
from workflows.case import CaseWorkflow
from workflows.messages import CaseStart
from workflows.worker import ALL

FOLDER = Path(__file__).parents[1] / "histories"
STORED = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.json"))}
Play = Callable[[System], Awaitable[tuple[str, UUID]]]
RECORDING = "BIHUAN_RECORD_HISTORIES" in os.environ
STRICT = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("workflows.messages")
)


async def replay(
    history: WorkflowHistory, workflows: list[type] = ALL, runner: WorkflowRunner = STRICT
) -> None:
    await Replayer(workflows=workflows, workflow_runner=runner).replay_workflow(history)


async def expired(at: System) -> tuple[str, UUID]:
    """An extension refused; reminders, expiry, the recheck and its own clocks; closing."""
    case = at.bureau.plan()
    await at.skipper.quiet()
    case.ordered()
    asked = {"due": at.bureau.today() + timedelta(days=60), "force_majeure": True}
    extension = case.do("request-extension", hazards=["H1"], reason="洪水", **asked)
    await at.skip(days=1)
    case.do("refuse-extension", APPROVER, reason="理由不足", **extension)
    await at.skip(days=50)
    case.recheck()
    case.closed()
    return "inspection", case.id


async def extended(at: System) -> tuple[str, UUID]:
    """The clock moves, stands still, goes on."""
    case = at.bureau.plan().ordered()
    asked = {"due": at.bureau.today() + timedelta(days=50), "force_majeure": True}
    extension = case.do("request-extension", hazards=["H1"], reason="洪水", **asked)
    await at.skip(days=1)
    case.do("grant-extension", APPROVER, due=asked["due"], **extension)
    await at.skip(days=40)
    case.do("suspend-rectification", APPROVER, hazards=["H1"], reason="复议", basis="决定书")
    await at.skip(days=5)
    case.do("resume-rectification", APPROVER, hazards=["H1"], reason="恢复执行")
    await at.skip(days=10)
    return "inspection", case.id


async def parted(at: System) -> tuple[str, UUID]:
    """Hazards of one date: one is extended and parts from the others, which expire together."""
    case = at.bureau.plan().ordered(hazards=3)
    asked = {"due": at.bureau.today() + timedelta(days=50), "force_majeure": True}
    extension = case.do("request-extension", hazards=["H2"], reason="洪水", **asked)
    case.do("grant-extension", APPROVER, due=asked["due"], **extension)
    await at.skip(days=60)
    return "inspection", case.id


async def filed(at: System) -> tuple[str, UUID]:
    """A filing in urgency, approved late."""
    case = at.bureau.plan().on_site()
    told = case.do("propose-filing", cause="案由", facts_seen="事实", urgent=True)
    await at.skip(days=12)
    at.bureau.do(APPROVER, "penalties", "approve-filing", UUID(told["penalty"]))
    return "penalty", UUID(told["penalty"])


async def transferred(at: System) -> tuple[str, UUID]:
    """A transfer, refused late."""
    case = at.bureau.plan().on_site()
    signal = {"signal": "refused", "facts_seen": "拒不执行", "team": ["jia", "yi"]}
    transfer = UUID(case.do("report-crime-signal", **signal)["transfer"])
    await at.skip(days=9)
    at.bureau.do(APPROVER, "transfers", "refuse-transfer", transfer, reason="不构成犯罪")
    return "transfer", transfer


@pytest.mark.parametrize("play", [expired, extended, parted, filed, transferred])
async def test_today(running: System, play: Play) -> None:
    """What runs today replays today; and it is the shape that recordings are made of."""
    kind, case = await play(running)
    await running.skipper.quiet()
    handle = running.handle(case, kind)
    if play not in {extended, parted}:
        await handle.result()
    history = await handle.fetch_history()
    if RECORDING:
        record(f"{version('bihuan')}-{kind}-{play.__name__}", history)
    await replay(history)


def record(name: str, history: WorkflowHistory) -> None:
    """Without the name of the machine it ran on."""
    worker = f"{os.getpid()}@{socket.gethostname()}"
    (FOLDER / f"{name}.json").write_text(history.to_json().replace(worker, "worker"))


def recorded(name: str) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"{kind_of(name)}/recorded", STORED[name])


def kind_of(name: str) -> str:
    return name.split("-")[1]


@pytest.mark.parametrize("name", STORED)
async def test_recorded(name: str) -> None:
    await replay(recorded(name))


def test_there_are_recordings_of_every_kind() -> None:
    assert {kind_of(name) for name in STORED} == {"inspection", "penalty", "transfer"}


@workflow.defn(name="InspectionWorkflow", sandboxed=False)
class Mutated(CaseWorkflow):
    """As if somebody had put an activity before the method."""

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        del start
        workflow.start_activity("greet", start_to_close_timeout=timedelta(seconds=1))
        await self.live(self.until(lambda state: state.closed))


async def test_a_change_that_breaks_running_cases_is_found() -> None:
    history = recorded(next(name for name in STORED if kind_of(name) == "inspection"))
    with pytest.raises(workflow.NondeterminismError):
        await replay(history, [Mutated], UnsandboxedWorkflowRunner())
