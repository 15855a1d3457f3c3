"""The throw-away system of one play (推演用系统): real PostgreSQL, real Temporal, the real API."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from temporalio.client import Client

from api.app import create_app
from api.auth import set_password
from deploy.demo.world import PASSWORD, accounts, seed
from deploy.embedded.postgres import Postgres
from deploy.embedded.temporal import Temporal
from deploy.embedded.temporal_lookup import find
from deploy.embedded.temporal_program import Remote
from deploy.folder import DataFolder, prepare
from deploy.processes.wiring import application, clockwork
from deploy.settings import Settings
from deploy.trouble import Trouble
from domain.application import Bihuan
from domain.store import KeyFile, migrate, skip_clock
from projections.runner import run as run_projections
from workflows.worker import Pace
from workflows.worker import run as run_worker


@dataclass
class Stage:
    """A running system whose clock can be skipped."""

    bihuan: Bihuan
    http: httpx.AsyncClient
    temporal: Client
    owner: str
    settings: Settings

    def skip_to(self, instant: datetime) -> None:
        """Set the log's clock to ``instant``."""
        skip_clock(self.owner, instant - self.bihuan.store.now())


@asynccontextmanager
async def stage(begin: datetime, say: Callable[[str], None]) -> AsyncGenerator[Stage]:
    """A system that starts at ``begin`` with the demo world, and is gone afterwards."""
    async with AsyncExitStack() as stack:
        path = Path(tempfile.mkdtemp(prefix="bihuan-play-"))
        stack.callback(shutil.rmtree, path, ignore_errors=True)
        folder = prepare(path)
        say("准备推演用的临时系统……")
        postgres = Postgres(folder.postgres, folder.logs / "postgres.log", durable=False)
        stack.callback(postgres.close)
        postgres.start()
        migrate(postgres.dsn())
        temporal = await asyncio.to_thread(_temporal, folder, say, stack)
        KeyFile(folder.key_file).create()
        settings = Settings(
            command=postgres.dsn("bihuan_command"),
            reader=postgres.dsn("bihuan_reader"),
            projector=postgres.dsn("bihuan_projector"),
            key_file=folder.key_file,
            blobs=folder.blobs,
            temporal=temporal.server.address,
            temporal_tls=temporal.server.tls,
        )
        bihuan = stack.enter_context(application(settings))
        client = await settings.server.connect()
        http = await _web(settings, bihuan, stack)
        played = Stage(bihuan, http, client, postgres.dsn(), settings)
        played.skip_to(begin)
        seed(bihuan)
        for account, _ in accounts():
            set_password(settings.command, account, PASSWORD)
        await _followers(settings, stack)
        yield played


def _temporal(folder: DataFolder, say: Callable[[str], None], stack: AsyncExitStack) -> Temporal:
    """A Temporal server that can skip time; one that serves others must not."""
    program = find(skipping=True, say=say)
    if isinstance(program, Remote):
        raise Trouble(
            "推演要跳过时间，不能使用 TEMPORAL_ADDRESS 指定的服务；请取消该变量后重试。",
            "Time cannot be skipped on a shared Temporal server.",
        )
    log = folder.logs / "temporal.log"
    temporal = Temporal(program, folder.temporal, log, skipping=True, durable=False)
    stack.callback(temporal.stop)
    temporal.start()
    return temporal


async def _web(settings: Settings, bihuan: Bihuan, stack: AsyncExitStack) -> httpx.AsyncClient:
    """The real API in this process."""
    app = create_app(
        bihuan,
        command=settings.command,
        reader=settings.reader,
        temporal=settings.server,
    )
    await stack.enter_async_context(app.router.lifespan_context(app))
    transport = httpx.ASGITransport(app=app)
    return await stack.enter_async_context(
        httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30)
    )


async def _followers(settings: Settings, stack: AsyncExitStack) -> None:
    """Worker, feed and projections beside the API."""
    ending, stop = threading.Event(), asyncio.Event()
    clocks = stack.enter_context(clockwork(settings, 10))
    following = asyncio.create_task(asyncio.to_thread(run_projections, settings.projector, ending))
    working = asyncio.create_task(
        run_worker(clocks, settings.command, settings.server, stop=stop, pace=Pace(hasty=True))
    )

    async def end() -> None:
        ending.set()
        stop.set()
        await asyncio.gather(following, working)

    stack.push_async_callback(end)
