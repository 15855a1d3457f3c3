"""The web process (网页和接口进程): pages and the JSON API."""

import logging
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from deploy.front import Front
from deploy.network import BACKLOG, is_loopback
from deploy.processes.reception import Reception
from deploy.processes.wiring import application, settled
from deploy.settings import Settings
from deploy.tally import Tally

IDLE_CONNECTIONS_LIVE = 75
"""Seconds: longer than the usual proxy keeps one, so that no request meets a closing door."""
OPEN_CONNECTIONS_END_WITHIN = 3
"""Seconds: live updates never end by themselves."""


def main(settings: Settings, host: str, door: socket.socket, tally: Tally) -> None:
    """Serve whoever comes to the ``door``, which listens on ``host``, until asked to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("api").setLevel(logging.INFO)
    with application(settings) as bihuan:
        app = create_app(
            bihuan,
            command=settings.command,
            reader=settings.reader,
            temporal=settings.server,
            secure=settings.front.secure or not is_loopback(host),
            hosts=settings.front.hosts(host),
        )
        config = served(app, settings.front)
        settled()
        with suppress(KeyboardInterrupt):
            Reception(config, door, tally).run()


def served(app: ASGIApp, front: Front) -> uvicorn.Config:
    """How the app is served; what proxies say is believed of those of the ``front`` only."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=IDLE_CONNECTIONS_LIVE,
        server_header=False,
        timeout_graceful_shutdown=OPEN_CONNECTIONS_END_WITHIN,
        backlog=BACKLOG,
        loop="uvloop",
        proxy_headers=bool(front.trusted),
        forwarded_allow_ips=front.trusted,
    )
