"""DBOS holding the eight steps as durable workflows; needs only it.

A workflow awaits a message for each step and carries it out as a durable step; a command is such a
message. Nobody waits between messages, which is more than a user would see.
"""

import json
import multiprocessing
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS

STEPS = 8


@DBOS.step()
def decide(step: int, command: dict) -> dict:
    return {"step": step, "by": command["by"], "note": command["note"]}


@DBOS.workflow()
def inspection() -> int:
    done = [decide(step, DBOS.recv("command", timeout_seconds=60)) for step in range(STEPS)]
    return len(done)


def lifecycle() -> float:
    began = time.perf_counter()
    handle = DBOS.start_workflow(inspection)
    for step in range(STEPS):
        DBOS.send(handle.workflow_id, {"by": "insp1", "note": f"step {step + 1}"}, "command")
    assert handle.get_result() == STEPS
    return time.perf_counter() - began


def executor(number, url, clients, cases, ready, go, results):
    DBOS(
        config={
            "name": "bench",
            "system_database_url": url,
            "executor_id": str(number),
            "log_level": "ERROR",
        }
    )
    DBOS.launch()
    with ThreadPoolExecutor(clients) as people:
        for warm in [people.submit(lifecycle) for _ in range(clients)]:
            warm.result()
        ready.wait()
        go.wait()
        lives = [people.submit(lifecycle) for _ in range(clients * cases)]
        results.put([life.result() for life in lives])
    DBOS.destroy()


def main(url: str, clients: int, cases: int, processes: int) -> None:
    """Print the seconds the round took and those of every lifecycle."""
    spawn = multiprocessing.get_context("spawn")
    ready, go = spawn.Barrier(processes + 1), spawn.Event()
    results = spawn.Queue()
    args = (url, clients // processes, cases, ready, go, results)
    executors = [spawn.Process(target=executor, args=(n, *args)) for n in range(processes)]
    for each in executors:
        each.start()
    ready.wait()
    began = time.perf_counter()
    go.set()
    lives = [s for _ in executors for s in results.get()]
    print(json.dumps({"took": time.perf_counter() - began, "seconds": lives}))  # noqa: T201 - read by peers.py
    for each in executors:
        each.join()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
