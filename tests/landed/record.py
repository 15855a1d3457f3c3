"""Records what the program of its commit writes and says: ``python -m tests.landed.record``.

It ran once, at commit ff15dc5, the landed one, and does not run again: what it wrote is the promise
that every later version reads. It uses the modules of that commit; its data needs none of them.

It plays ``stories.py`` on a system of its own and writes, beside itself:

- ``log.jsonl.gz``: every row of the schemas log, vault, auth and feed, and the evidence;
- ``key.json``: the master key of the personal data, all of it invented;
- ``expected.json.gz``: what the reads say at the end (``reading.py``), which rungs have fired, and
  which have after ``GOING_ON`` more days, which the same program then lives through;
- ``histories/*.json.gz``: histories of workflows that are over and of some that run.
"""

import asyncio
import gzip
import json
import os
import shutil
import socket
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event as Stop
from threading import Thread
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from temporalio.client import Client

from api.auth import Sessions, set_password
from api.auth.known import Known
from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Remote
from domain.application import Bihuan
from domain.command import COMMANDS, day
from domain.facts import FACTS
from domain.law import law
from domain.store import Blobs, EventStore, KeyFile, PersonVault, migrate, skip_clock, verify
from projections.runner import run as project
from projections.waiting import wait_for
from tests.domain import walk
from tests.landed import loading, reading
from tests.landed.stories import BEGIN, END, Live, Stories
from tests.workflows.pace import PACE
from workflows import worker
from workflows.feed import refeed
from workflows.messages import workflow_id
from workflows.skipping import Skipper

COMMIT = "ff15dc57deaab56e8b00bee22100e04d2c53cb2a"
PACKAGES = ("domain", "workflows", "projections", "api", "deploy")
GOING_ON = timedelta(days=60)
QUEUE = "bihuan"
PATIENCE = 120.0
TABLES = {
    "log.events": "seq",
    "log.commands": "first_seq, command_id",
    "log.head": "one",
    "log.clock": "one",
    "vault.person_keys": "person",
    "auth.credentials": "account",
    "auth.sessions": "account",
    "feed.positions": "name",
}
"""In an order in which they can be inserted, each with the order of its rows."""
HISTORIES = {
    "inspection": {
        *("closed", "stopped", "resumed", "no-entry", "cancelled", "plan-refused"),
        *("forty", "mixed", "suspended", "overdue", "forgotten", "reordered", "late", "extended"),
        *("visiting", "clean", "disobeyed"),
    },
    "penalty": {"filed-late", "no-entry", "urgent", "reordered", "town"},
    "transfer": {"transferred", "not-transferred", "transfer"},
}


class Life:
    """The system of the recording: its worker can be stopped, its time moved."""

    def __init__(self, postgres: Postgres, address: str, folder: Path, bihuan: Bihuan) -> None:
        self.bihuan, self.address, self.folder = bihuan, address, folder
        self.command, self.owner = postgres.dsn("bihuan_command"), postgres.dsn()
        self.reader, self.projector = (
            postgres.dsn("bihuan_reader"),
            postgres.dsn("bihuan_projector"),
        )
        self._work: tuple[asyncio.Task[None], asyncio.Event] | None = None

    async def connect(self) -> None:
        self.client = await Client.connect(self.address, identity="record")
        self.skipper = Skipper(self.client, self.bihuan, dsn=self.command, admin_dsn=self.owner)

    def begin(self) -> None:
        stop = asyncio.Event()
        store = EventStore(self.command, vault=None, pool_size=worker.CONNECTIONS)

        async def run() -> None:
            with store:
                own = Bihuan(store, law(), self.bihuan.blobs)
                given = {"stop": stop, "task_queue": QUEUE, "pace": PACE}
                await worker.run(own, self.command, self.address, **given)

        self._work = asyncio.create_task(run()), stop

    async def stop(self) -> None:
        await self.skipper.quiet()
        assert self._work
        task, stop = self._work
        stop.set()
        await task

    async def to(self, text: str | datetime) -> None:
        """Day by day, so that what fires is written soon after its instant."""
        moment = text if isinstance(text, datetime) else datetime.fromisoformat(f"{text}+08:00")
        while (left := moment - self.bihuan.store.now()) > timedelta():
            await self.skipper.skip(min(left, timedelta(days=1)))

    async def forget(self, case: UUID) -> None:
        await self.skipper.quiet()
        await self.client.get_workflow_handle(workflow_id("inspection", case)).terminate()

    async def refeed(self, so: Callable[[], bool]) -> None:
        refeed(self.command)
        await asyncio.to_thread(self._until, so)
        await self.skipper.quiet()

    def _until(self, so: Callable[[], bool]) -> None:
        for _ in self.bihuan.store.listen(0.05):
            if so():
                return


@asynccontextmanager
async def life(folder: Path) -> AsyncIterator[Life]:
    """Database, Temporal and application, on the first morning."""
    async with AsyncExitStack() as stack:
        postgres = Postgres(folder / "postgres", folder / "postgres.log", durable=False)
        stack.callback(postgres.close)
        postgres.start()
        migrate(postgres.dsn())
        program = find(skipping=True, say=print)
        assert not isinstance(program, Remote)
        home = folder / "temporal"
        temporal = Temporal(program, home, folder / "temporal.log", skipping=True, durable=False)
        stack.callback(temporal.stop)
        temporal.start()
        skip_clock(postgres.dsn(), BEGIN - datetime.now(BEGIN.tzinfo))
        (folder / "blobs").mkdir()
        command = postgres.dsn("bihuan_command")
        key = KeyFile(folder / "key").create()
        vault = stack.enter_context(PersonVault(command, key))
        store = stack.enter_context(EventStore(command, vault=vault))
        made = Life(
            postgres, temporal.address, folder, Bihuan(store, law(), Blobs(folder / "blobs"))
        )
        await made.connect()
        yield made


