"""Passwords (口令): argon2id, few hashes at once, locked after failures."""

import threading
from datetime import timedelta

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.auth.known import CHANNEL
from domain.errors import Refusal

SHORTEST = 10
FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
COMMON = frozenset({"1234567890", "0123456789", "password12", "qwertyuiop", "1111111111"})
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
AT_ONCE = 2
"""A hash takes 64 MB and a tenth of a second: a flood of sign-ins must not take the machine."""
_HASHING = threading.BoundedSemaphore(AT_ONCE)
_NOBODY = _HASHER.hash("nobody has this password")


def set_password(dsn: str, account: str, password: str) -> None:
    """Give ``account`` a password; its sessions end.

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
            " failed = 0, locked_until = NULL, changed_at = now()",
            (account, hashed),
        )
        connection.execute("DELETE FROM auth.sessions WHERE account = %s", (account,))
        connection.execute(f"NOTIFY {CHANNEL}".encode())


def check(connection: psycopg.Connection, account: str, password: str) -> bool:
    """Whether the password is right and the account not locked; failures are counted.

    An unknown account costs the same time as a known one.
    """
    row = connection.execute(
        "SELECT password_hash, coalesce(locked_until > now(), false)"
        " FROM auth.credentials WHERE account = %s",
        (account,),
    ).fetchone()
    hashed, locked = row or (_NOBODY, True)
    right = _verify(hashed, password)
    if row is None or locked:
        return False
    if right:
        connection.execute(
            "UPDATE auth.credentials SET failed = 0, locked_until = NULL"
            " WHERE account = %s AND failed > 0",
            (account,),
        )
    else:
        connection.execute(
            "UPDATE auth.credentials SET"
            " locked_until = CASE WHEN failed + 1 >= %(most)s THEN now() + %(long)s END,"
            " failed = CASE WHEN failed + 1 >= %(most)s THEN 0 ELSE failed + 1 END"
            " WHERE account = %(account)s",
            {"most": FAILURES, "long": LOCKED_FOR, "account": account},
        )
    return right


def _verify(hashed: str, password: str) -> bool:
    with _HASHING:
        try:
            return _HASHER.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
