"""Sessions found a moment ago (最近会话): not asked again, while we hear of those that end."""

import threading
import time
from typing import Literal, NamedTuple, Self

import psycopg

CHANNEL = "bihuan_sessions"
"""NOTIFY channel: some session has ended."""
FRESH = 1.0
"""Seconds; what a lost notification can cost. The question was a quarter of a command's trips."""
MOST = 10_000
_SLICE = 0.2
Kind = Literal["page", "machine"]


class Signed(NamedTuple):
    """Who is signed in, and how."""

    account: str
    kind: Kind


class Known:
    """Remembers only while it listens; whoever ends a session notifies every process."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._found: dict[bytes, tuple[float, Signed]] = {}
        self._hearing, self.times = False, 0
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="sessions", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def find(self, digest: bytes) -> Signed | None:
        """Who was found to hold that token a moment ago."""
        until, signed = self._found.get(digest, (0.0, None))
        return signed if time.monotonic() < until else None

    def keep(self, digest: bytes, signed: Signed, since: int) -> None:
        """Remember, unless sessions have ended ``since`` the question (its ``times``)."""
        with self._lock:
            if self._hearing and since == self.times:
                if len(self._found) >= MOST:
                    self._found.clear()
                self._found[digest] = time.monotonic() + FRESH, signed

    def forget(self) -> None:
        """Some session has ended: ask again for all."""
        with self._lock:
            self.times += 1
            self._found.clear()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}".encode())
                    self._hear(connection)
            except psycopg.OperationalError:
                self._stop.wait(FRESH)

    def _hear(self, connection: psycopg.Connection) -> None:
        self._hearing = True
        try:
            while not self._stop.is_set():
                for _ in connection.notifies(timeout=_SLICE):
                    self.forget()
        finally:
            self._hearing = False
            self.forget()
