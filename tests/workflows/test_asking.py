"""What a workflow answers when it is asked: until when, what has fired, and why it sleeps."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata

from domain.case import DUTIES, FOLLOWERS, KINDS
from domain.command import COMMANDS, FAMILIES
from domain.deadlines import SUBJECTS
from domain.facts import AGGREGATES, FACTS
from domain.times import SHANGHAI
from tests.workflows.scenario import INSPECTOR
from tests.workflows.system import System, working
from workflows.asking import SilentError, ask, connect, in_words, rung_in_words
from workflows.messages import CaseStatus
from workflows.server import Server

REGISTRIES = (KINDS, AGGREGATES, FACTS, DUTIES, FAMILIES, COMMANDS, SUBJECTS, FOLLOWERS)
FIX, PUBLISH = "FIX-DUE/H1/1", "PUB-INSP"


@pytest.fixture
def drill() -> Iterator[None]:
    """A kind of case that the system does not have."""
    before = [dict(registry) for registry in REGISTRIES]
    import_module("tests.workflows.drill")
    yield
    del sys.modules["tests.workflows.drill"]
    for registry, known in zip(REGISTRIES, before, strict=True):
        registry.clear()
        registry.update(known)


async def asked(at: System, kind: str, case: object) -> CaseStatus:
    answer = await ask(await connect(at.server), kind, case)
    assert answer is not None
    return answer


async def details(at: System, kind: str, case: object) -> str:
    """What Temporal's own pages show."""
    name = "__temporal_workflow_metadata"
    metadata = await at.handle(case, kind).query(name, result_type=WorkflowMetadata)
    return metadata.current_details


@pytest.mark.usefixtures("drill")
async def test_a_new_kind_has_a_workflow_and_clocks_without_another_line(idle: System) -> None:
    async with working(idle):
        case = idle.bureau.do(INSPECTOR, "drills", "order-drill").id
        await idle.skipper.quiet()
        before = await asked(idle, "drill", case)
        await idle.skip(days=9)
        after = await asked(idle, "drill", case)
        idle.bureau.do(INSPECTOR, "drills", "hold-drill", case)
        await idle.handle(case, "drill").result()
        ended = await asked(idle, "drill", case)
    described = await idle.handle(case, "drill").describe()
    assert described.workflow_type == "DrillWorkflow"
    assert (before.where, before.waits, before.until) == ("待演练", ["hold-drill"], ["本案办结"])
    names = [name for name, _ in idle.fired(case, "TR-APPR")]
    assert [clock.rung for clock in after.fired] == names != []
    assert (ended.where, ended.closed, ended.next, ended.until) == ("已演练", True, None, [])


async def test_an_order_that_was_served(running: System) -> None:
    case = running.bureau.plan().ordered()
    await running.skipper.quiet()
    status = await asked(running, "inspection", case.id)
    assert status.steps == [8]
    assert status.until == ["各项均已办结并公示，准予结案"]
    assert status.waits == ["publish-result", "report-rectification"]
    ((clock, rung),) = [(clock.key, r) for clock in status.due for r in clock.rungs]
    assert (clock, rung.name, rung.at) == (case.ladder(PUBLISH), "-3wd", status.next)
    assert status.fired == []
    assert not status.closed
    said = dict(in_words("inspection", status))
    assert said["等到"] == ["第8步“闭环管理、执法到位”，至各项均已办结并公示，准予结案"]
    assert said["届时触发"] == ["行政检查结果公示：届满前3个工作日"]
    assert said["下次唤醒"] == [f"{rung.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"]
    assert "已触发" not in said
    shown = await details(running, "inspection", case.id)
    assert all(words in shown for words in (status.where, *status.until, clock, status.why))


async def test_beside_the_rectification_a_filing_is_waited_for(running: System) -> None:
    case = running.bureau.plan().on_site()
    case.do("propose-filing", cause="案由", facts_seen="事实")
    await running.skipper.quiet()
    status = await asked(running, "inspection", case.id)
    assert status.steps == [3, 6]
    assert status.until == ["各检查项均有检查结果", "立案、移送建议均已答复"]
    shown = await details(running, "inspection", case.id)
    assert all(words in shown for words in status.until)


async def test_what_has_fired_is_told_with_what_came_of_it(running: System) -> None:
    case = running.bureau.plan().ordered(days=30)
    fix = case.ladder(FIX)
    case.do("publish-result", place="政务网站")
    await running.skipper.quiet()
    await running.skip(days=33)
    status = await asked(running, "inspection", case.id)
    told = [(clock.rung, clock.outcome) for clock in status.fired if clock.key == fix]
    assert told == [(name, "fired") for name, _ in running.fired(case.id, FIX)] != []
    for clock, (_, at) in zip(status.fired, running.fired(case.id, FIX), strict=False):
        assert abs(clock.at - at) < timedelta(seconds=1)
    said = dict(in_words("inspection", status))["已触发"]
    assert said[0].endswith(" 整改期限：届满前3个工作日")


async def test_who_has_no_workflow_is_told_so_and_silence_is_an_error(idle: System) -> None:
    assert await ask(await connect(idle.server), "inspection", uuid4()) is None
    with pytest.raises(SilentError):
        await connect(Server("127.0.0.1:1"))


def test_rungs_in_words() -> None:
    said = [rung_in_words(name) for name in ("-3wd", "due", "+24h")]
    assert said == ["届满前3个工作日", "届满", "届满后24小时"]
