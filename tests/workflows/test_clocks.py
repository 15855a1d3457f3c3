"""Clocks of real cases fire in order, at their own business time, and follow what the log says."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from domain.deadlines import ClockNotNeeded, DeadlineMoved, DeadlineSet, Key
from domain.law import Due
from tests.conftest import Database
from tests.workflows.scenario import APPROVER, Case
from tests.workflows.system import System, system, working
from workflows.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")
LADDER = ["-3wd", "-1wd", "due", "+1wd", "+3wd"]
ESCALATED = [*LADDER, "+10wd", "+30wd", "+60wd"]
PROMPT = timedelta(seconds=5)
FIX, RECHECK = "FIX-DUE/H1/1", "RECHECK/H1/1"


@dataclass
class Story:
    """Cases that live through the same months, each with another turn."""

    at: System
    left: Case
    moved: Case
    met: Case
    suspended: Case
    closed: Case
    waiting: UUID
    approved: UUID


def begin(at: System) -> Story:
    """Day 0: each inspection is served with an order of thirty days; two transfers are proposed."""
    cases = [at.bureau.plan().ordered(days=30) for _ in range(5)]
    for case in cases:
        case.do("publish-result", place="政务网站")
    signal = {"signal": "refused", "facts_seen": "拒不执行", "team": ["jia", "yi"]}
    transfers = [
        UUID(at.bureau.plan().on_site().do("report-crime-signal", **signal)["transfer"])
        for _ in range(2)
    ]
    return Story(at, *cases, *transfers)


def turn(story: Story) -> None:
    """Day 1: one is extended, one rectified, one stands still, one closed; one is left alone."""
    story.at.bureau.do(APPROVER, "transfers", "approve-transfer", story.approved)
    asked = {"due": story.at.bureau.today() + timedelta(days=50), "force_majeure": True}
    extension = story.moved.do("request-extension", hazards=["H1"], reason="洪水", **asked)
    story.moved.do("grant-extension", APPROVER, due=asked["due"], **extension)
    for case in (story.met, story.closed):
        case.do("report-rectification", hazards=["H1"], report="已清理")
        case.recheck()
    story.closed.do("close-inspection", APPROVER)
    why = {"reason": "复议停止执行", "basis": "停止执行决定"}
    story.suspended.do("suspend-rectification", APPROVER, hazards=["H1"], **why)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(
    new_database: Callable[[], Database],
    temporal_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Story]:
    folder = tmp_path_factory.mktemp("story")
    async with system(new_database(), temporal_server, folder) as at, working(at):
        made = begin(at)
        await at.skip(days=1)
        turn(made)
        await at.skip(days=44)
        made.suspended.do("resume-rectification", APPROVER, hazards=["H1"], reason="恢复执行")
        await at.skip(days=160)
        yield made


def assert_on_time(story: Story, case: UUID, key: str, due: Due, names: list[str]) -> None:
    """Each rung once, in order, at its own instant."""
    fired = story.at.fired(case, key)
    assert [name for name, _ in fired] == names
    planned = {rung.name: rung.at for rung in due.rungs}
    assert all(timedelta() <= when - planned[name] <= PROMPT for name, when in fired)


def due_of(story: Story, case: UUID, key: str) -> Due:
    return next(f.due for f in story.at.facts(case, DeadlineSet) if Key.read(key) in f.deadlines)


async def test_the_ladder_fires_in_order(story: Story) -> None:
    case = story.left.id
    assert_on_time(story, case, FIX, due_of(story, case, FIX), LADDER)


async def test_the_recheck_begins_when_the_rectification_expires(story: Story) -> None:
    case = story.left.id
    recheck = due_of(story, case, RECHECK)
    assert recheck.day0 == due_of(story, case, FIX).due
    assert_on_time(story, case, RECHECK, recheck, ESCALATED)


async def test_a_workflow_waits_on_without_clocks(story: Story) -> None:
    status = await story.at.status(story.left.id)
    assert (status.steps, status.next, status.deadlines) == ([8], None, [])


async def test_an_extension_moves_the_clock(story: Story) -> None:
    (moved,) = story.at.facts(story.moved.id, DeadlineMoved)
    assert_on_time(story, story.moved.id, FIX, moved.due, LADDER)


async def test_a_met_deadline_is_silent(story: Story) -> None:
    assert story.at.fired(story.met.id, FIX) == []
    assert story.at.facts(story.met.id, ClockNotNeeded) == []


async def test_a_suspended_deadline_stands_still_and_goes_on(story: Story) -> None:
    (resumed,) = story.at.facts(story.suspended.id, DeadlineMoved)
    stood = timedelta(days=44)
    assert resumed.due.due >= due_of(story, story.suspended.id, FIX).due + stood
    assert_on_time(story, story.suspended.id, FIX, resumed.due, LADDER)


async def test_a_transfer_is_urged_until_it_is_answered(story: Story) -> None:
    due = due_of(story, story.waiting, "TR-APPR")
    assert_on_time(story, story.waiting, "TR-APPR", due, [rung.name for rung in due.rungs])
    assert story.at.fired(story.approved, "TR-APPR") == []


async def test_closing_and_answering_end_the_workflow(story: Story) -> None:
    await story.at.handle(story.closed.id).result()
    await story.at.handle(story.approved, "transfer").result()
    assert story.at.fired(story.closed.id, FIX) == []