async def main() -> None:
    """Play, write, go on, and write what came of it."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-landed-"))
    try:
        async with life(folder) as at:
            at.begin()
            stories = Stories(at.bihuan, at)
            await stories.play()
            sign_in(at)
            erase(at, stories["forgotten"])
            skip_clock(at.owner, END - at.bihuan.store.now())
            require_everything(at)
            write_log(at)
            write_key(folder)
            await write_histories(at, stories)
            expected = told(at, stories)
            at.begin()
            await at.skipper.skip(GOING_ON)
            await at.stop()
            after = reading.fired(at.bihuan.store)
            assert set(after.values()) == {1}
            expected["fired_after"] = {"days": GOING_ON.days, "rungs": sorted(after)}
            pack(loading.EXPECTED, json.dumps(expected, ensure_ascii=False, sort_keys=True))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sign_in(at: Life) -> None:
    """Two accounts with passwords, one of them signed in, one with a failure behind it."""
    for account in ("insp1", "appr1"):
        set_password(at.command, account, "a-password-of-tests")
    with ConnectionPool(at.command, open=True) as pool, Known(at.command) as known:
        sessions = Sessions(pool, known)
        assert sessions.open("insp1", "a-password-of-tests", "page", "127.0.0.1")
        assert sessions.open("appr1", "wrong-password", "page", "127.0.0.1") is None


def erase(at: Life, play: Live) -> None:
    """The person in charge of one visit is erased, as the owner of the vault may do."""
    person = uuid5(play.case, "person-in-charge/万一凡")
    with psycopg.connect(at.owner) as connection:
        gone = connection.execute("SELECT vault.destroy_key(%s)", (person,)).fetchone()
    assert gone == (True,)


def require_everything(at: Life) -> None:
    """Every kind of fact and every command occurs."""
    topics = {stored.topic for stored in reading.log(at.bihuan.store)}
    missing = {
        "facts": sorted(set(FACTS) - topics),
        "commands": sorted({name for _, name in COMMANDS} - Live.done),
    }
    print("missing:", missing)  # noqa: T201 - a script
    assert not any(missing.values()), missing


def write_log(at: Life) -> None:
    with psycopg.connect(at.owner) as connection:
        assert verify(connection).ok
    with psycopg.connect(at.owner, row_factory=dict_row) as connection:
        now = at.bihuan.store.now()
        schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert schema
        first = {"commit": COMMIT, "schema": schema["version_num"], "at": now.isoformat()}
        lines = [first, *rows(connection), *evidence(at.bihuan.blobs.folder)]
    pack(loading.LOG, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def rows(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every column as PostgreSQL writes it."""
    connection.execute("SET timezone = 'UTC'")
    for table, order in TABLES.items():
        schema, name = table.split(".")
        columns = connection.execute(
            "SELECT column_name AS name FROM information_schema.columns"
            " WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
            (schema, name),
        ).fetchall()
        wanted = ", ".join(written(table, c["name"]) for c in columns)
        query = f"SELECT {wanted} FROM {table} ORDER BY {order}"  # noqa: S608 - our names
        for row in connection.execute(query.encode()):
            yield table, row


def written(table: str, column: str) -> str:
    if column == loading.TEXT.get(table):
        return f"convert_from({column}, 'UTF8') AS {column}"
    return f"{column}::text AS {column}"


def evidence(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert sha256(content).hexdigest() == path.name
        yield "blobs", {"content": b64encode(content).decode()}


def write_key(folder: Path) -> None:
    told = {
        "note": "made for this recording and used for nothing else; every person in it is invented",
        "master": (folder / "key").read_bytes().hex(),
    }
    loading.KEY.write_text(json.dumps(told, indent=2) + "\n")


async def write_histories(at: Life, stories: Stories) -> None:
    """Without the name of the machine it ran on."""
    loading.HISTORIES.mkdir(exist_ok=True)
    own = f"{os.getpid()}@{socket.gethostname()}"
    for kind, names in HISTORIES.items():
        for name in sorted(names):
            play = stories[name]
            case = play.case if kind == "inspection" else UUID(play.said[kind])
            handle = at.client.get_workflow_handle(workflow_id(kind, case))
            text = (await handle.fetch_history()).to_json().replace(own, "worker")
            assert f"@{socket.gethostname()}" not in text
            compact = json.dumps(json.loads(text), separators=(",", ":"))
            pack(loading.HISTORIES / f"landed-{kind}-{name}.json.gz", compact)


def told(at: Life, stories: Stories) -> dict[str, Any]:
    """What the reads say, and which rungs have fired."""
    store = at.bihuan.store
    stop = Stop()
    following = Thread(target=project, args=(at.projector, stop))
    following.start()
    try:
        with psycopg.connect(at.reader, autocommit=True) as reader:
            assert wait_for(reader, store.head()[0], PATIENCE)
            cases = [case for _, case in reading.clocked(store)]
            said = reading.says(reader, day(END), cases)
    finally:
        stop.set()
        following.join()
    return said | {
        "names": {name: str(play.case) for name, play in stories.cases.items()},
        "fired": sorted(reading.fired(store)),
        "late": sorted(reading.late(store)),
        "remaining": sorted(reading.remaining(at.bihuan)),
        "person": walk.certificates()["person_in_charge"],
    }


def pack(path: Path, text: str) -> None:
    """The same text gives the same bytes."""
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def require_commit() -> None:
    """The commits after it that made this script have not touched the program."""
    words = ["git", "diff", "--exit-code", "--stat", COMMIT, "--", *PACKAGES]
    subprocess.run(words, check=True)


if __name__ == "__main__":
    require_commit()
    asyncio.run(main())
