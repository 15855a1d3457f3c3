"""Commands in one process without HTTP, on request; run by ``test_memory`` in one checkout or two.

The first argument is the checkout. Each line read asks for a piece of work, each line written tells
its milliseconds by name.
"""

import sys

sys.path.insert(0, sys.argv[1])

import json
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.processes.wiring import application, settled
from deploy.settings import Settings
from domain.application import Bihuan
from tests.workflows.scenario import APPROVER, INSPECTOR, Bureau, lifecycle

LONG = 700
Times = dict[str, list[float]]


def took(work: Callable[[], object]) -> list[float]:
    """Milliseconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return [(time.perf_counter() - began) * 1000]


class Work:
    """What may be asked for; every piece of it is small, so that two checkouts can take turns."""

    def __init__(self, app: Bihuan) -> None:
        self._app, self._bureau = app, Bureau(app)
        self._bureau.found()
        self._long = self._bureau.plan().on_site().id

    def life(self) -> Times:
        """A whole inspection, command by command."""
        times: Times = defaultdict(list)
        execute = self._app.execute

        def noted(command: Any, **given: Any) -> Any:
            began = time.perf_counter()
            receipt = execute(command, **given)
            times[command.NAME].append((time.perf_counter() - began) * 1000)
            return receipt

        self._app.execute = noted
        lifecycle(self._bureau)
        self._app.execute = execute
        return times

    def grow(self) -> Times:
        """One case until it has 700 events."""
        while self._answer(self._bureau) < LONG:
            pass
        return {}

    def answer(self) -> Times:
        """An answer on that case."""
        return {"700 events": took(lambda: self._answer(self._bureau))}

    def first(self) -> Times:
        """An answer on that case where nobody has seen it before."""
        stranger = self._stranger()
        return {"700 events, first time": took(lambda: self._answer(stranger))}

    def crowd(self) -> Times:
        """Forty plans of one office, approved by four threads with two memories."""
        bureaus = [self._bureau, self._stranger()]
        cases = [self._bureau.plan() for _ in range(40)]
        for case in cases:
            case.do("submit-plan")

        def approve(n: int) -> None:
            bureaus[n % 2].do(APPROVER, "inspections", "approve-plan", cases[n].id)

        with ThreadPoolExecutor(4) as officers:
            return {"forty at one": took(lambda: list(officers.map(approve, range(len(cases)))))}

    def _answer(self, bureau: Bureau) -> int:
        """Gives the version of the case."""
        answer = {"item": "1", "result": "不合格", "note": "堆放杂物"}
        return bureau.do(INSPECTOR, "inspections", "answer-item", self._long, **answer).version

    def _stranger(self) -> Bureau:
        app = Bihuan(self._app.store, self._app.law, self._app.blobs)
        return Bureau(app, self._bureau.enterprise)


def main() -> None:
    """Work until nothing is asked any more."""
    with application(Settings.read()) as app:
        work = Work(app)
        work.life()
        settled()
        for line in sys.stdin:
            sys.stdout.write(f"{json.dumps(getattr(work, line.strip())())}\n")
            sys.stdout.flush()


main()
