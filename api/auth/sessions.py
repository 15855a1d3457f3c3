"""Sessions (会话): kept by the server, the token known only to its holder."""

import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from psycopg_pool import ConnectionPool

from api.auth import devices, guesses, passwords
from api.auth.guesses import TooMany
from api.auth.known import CHANNEL, Kind, Known, Signed

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
TOUCH = timedelta(minutes=1)
"""The time of the last request is written at most this often."""
LONGEST_LINE = 32
"""Sign-ins that may wait for their hash; at ten a second the last has waited three seconds."""


_LOG = logging.getLogger(__name__)


class Opened(NamedTuple):
    """What a sign-in gives: the token of the session, and that of the device."""

    token: str
    device: str


@dataclass(frozen=True)
class Attempt:
    """Somebody wants to sign in (登录请求)."""

    account: str
    password: str = field(repr=False)
    kind: Kind
    address: str
    device: str | None = field(default=None, repr=False)
    """The device token the browser or machine was given when somebody signed in there."""


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, pool: ConnectionPool, known: Known) -> None:
        self._pool, self._known = pool, known
        self.line = CapacityLimiter(passwords.AT_ONCE)
        self.side_line = CapacityLimiter(1)
        """For browsers known to the account: no crowd of strangers stands before them."""

    async def open_in_line(self, attempt: Attempt) -> Opened | None:
        """``open`` with threads of its own: whoever works does not wait for those at the door."""
        device = await run_sync(self._known_device, attempt)
        line = self.line if device is None else self.side_line
        if line.statistics().tasks_waiting >= LONGEST_LINE:
            refusal = TooMany("SIGN-IN-LINE", "同时登录的人太多，请稍后再试。")
            _log("refused", attempt, refusal.rule)
            raise refusal
        return await run_sync(self._open, attempt, device, limiter=line)

    def open(self, attempt: Attempt) -> Opened | None:
        """A new session, or None when account and password do not fit.

        Raises:
            TooMany: the guess comes too early.
        """
        return self._open(attempt, self._known_device(attempt))

    def _known_device(self, attempt: Attempt) -> bytes | None:
        if not attempt.device:
            return None
        digest = _digest(attempt.device)
        with self._pool.connection() as connection:
            return digest if devices.knows(connection, attempt.account, digest) else None

    def _open(self, attempt: Attempt, device: bytes | None) -> Opened | None:
        account = attempt.account
        counted = guesses.subjects(account, attempt.address, device)
        with self._pool.connection() as connection:
            hashed = passwords.find(connection, account)
            whose = account if hashed else ""
            try:
                guesses.admit(connection, counted)
            except TooMany as refusal:
                _log("refused", attempt, refusal.rule, whose)
                raise
        if not passwords.check(hashed, attempt.password):  # long, and without a connection
            _log("failed", attempt, "SIGN-IN-FAILED", whose)
            return None
        opened = Opened(secrets.token_urlsafe(32), devices.new_token())
        with self._pool.connection() as connection, connection.transaction():
            if passwords.find(connection, account) != hashed:
                return None  # changed meanwhile
            guesses.forgive(connection, counted)
            old = _digest(attempt.device) if attempt.device else None
            devices.renew(connection, account, old, _digest(opened.device))
            connection.execute("DELETE FROM auth.sessions WHERE expires_at < now()")
            connection.execute(
                "INSERT INTO auth.sessions (token_hash, account, kind, expires_at)"
                " VALUES (%s, %s, %s, now() + %s)",
                (_digest(opened.token), account, attempt.kind, LONGEST),
            )
        _log("signed in", attempt, "known" if device else "new", whose)
        return opened

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


def _log(what: str, attempt: Attempt, rule: str, account: str = "") -> None:
    """One line. An account that is none is not named: people type their password there."""
    level = logging.INFO if what == "signed in" else logging.WARNING
    words = "sign-in %s: account=%s address=%r kind=%s rule=%s"
    _LOG.log(level, words, what, account or "-", attempt.address, attempt.kind, rule)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
