"""Passwords (口令): argon2id, few hashes at once."""

import threading

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.auth import guesses
from api.auth.known import CHANNEL
from domain.errors import Refusal

SHORTEST = 10
COMMON = frozenset({"1234567890", "0123456789", "password12", "qwertyuiop", "1111111111"})
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
AT_ONCE = 2
"""A hash takes 64 MB and a tenth of a second: a flood of sign-ins must not take the machine."""
_HASHING = threading.BoundedSemaphore(AT_ONCE)
_NOBODY = _HASHER.hash("nobody has this password")


def set_password(dsn: str, account: str, password: str) -> None:
    """Give ``account`` a password; its sessions end, its devices are strange again.

    Raises:
        Refusal: PASSWORD-WEAK.
    """
    if len(password) < SHORTEST or password.lower() in COMMON or account in password:
        raise Refusal(
            "PASSWORD-WEAK", f"口令至少{SHORTEST}位，不得过于常见或包含账号，请重新设置。"
        )
    with _HASHING:
        hashed = _HASHER.hash(password)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO auth.credentials (account, password_hash) VALUES (%s, %s)"
            " ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash,"
            " changed_at = now()",
            (account, hashed),
        )
        for table in ("sessions", "devices"):
            connection.execute(f"DELETE FROM auth.{table} WHERE account = %s".encode(), (account,))  # noqa: S608 - ours
        guesses.forget(connection, account)
        connection.execute(f"NOTIFY {CHANNEL}".encode())


def find(connection: psycopg.Connection, account: str) -> str | None:
    """The hash of the account's password."""
    row = connection.execute(
        "SELECT password_hash FROM auth.credentials WHERE account = %s", (account,)
    ).fetchone()
    return row[0] if row else None


def check(hashed: str | None, password: str) -> bool:
    """Whether the password is right; where there is none it costs the same time."""
    right = _verify(hashed or _NOBODY, password)
    return right and hashed is not None


def _verify(hashed: str, password: str) -> bool:
    with _HASHING:
        try:
            return _HASHER.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
