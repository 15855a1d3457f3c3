"""A case of another year plays with its own dates: the clock's offset is given at start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.deadlines import ClockFired, DeadlineSet
from tests.conftest import Database
from tests.workflows.system import system, working
from workflows.server import Server

START = datetime(2018, 3, 1, 2, tzinfo=UTC)


async def test_a_case_of_2018(database: Database, temporal_server: Server, tmp_path: Path) -> None:
    async with system(database, temporal_server, tmp_path, START) as at, working(at):
        case = at.bureau.plan().ordered(days=20)
        await at.skip(days=28)

        due = next(f.due for f in at.facts(case.id, DeadlineSet) if f.due.rule == "FIX-DUE")
        assert due.due.year == 2018
        fired = at.fired(case.id, "FIX-DUE/H1/1")
        planned = {rung.name: rung.at for rung in due.rungs}
        assert [name for name, _ in fired] == ["-3wd", "-1wd", "due", "+1wd", "+3wd"]
        assert all(when - planned[name] < timedelta(seconds=5) for name, when in fired)
        assert all(f.late_seconds == 0 for f in at.facts(case.id, ClockFired))
