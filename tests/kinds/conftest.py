"""A real system that knows complaints, and what happened there."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.play.player import Played, Player
from deploy.play.scenario import read_scenario
from deploy.play.stage import stage
from domain.organisation import unit_id
from domain.organisation.people import person_id
from tests.kinds.registered import known

PACKAGE = "tests.kinds.complaint"
DISTRICT = unit_id("枣庄市", "市中区")
SCENARIO = Path(__file__).parent / "complaint" / "scenario.jsonl"


@dataclass
class Story:
    """The played scenario, and a machine client of the system it was played on."""

    player: Player
    played: list[Played]

    async def get(self, account: str, path: str) -> Any:
        """What the API answers; anything but success is an error."""
        status, answer = await self.asked(account, path)
        assert status == 200, answer
        return answer

    async def asked(self, account: str, path: str) -> tuple[int, Any]:
        headers = await self.player._headers(account) | {"Min-Seq": str(self.head)}  # noqa: SLF001
        answer = await self.player.stage.http.get(f"/api/v1{path}", headers=headers)
        return answer.status_code, answer.json()

    @property
    def head(self) -> int:
        return self.player.stage.bihuan.store.head()[0]

    def id(self, label: str) -> str:
        return self.player.known[label]["id"]


@pytest.fixture(scope="module")
def complaints() -> Iterator[None]:
    """The system knows complaints."""
    with known(PACKAGE):
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(complaints: None) -> AsyncIterator[Story]:
    """The scenario of the kind's own folder, played on a whole system."""
    del complaints
    lines = read_scenario(SCENARIO)
    async with stage(lines[0].at, print) as running:
        player = Player(running, print)
        player.known["district"] = {"id": str(DISTRICT)}
        player.known["insp2"] = {"id": str(person_id("insp2"))}
        yield Story(player, [await player.play(line) for line in lines])
