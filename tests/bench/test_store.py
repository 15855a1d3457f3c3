"""The log: load and decode, verification, rebuilding the projections."""

import time
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from deploy.embedded.postgres import Postgres
from domain.store import verify
from projections.engine import Engine
from projections.rebuild import rebuild
from projections.runner import PROJECTIONS
from projections.schema import prepare
from tests.bench.crowd import timed
from tests.bench.figures import ROUNDS, Figures, size
from tests.bench.place import Place, place
from tests.workflows.scenario import Bureau, lifecycle

pytestmark = pytest.mark.bench
CASES = 500
"""Of some forty events each."""


def project(at: Place) -> None:
    """Take in the whole log as the runner does after a pause."""
    prepare(at.settings.projector, PROJECTIONS)
    with Engine(at.settings.projector, PROJECTIONS) as engine:
        position = engine.position()
        while page := at.bihuan.store.page(position, 500):
            engine.handle(page)
            position = page[-1].seq


def load(at: Place, cases: list[UUID]) -> int:
    """Load and decode cases one by one; how many events."""
    store = at.bihuan.store
    return sum(len(store.load([(case, 0)]).events[case]) for case in cases)


def test_reading_the_log(figures: Figures, durable: Postgres, tmp_path: Path) -> None:
    with place(durable, tmp_path, "store") as at:
        bureau = Bureau(at.bihuan)
        bureau.found()
        began = time.perf_counter()
        cases = [lifecycle(bureau).id for _ in range(size(CASES))]
        figures.note(
            "lifecycles without HTTP, one thread", len(cases) / (time.perf_counter() - began)
        )
        events = at.bihuan.store.head()[0]
        figures.note("projected first", events / timed(lambda: project(at)), "events/s")
        for _ in range(ROUNDS):
            began = time.perf_counter()
            loaded = load(at, cases)
            figures.note("load and decode", loaded / (time.perf_counter() - began), "events/s")
            with psycopg.connect(at.settings.command, autocommit=True) as connection:
                took = timed(lambda c=connection: verify(c))
            figures.note("verify the chain", events / took, "events/s")
            took = timed(lambda: rebuild(at.settings.projector))
            figures.note("rebuild all projections and compare", events / took, "events/s")
