"""Ten thousand clocks that are due at the same midnight."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from domain.deadlines import ClockFired
from domain.facts import Event
from domain.store import skip_clock
from tests.bench.figures import Figures, size
from tests.bench.peers import measure
from tests.bench.place import Place, place
from tests.bench.waiting import once, told
from tests.workflows.scenario import Bureau
from workflows.feed import lag

pytestmark = pytest.mark.bench
CASES, BARE = 10_000, 3_000
AT_ONCE = 20
FED_PER_SECOND = 40
"""Workflows are started in time for midnight even on a slow machine."""
LOOKS_EVERY = 2.0
"""Seconds: who looks often, or reads the whole log, measures his own looking."""
FIRED = """
    SELECT count(*), count(DISTINCT stream), max(recorded_at)
    FROM log.events WHERE seq > %s AND topic = %s
"""


def copies(events: list[Event], number: int) -> Iterator[list[tuple[str, Event]]]:
    """The same case many times over, in batches."""
    for first in range(0, number, AT_ONCE):
        ids = [uuid4() for _ in range(min(AT_ONCE, number - first))]
        yield [
            ("inspection", event.model_copy(update={"originator_id": case}))
            for case in ids
            for event in events
        ]


def prepare(at: Place, number: int) -> datetime:
    """Cases in step ⑧ with one deadline; gives the instant at which all are due."""
    bureau = Bureau(at.bihuan)
    bureau.found()
    case = bureau.plan().ordered(days=1)
    store = at.bihuan.store
    for batch in copies(store.load([(case.id, 0)]).events[case.id], number - 1):
        store.append(command_id=uuid4(), request_hash=b"bench", events=batch, result={})
    return case.due_at()


def fired(at: Place, after: int = 0) -> tuple[int, int, datetime]:
    """Firings after a seq of the log, cases they belong to, and when the last was recorded."""
    with psycopg.connect(at.owner) as connection:
        return connection.execute(FIRED, (after, ClockFired.TOPIC)).fetchone()


async def test_ten_thousand_clocks_at_midnight(
    figures: Figures, durable: Postgres, clocks: Temporal, tmp_path: Path
) -> None:
    number = size(CASES)
    with place(durable, tmp_path, "midnight", clocks.server) as at:
        midnight = prepare(at, number)
        lead = timedelta(seconds=10 + number / FED_PER_SECOND)
        began = skip_clock(at.owner, midnight - lead - at.bihuan.store.now())
        with at.working():
            await once(lambda: told(at), 0.5)
            fed = (at.bihuan.store.now() - began).total_seconds()
            figures.note("workflows started", number / fed)
            assert at.bihuan.store.now() < midnight, lag(at.bihuan, at.settings.command)
            assert fired(at)[0] == 0
            before, _ = at.bihuan.store.head()
            await once(lambda: fired(at, before)[1] == number, LOOKS_EVERY)
            count, cases, last = fired(at)
    assert count == cases == number  # each exactly once
    took = (last - midnight).total_seconds()
    figures.note(f"{number:,} clocks due at once, last fired after", took, "s (aim ≤ 120)")
    figures.note("clocks", number / took)
    bare = measure(
        "temporalio", "peer_temporal.py", f"{clocks.address},{clocks.server.tls}", size(BARE)
    )
    assert bare is not None
    figures.note("bare Temporal, clocks", bare.rate)
    figures.ratio("clocks", "bare Temporal, clocks")
