"""The web application (网页和接口): wired in one place; nothing connects at import."""

from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
import psycopg_pool
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api import (
    cases,
    commands,
    evidence,
    health,
    pages,
    people,
    problems,
    reads,
    signin,
    work,
    workflow,
)
from api.auth import Sessions
from api.auth.known import Known
from api.command_route import Shortcut
from api.doors import Doors
from api.framework import REFUSALS, App
from api.security import ITSELF, Security
from domain.application import Bihuan
from workflows.server import NOWHERE, Server

THREADS = 8
"""Reads at once: more than there are connections only wait."""
HANDS = 2
"""Commands at once. All of them append under the log's one lock, and more threads than this mostly
wait for it and for the interpreter: with eight, a command cost a sixth more."""
MOST_BYTES = 1024 * 1024
"""Of a request that is no evidence."""
QUEUE = 2.0
"""Seconds to wait for a connection before telling the client to come back."""
STATIC = Path(__file__).parent / "static"


def create_app(
    bihuan: Bihuan,
    *,
    command: str,
    reader: str,
    temporal: Server = NOWHERE,
    secure: bool = False,
    hosts: frozenset[str] = ITSELF,
) -> FastAPI:
    """The app on an application and its databases.

    Args:
        bihuan: the application, with the vault.
        command: connection string of the command role, for sign-in.
        reader: connection string of the reader role, for projections.
        temporal: the server that workflows are asked at, and whose reachability ``/readyz`` tells.
        secure: cookies for HTTPS only; on wherever the system is not used on this machine alone.
        hosts: names by which requests may call it.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with (
            _pool(command) as pool,
            Known(command) as known,
            _pool(reader) as reading,
            ThreadPoolExecutor(HANDS, "command") as hands,
        ):
            app.state.doors = Doors(bihuan, Sessions(pool, known), reading, hands, secure, temporal)
            yield

    app = App(
        title="闭环",
        summary="安全生产执法检查全流程闭环管理系统接口",
        version="1",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere; offices have no internet
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing leaves the house
        max_body_size=MOST_BYTES,
        responses=REFUSALS,
    )
    problems.install(app)
    own = commands.router(MOST_BYTES)
    for routes in (
        signin.routes,
        evidence.routes,
        work.routes,
        cases.router(),
        workflow.router(),
        reads.routes,
        people.routes,
        health.routes,
        pages.routes,
        own,
    ):
        app.include_router(routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.put_before_all(partial(Shortcut, routes=own.routes))
    app.put_before_all(partial(Security, secure=secure, hosts=hosts))
    return app


def _pool(dsn: str) -> psycopg_pool.ConnectionPool:
    return psycopg_pool.ConnectionPool(
        dsn,
        min_size=1,
        max_size=THREADS,
        kwargs={"autocommit": True, "options": "-c TimeZone=Asia/Shanghai"},
        open=False,
        timeout=QUEUE,
    )
