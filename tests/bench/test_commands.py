"""Commands per second: the whole HTTP API against raw appends, SpiffWorkflow and DBOS."""

from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from tests.bench.clients import drive
from tests.bench.crowd import CLIENTS
from tests.bench.figures import ROUNDS, Figures, share, size
from tests.bench.peers import measure
from tests.bench.place import new_database, place
from tests.bench.raw import appends

pytestmark = pytest.mark.bench
OURS, RAW, SPIFF, DBOS = "HTTP commands", "raw append_events", "SpiffWorkflow", "DBOS"
STEPS = 8


def ours(figures: Figures, postgres: Postgres, folder: Path, n: int) -> None:
    """Sign-in, rights, rules and log by HTTP; then raw appends to the same kind of log."""
    with place(postgres, folder, f"ours_{n}") as at:
        with at.serving() as address:
            done = drive(address, size(12))
        figures.note(OURS, done.rate)
        figures.note(f"{OURS}, lifecycles", CLIENTS * size(12) / done.took)
        figures.note(f"{OURS}, p50", share(done.seconds, 0.50) * 1000, "ms")
        figures.note(f"{OURS}, p99", share(done.seconds, 0.99) * 1000, "ms (aim ≤ 50)")
        figures.note(RAW, appends(at.settings.command, size(1000)).rate)


def spiff(figures: Figures, postgres: Postgres, n: int) -> None:
    """Once in one process, as our API, once in one per client."""
    for processes, name in ((1, SPIFF), (CLIENTS, f"{SPIFF}, eight processes")):
        dsn = new_database(postgres, f"spiff_{n}_{processes}")
        done = measure("SpiffWorkflow", "peer_spiff.py", dsn, CLIENTS, size(40), processes)
        if done:
            figures.note(name, done.rate)
            figures.note(f"{name}: p99", share(done.seconds, 0.99) * 1000, "ms")


def dbos(figures: Figures, postgres: Postgres, n: int) -> None:
    """Once in one process, as our API, once in one per core."""
    for processes, name in ((1, DBOS), (2, f"{DBOS}, two processes")):
        url = f"postgresql+psycopg://postgres@/dbos_{n}_{processes}?host={postgres.socket}"
        if done := measure("dbos", "peer_dbos.py", url, CLIENTS, size(10), processes):
            figures.note(name, done.rate * STEPS)
            figures.note(f"{name}: lifecycles", done.rate)


def test_commands_against_peers(figures: Figures, durable: Postgres, tmp_path: Path) -> None:
    for n in range(ROUNDS):
        ours(figures, durable, tmp_path, n)
        spiff(figures, durable, n)
        dbos(figures, durable, n)
    figures.ratio(OURS, RAW)
    for peer, aim in ((SPIFF, "≥ 1.0"), (DBOS, "≥ 5")):
        if figures.noted(peer):
            figures.ratio(OURS, peer, aim)
        else:
            print(f"{peer} is not installed: see docs/performance.md")  # noqa: T201 - says why
