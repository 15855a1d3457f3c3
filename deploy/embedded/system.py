"""The whole system on one data folder (单机系统): what starts, in which order, with what."""

import socket
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, Self

import psycopg
from temporalio.service import RPCError

from deploy.embedded.child import rotate
from deploy.embedded.postgres import Postgres
from deploy.embedded.seen import Head, Seen
from deploy.embedded.service import Service
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import Found
from deploy.embedded.temporal_namespace import reach
from deploy.embedded.temporal_orphans import release
from deploy.embedded.temporal_program import Program, Remote
from deploy.folder import ROOM_TO_GO_ON, DataFolder
from deploy.front import Front
from deploy.network import LOOPBACK, serves
from deploy.settings import Settings
from deploy.tally import new_tally
from deploy.trouble import Trouble
from domain.store import KeyFile, migrate
from projections.catalog import PROJECTIONS
from projections.schema import prepare as prepare_tables
from workflows.feed import refeed

WORKERS = 2
"""One interpreter can use one core, and at midnight the workers have most to do."""
WEB_PROCESSES = 2
"""One computes while the other waits; they share the socket, so that one may end unnoticed."""


class System:
    """PostgreSQL, Temporal and our own processes; the caller holds the folder's lock."""

    def __init__(
        self,
        folder: DataFolder,
        clocks: Found,
        *,
        door: socket.socket,
        host: str,
        say: Callable[[str], None],
        front: Front = Front(),  # noqa: B008 - it never changes
    ) -> None:
        self._folder = folder
        self._door, self._host, self._front = door, host, front
        self._tally = new_tally(WEB_PROCESSES)
        self._say = say
        self._supervisor = Supervisor(say, self._look_after)
        self._seen = Seen(folder.head)
        self._postgres = Postgres(folder.postgres, folder.logs / "postgres.log")
        log = folder.logs / "temporal.log"
        own = isinstance(clocks, Program)
        self._clocks = Temporal(clocks, folder.temporal, log) if own else clocks

    @property
    def settings(self) -> Settings:
        """What the processes are told."""
        server = self._clocks.server
        return Settings(
            command=self._postgres.dsn("bihuan_command"),
            reader=self._postgres.dsn("bihuan_reader"),
            projector=self._postgres.dsn("bihuan_projector"),
            key_file=self._folder.key_file,
            blobs=self._folder.blobs,
            temporal=server.address,
            temporal_tls=server.tls,
            **asdict(self._front),
        )

    def __enter__(self) -> Self:
        """Start everything and wait until the web page answers."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self.stop()

    def _start(self) -> None:
        self._supervisor.start("PostgreSQL 数据库", self._postgres)
        migrate(self._postgres.dsn())
        missed = self._missed()
        prepare_tables(self.settings.projector, PROJECTIONS)
        ensure_key(self._folder.key_file, self._postgres.dsn())
        self._enter_demo()
        self._start_clocks(missed)
        self._note_head()
        self._start_services()

    def run(self) -> None:
        """Keep it running until interrupted."""
        self._supervisor.run()

    def stop(self) -> None:
        """Stop everything and leave nothing outside the data folder."""
        self._note_head()
        self._supervisor.stop()
        self._postgres.close()
        self._tally.close()

    def _enter_demo(self) -> None:
        if self._folder.read().get("demo"):
            return
        from deploy.demo.first import enter_demo  # noqa: PLC0415 - once in the life of a folder

        self._say("首次启动：录入演示数据……")
        enter_demo(self.settings)
        self._folder.note(demo=True)

    def _missed(self) -> str:
        """Why this log is older than the one that ran here last; empty if it is not."""
        with psycopg.connect(self._postgres.dsn()) as connection:
            if missed := self._seen.missed_by(connection):
                self._say(
                    f"注意：数据库比上次运行时旧：{missed}。缺失的内容须从较新的备份恢复或补录。"
                )
                before, now = self._seen.read(), Head.of(connection)
                self._folder.note(older={"had": before and asdict(before), "has": asdict(now)})
        return missed

    def _note_head(self) -> None:
        """Keep the end of the log outside the database; it is no reason to stop when that fails."""
        with (
            suppress(psycopg.Error, OSError),
            psycopg.connect(self._postgres.dsn()) as connection,
        ):
            self._seen.note(Head.of(connection))

    def _start_clocks(self, missed: str) -> None:
        if isinstance(self._clocks, Remote):
            namespace = reach(self._clocks)
            if missed and self._folder.read().get("clocks") == namespace:
                raise Trouble(
                    f"时钟服务 {self._clocks.server.address} 记得数据库中已没有的内容（{missed}）；"
                    "请把 TEMPORAL_ADDRESS 改为一个空的时钟服务后重新启动。",
                    "The Temporal server is newer than the database.",
                )
        else:
            if missed:
                self._say("时钟服务清空，由日志重建……")
                self._clocks.forget()
            self._supervisor.start("Temporal 时钟服务", self._clocks)
            namespace = self._clocks.namespace
        if self._folder.read().get("clocks") != namespace:
            # Another database than last time, perhaps a lost one: its clocks come from the log.
            refeed(self.settings.command)
            self._folder.note(clocks=namespace)

    def _start_services(self) -> None:
        settings, logs = self.settings, self._folder.logs
        port = self._door.getsockname()[1]
        reached = _reached_at(self._host)
        self._supervisor.start("读模型", Service("projector", settings, logs))
        self._bury(None)
        for n, worker in enumerate(workers(settings, logs, self._bury), 1):
            self._supervisor.start(f"工作流 {n}", worker)
        webs = web_processes(
            settings, logs, self._door, self._tally, lambda: serves(reached, port), self._host
        )
        for n, web in enumerate(webs, 1):
            self._supervisor.start(f"网页和接口 {n}", web)

    def _bury(self, worker: int | None) -> None:
        """What a worker left goes to the others; of all, when none runs yet."""
        if isinstance(self._clocks, Temporal):
            with suppress(RPCError, RuntimeError, OSError, sqlite3.Error):  # else it waits its time
                release(
                    self._clocks.server, self._clocks.database, self.settings.task_queue, worker
                )

    def _look_after(self) -> None:
        """Once a minute: the end of the log, log files that grew, a disk that fills."""
        self._note_head()
        for log in self._folder.logs.glob("*.log"):
            rotate(log)
        try:
            self._folder.require_room(ROOM_TO_GO_ON)
        except Trouble as trouble:
            self._say(str(trouble))


def workers(
    settings: Settings, logs: Path, bury: Callable[[int], None] | None = None
) -> list[Service]:
    """The workers of one system, not yet started; the first one runs the feed."""
    return [
        Service("worker", settings, logs, n=n, options=() if n == 1 else ("--no-feed",), bury=bury)
        for n in range(1, WORKERS + 1)
    ]


def web_processes(
    settings: Settings,
    logs: Path,
    door: socket.socket,
    tally: BinaryIO,
    ready: Callable[[], bool],
    host: str = LOOPBACK,
) -> list[Service]:
    """The web processes of one system, not yet started; the last one waits until all is ready."""
    return [
        Service(
            "api",
            settings,
            logs,
            n=n,
            options=("--host", host, "--n", str(n)),
            shared={"--door": door, "--tally": tally},
            ready=ready if n == WEB_PROCESSES else None,  # the others start meanwhile
        )
        for n in range(1, WEB_PROCESSES + 1)
    ]


def ensure_key(path: Path, dsn: str) -> None:
    """Make the key of personal data once; a lost one is never silently replaced."""
    if path.exists():
        return
    with psycopg.connect(dsn) as connection:
        used = connection.execute("SELECT EXISTS (SELECT FROM vault.person_keys)").fetchone()
    if used == (True,):
        raise Trouble(
            f"主密钥文件 {path} 不见了，没有它无法读取已有的个人信息；请从备份恢复后再启动。",
            "The key file is missing; restore it from a backup.",
        )
    KeyFile(path).create()


def _reached_at(host: str) -> str:
    """Where a client on this machine finds a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared
