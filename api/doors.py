"""What every route shares (公共部件): the application, who is asking, and how."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import cast
from uuid import UUID

from fastapi import Depends, Request
from psycopg_pool import ConnectionPool

from api.auth import Sessions, Signed
from api.problems import Unauthorized
from domain.application import Bihuan, Person
from workflows.server import Server

COOKIE = "bihuan-session"
DEVICE = "bihuan-device"
MOST_WAITERS = 3
"""Of the eight threads and connections for reads: the others go on."""


@dataclass(frozen=True)
class Doors:
    """Everything wired for this process."""

    bihuan: Bihuan
    sessions: Sessions
    reader: ConnectionPool
    hands: Executor
    """Threads that carry out commands."""
    secure: bool
    temporal: Server
    waiters: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_WAITERS))
    """Reads that may wait for the projections."""

    @property
    def cookie(self) -> str:
        """Name of the session cookie; the prefix binds it to this host over HTTPS."""
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    @property
    def device_cookie(self) -> str:
        """Name of the cookie by which an account knows a browser again."""
        return f"__Host-{DEVICE}" if self.secure else DEVICE


def doors_of(request: Request) -> Doors:
    """The doors of the app that serves this request."""
    return cast("Doors", request.app.state.doors)


def token_of(request: Request) -> str | None:
    """The bearer token, else the session cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    return request.cookies.get(doors_of(request).cookie)


def signed(request: Request) -> Signed:
    """Who is asking; refuses when nobody is signed in. Looked up once per request."""
    known: Signed | None = getattr(request.state, "signed", None)
    if known is None:
        token = token_of(request)
        known = doors_of(request).sessions.find(token) if token else None
        if known is None:
            raise Unauthorized("SIGN-IN", "请先登录，或登录已过期请重新登录。")
        request.state.signed = known
    return known


SIGNED_IN = [Depends(signed)]
"""Before a router's own work: nobody learns what a request lacks without signing in."""


def person(request: Request) -> Person:
    """The person who is asking; what they may do is looked up where it is decided."""
    return Person(account=signed(request).account)


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else "unknown"


def etag(version: int) -> str:
    """Version of a case as an entity tag."""
    return f'"v{version}"'


def case_url(family: str, case_id: UUID) -> str:
    """Where a case is read."""
    return f"/api/v1/{family}/{case_id}"
