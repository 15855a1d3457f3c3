"""SpiffWorkflow holding the eight steps, its state in PostgreSQL; needs only it and psycopg.

Each command is one transaction: load the case's state, complete the task that is ready, store it.
The clients are threads of one process, as of a server, or spread over several.
"""

import json
import multiprocessing
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

STEPS = 8
TABLE = "CREATE TABLE cases (id uuid PRIMARY KEY, state jsonb NOT NULL)"
LOAD = "SELECT state::text FROM cases WHERE id = %s FOR UPDATE"
STORE = "UPDATE cases SET state = %s WHERE id = %s"
BEGIN = "INSERT INTO cases (id, state) VALUES (%s, %s)"


class Engine:
    """Cases by id."""

    def __init__(self, dsn: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(Path(__file__).with_name("eight_steps.bpmn")))
        self.spec = parser.get_spec("inspection")
        self.serializer = BpmnWorkflowSerializer()
        self.connection = psycopg.connect(dsn, autocommit=True)

    def begin(self) -> UUID:
        workflow, case = BpmnWorkflow(self.spec), uuid4()
        workflow.do_engine_steps()
        self.connection.execute(BEGIN, (case, self.serializer.serialize_json(workflow)))
        return case

    def command(self, case: UUID, **data: str) -> bool:
        """Complete the next step; says whether the case has ended."""
        with self.connection.transaction():
            [state] = self.connection.execute(LOAD, (case,)).fetchone()
            workflow = self.serializer.deserialize_json(state)
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            task.set_data(**data)
            task.run()
            workflow.do_engine_steps()
            self.connection.execute(STORE, (self.serializer.serialize_json(workflow), case))
        return workflow.completed


def lifecycle(engine: Engine) -> list[float]:
    """One case; the seconds of each command."""
    case, seconds = engine.begin(), []
    for step in range(STEPS):
        began = time.perf_counter()
        ended = engine.command(case, by="insp1", note=f"step {step + 1} done")
        seconds.append(time.perf_counter() - began)
        assert ended is (step == STEPS - 1)
    return seconds


def lifecycles(engine: Engine, cases: int) -> list[float]:
    return [second for _ in range(cases) for second in lifecycle(engine)]


def server(dsn, clients, cases, ready, go, results):
    engines = [Engine(dsn) for _ in range(clients)]
    for engine in engines:
        lifecycle(engine)
    with ThreadPoolExecutor(clients) as people:
        ready.wait()
        go.wait()
        done = list(people.map(lifecycles, engines, [cases] * clients))
        results.put([second for each in done for second in each])


def main(dsn: str, clients: int, cases: int, processes: int) -> None:
    """Print the seconds the round took and those of every command."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(TABLE)
    ready, go = multiprocessing.Barrier(processes + 1), multiprocessing.Event()
    results = multiprocessing.Queue()
    args = (dsn, clients // processes, cases, ready, go, results)
    servers = [multiprocessing.Process(target=server, args=args) for _ in range(processes)]
    for each in servers:
        each.start()
    ready.wait()
    began = time.perf_counter()
    go.set()
    seconds = [s for _ in servers for s in results.get()]
    took = time.perf_counter() - began
    print(json.dumps({"took": took, "seconds": seconds}))  # noqa: T201 - read by peers.py
    for each in servers:
        each.join()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
