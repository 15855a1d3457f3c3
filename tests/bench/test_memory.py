"""Commands in process, without HTTP: the ordinary ones, and on a case of 700 events.

``BENCH_BEFORE=checkout`` measures the code there too, in turns with ours, piece by piece.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import pytest

from deploy.embedded.postgres import Postgres
from deploy.settings import Settings
from tests.bench.figures import ROUNDS, Figures, size
from tests.bench.place import place

pytestmark = pytest.mark.bench
HERE = Path(__file__).parent
NOW, BEFORE = "now", "before"
ORDINARY = (
    *("plan-inspection", "submit-plan", "approve-plan", "show-certificates", "answer-item"),
    *("make-record", "issue-order", "serve-document", "recheck", "close-inspection"),
)
LIFE = "18 ordinary commands"
OTHERS = {"700 events": "ms (aim ≤ 3)", "700 events, first time": "ms", "forty at one": "ms"}


class Hand:
    """One process that works with one checkout."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.times: dict[str, list[float]] = {}
        self.pieces: dict[str, list[float]] = {}
        """Milliseconds of each whole inspection and of all else, in the order they were done."""

    def do(self, work: str) -> None:
        """Have a piece of work done and note its times."""
        assert self._process.stdin
        assert self._process.stdout
        print(work, file=self._process.stdin, flush=True)
        done: dict[str, list[float]] = json.loads(self._process.stdout.readline())
        for name, times in done.items():
            self.times.setdefault(name, []).extend(times)
        pieces = {LIFE: [sum(map(sum, done.values()))]} if work == "life" else done
        for name, times in pieces.items():
            self.pieces.setdefault(name, []).extend(times)


@contextmanager
def working(checkout: Path, settings: Settings) -> Iterator[Hand]:
    """A hand on a log of its own."""
    with subprocess.Popen(
        [sys.executable, HERE / "in_process.py", checkout],
        cwd=checkout,
        env=os.environ | settings.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Hand(process)


def in_turns(hands: list[Hand], work: str, times: int) -> None:
    """Whoever begins one piece is second at the next."""
    for n in range(times):
        for hand in hands[:: 1 if n % 2 else -1]:
            hand.do(work)


def test_commands_in_process(figures: Figures, durable: Postgres, tmp_path: Path) -> None:
    checkouts = {NOW: HERE.parents[1]}
    if before := os.environ.get("BENCH_BEFORE"):
        checkouts[BEFORE] = Path(before).absolute()
    with ExitStack() as at:
        hands: dict[str, Hand] = {}
        for name, checkout in checkouts.items():
            log = at.enter_context(place(durable, tmp_path, f"memory_{name}"))
            hands[name] = at.enter_context(working(checkout, log.settings))
        both = list(hands.values())
        in_turns(both, "grow", 1)
        for _ in range(ROUNDS):
            in_turns(both, "life", size(60))
            in_turns(both, "answer", size(40))
            in_turns(both, "first", size(20))
            in_turns(both, "crowd", size(5))
            for name, hand in hands.items():
                note(figures, name, hand.times)
                hand.times = {}
    if BEFORE in hands:
        before = hands[BEFORE].pieces
        for what, times in hands[NOW].pieces.items():
            # Done one right after the other: each pair had the same machine.
            pairs = [one / other for one, other in zip(times, before[what], strict=True)]
            figures.note(f"{NOW} : {BEFORE}, {what}", median(pairs), "× (aim ≤ 1)")


def note(figures: Figures, name: str, times: dict[str, list[float]]) -> None:
    """Medians of one round."""
    for command in ORDINARY:
        figures.note(f"{name}: {command}", median(times[command]), "ms")
    for what, unit in OTHERS.items():
        figures.note(f"{name}: {what}", median(times[what]), unit)
