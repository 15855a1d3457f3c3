"""Benches run only when asked for: ``make bench``."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Remote
from tests.bench.figures import Figures


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave the benches out of everyday runs."""
    return True if config.option.markexpr != "bench" else None


@pytest.fixture(scope="session")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """PostgreSQL that survives a power cut."""
    folder = tmp_path_factory.mktemp("postgres")
    server = Postgres(folder / "data", folder / "postgres.log")
    server.start()
    yield server
    server.close()


@pytest.fixture
def clocks(tmp_path: Path) -> Iterator[Temporal]:
    """A Temporal server that survives a power cut and skips no time."""
    program = find(skipping=False, say=print)
    assert not isinstance(program, Remote)
    server = Temporal(program, tmp_path / "temporal", tmp_path / "temporal.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Everything measured in this run."""
    kept = Figures()
    yield kept
    print(f"\n{kept.told()}")  # noqa: T201 - a bench is read on the terminal
    if path := os.environ.get("BENCH_JSON"):
        kept.keep(path)
