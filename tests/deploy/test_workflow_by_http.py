"""What the workflow waits for is read by people (工作流): by API and page, in the real system."""

from collections.abc import AsyncIterator
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from api.doors import COOKIE
from deploy.commands.play import SCENARIOS
from deploy.play.player import Player
from deploy.play.scenario import read_scenario
from deploy.play.stage import stage
from domain.inspection import Inspection


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ordered() -> AsyncIterator[Player]:
    """G01 up to the served order: the rectification's clocks run."""
    lines = read_scenario(SCENARIOS / "G01-recheck-on-the-last-day.jsonl")
    async with stage(lines[0].at, print) as running:
        player = Player(running, print)
        for line in takewhile(lambda each: each.do not in {"wait", "recheck"}, lines):
            assert (await player.play(line)).as_expected
        await player.traveller.to(running.bihuan.store.now())  # everything has been told
        yield player


def case_of(player: Player) -> UUID:
    return UUID(player.known["inspection"]["id"])


async def asked(player: Player, account: str, path: str) -> tuple[int, Any]:
    headers = await player._headers(account)  # noqa: SLF001 - signed in as the player does
    answer = await player.stage.http.get(f"/api/v1{path}", headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.asyncio(loop_scope="module")
class TestWorkflowByHttp:
    async def test_it_tells_step_and_clocks_in_words(self, ordered: Player) -> None:
        status, told = await asked(ordered, "insp1", f"/inspections/{case_of(ordered)}/workflow")
        assert status == 200, told
        words = {row["heading"]: row["lines"] for row in told["words"]}
        assert words["当前"] == ["第8步“闭环管理、执法到位”"]
        assert any("准予结案" in line for line in words["等到"])
        assert words["下次唤醒"]
        assert any("整改期限" in line or "公示" in line for line in words["届时触发"])
        known = told["workflow"]["version"]
        assert told["workflow"]["next"].endswith("+08:00")
        assert 0 < known <= ordered.stage.bihuan.load(Inspection, case_of(ordered)).version

    async def test_a_page_shows_the_same(self, ordered: Player) -> None:
        headers = await ordered._headers("insp1")  # noqa: SLF001 - as above
        token = headers["Authorization"].removeprefix("Bearer ")
        path = f"/inspections/{case_of(ordered)}/workflow"
        page = await ordered.stage.http.get(path, headers={"Cookie": f"{COOKIE}={token}"})
        assert page.status_code == 200
        assert "系统在等什么" in page.text
        assert "第8步" in page.text

    async def test_who_may_not_see_the_case_learns_nothing(self, ordered: Player) -> None:
        own, other = case_of(ordered), uuid4()
        for account, case in (("insp5", own), ("insp1", other), ("admin", own)):
            status, told = await asked(ordered, account, f"/inspections/{case}/workflow")
            assert (status, told["rule"]) == (404, "NOT-FOUND"), account

    async def test_a_case_is_not_asked_for_under_another_kind(self, ordered: Player) -> None:
        status, told = await asked(ordered, "insp1", f"/penalties/{case_of(ordered)}/workflow")
        assert (status, told["rule"]) == (404, "NOT-FOUND")
