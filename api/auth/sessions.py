"""Sessions (会话): kept by the server, the token known only to its holder."""

import secrets
import threading
import time
from collections import deque
from datetime import timedelta
from hashlib import sha256

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from psycopg_pool import ConnectionPool

from api.auth import passwords
from api.auth.known import CHANNEL, Kind, Known, Signed
from domain.errors import Refusal

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
TOUCH = timedelta(minutes=1)
"""The time of the last request is written at most this often."""
FROM_ONE_ADDRESS = 30
"""Failed sign-ins in each process of the API; the account's own lock is in the database."""
WINDOW = 15 * 60.0
MOST_ADDRESSES = 10_000
LONGEST_LINE = 32
"""Sign-ins that may wait for their hash; at ten a second the last has waited three seconds."""


class TooMany(Refusal):
    """Too many failed sign-ins from one address (登录失败过多)."""

    kind = "too-many"


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, pool: ConnectionPool, known: Known) -> None:
        self._pool, self._known = pool, known
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self.line = CapacityLimiter(passwords.AT_ONCE)

    async def open_in_line(
        self, account: str, password: str, kind: Kind, address: str
    ) -> str | None:
        """``open`` with threads of its own: whoever works does not wait for those at the door."""
        if self.line.statistics().tasks_waiting >= LONGEST_LINE:
            raise TooMany("SIGN-IN-LINE", "同时登录的人太多，请稍后再试。")
        return await run_sync(self.open, account, password, kind, address, limiter=self.line)

    def open(self, account: str, password: str, kind: Kind, address: str) -> str | None:
        """A new token, or None when account and password do not fit (or the account is locked)."""
        self._require_calm(address)
        with self._pool.connection() as connection:
            if not passwords.check(connection, account, password):
                self._failed(address)
                return None
            token = secrets.token_urlsafe(32)
            connection.execute("DELETE FROM auth.sessions WHERE expires_at < now()")
            connection.execute(
                "INSERT INTO auth.sessions (token_hash, account, kind, expires_at)"
                " VALUES (%s, %s, %s, now() + %s)",
                (_digest(token), account, kind, LONGEST),
            )
        return token

    def find(self, token: str) -> Signed | None:
        """Who holds the token; None when it is unknown, idle too long, or too old."""
        digest = _digest(token)
        if known := self._known.find(digest):
            return known
        times = self._known.times
        if found := self._ask(digest):
            self._known.keep(digest, found, times)
        return found

    def _ask(self, digest: bytes) -> Signed | None:
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT account, kind, last_seen < now() - %s FROM auth.sessions"
                " WHERE token_hash = %s AND expires_at > now() AND last_seen > now() - %s",
                (TOUCH, digest, IDLE),
                prepare=True,
            ).fetchone()
            if row is None:
                return None
            account, kind, stale = row
            if stale:
                connection.execute(
                    "UPDATE auth.sessions SET last_seen = now() WHERE token_hash = %s", (digest,)
                )
        return Signed(account, kind)

    def end(self, token: str) -> None:
        """Sign out."""
        digest = _digest(token)
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM auth.sessions WHERE token_hash = %s", (digest,))
            connection.execute(f"NOTIFY {CHANNEL}".encode())
        self._known.forget()

    def _require_calm(self, address: str) -> None:
        with self._lock:
            recent = self._failures.get(address)
            while recent and recent[0] < time.monotonic() - WINDOW:
                recent.popleft()
            if recent is not None and len(recent) >= FROM_ONE_ADDRESS:
                raise TooMany("SIGN-IN-FLOOD", "登录失败次数过多，请十五分钟后再试。")

    def _failed(self, address: str) -> None:
        with self._lock:
            if address not in self._failures and len(self._failures) >= MOST_ADDRESSES:
                del self._failures[next(iter(self._failures))]
            self._failures.setdefault(address, deque()).append(time.monotonic())


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
