"""Engines measured beside us, each in an interpreter that has it: ours, or BENCH_PEERS."""

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from tests.bench.crowd import Round

HERE = Path(__file__).parent


@lru_cache
def python_with(module: str) -> str | None:
    """An interpreter that imports ``module``."""
    for python in (os.environ.get("BENCH_PEERS"), sys.executable):
        if (
            python
            and not subprocess.run(
                [python, "-c", f"import {module}"], check=False, capture_output=True
            ).returncode
        ):
            return python
    return None


def measure(module: str, script: str, dsn: str, *sizes: int) -> Round | None:
    """One round of a peer; None when nobody has it."""
    if (python := python_with(module)) is None:
        return None
    done = subprocess.run(
        [python, HERE / script, dsn, *map(str, sizes)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Round(**json.loads(done.stdout.splitlines()[-1]))
