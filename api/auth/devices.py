"""Browsers an account has signed in from (已知设备): strangers who guess do not keep them out.

The token is random and says nothing; the database keeps its hash. It opens nothing by itself.
"""

import secrets
from datetime import timedelta

import psycopg

LONGEST = timedelta(days=180)
"""Since the last sign-in with it."""
MOST = 20
"""Of one account; the oldest goes."""


def knows(connection: psycopg.Connection, account: str, device: bytes) -> bool:
    """Whether ``account`` has signed in with that device."""
    row = connection.execute(
        "SELECT FROM auth.devices"
        " WHERE device_hash = %s AND account = %s AND used_at > now() - %s::interval",
        (device, account, LONGEST),
    ).fetchone()
    return row is not None


def renew(connection: psycopg.Connection, account: str, old: bytes | None, new: bytes) -> None:
    """``account`` has signed in: its device is ``new`` from now on, with all it is known for.

    A token is never kept: one that somebody else put into the browser would be worth something.
    """
    if old is not None:
        connection.execute(
            "UPDATE auth.devices SET device_hash = %s WHERE device_hash = %s", (new, old)
        )
    connection.execute(
        "INSERT INTO auth.devices (device_hash, account) VALUES (%s, %s)"
        " ON CONFLICT (device_hash, account) DO UPDATE SET used_at = now()",
        (new, account),
    )
    connection.execute(
        "DELETE FROM auth.devices WHERE account = %(account)s AND device_hash NOT IN"
        " (SELECT device_hash FROM auth.devices WHERE account = %(account)s"
        " AND used_at > now() - %(longest)s::interval ORDER BY used_at DESC LIMIT %(most)s)",
        {"account": account, "longest": LONGEST, "most": MOST},
    )


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)
