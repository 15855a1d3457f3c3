"""Guesses slowed down (放慢猜测): the more have failed, the longer the next one is refused.

Nothing is locked: who signs in from a browser that the account knows is counted apart, so that
strangers who guess keep nobody out. Counted in the database, for all processes together.
"""

import ipaddress
from dataclasses import dataclass
from hashlib import sha256

import psycopg

from domain.errors import Refusal


class TooMany(Refusal):
    """Too many failed sign-ins (登录失败过多)."""

    kind = "too-many"


@dataclass(frozen=True)
class Pace:
    """How failures slow what follows: ``free`` ones do not, each further one doubles the wait."""

    free: int
    longest: float
    """Seconds of the longest wait."""
    forgiven: float
    """Seconds after which one failure no longer counts."""


ACCOUNT = Pace(free=5, longest=300.0, forgiven=900.0)
"""Of one account from strange browsers; of one account in one browser it knows, too."""
ADDRESS = Pace(free=30, longest=60.0, forgiven=60.0)
"""Of all accounts from one address, which a whole office may share."""
KEPT = "1 day"
"""Longer than any failure counts."""
_STEPS = 20
"""Doublings beyond any longest wait: the power stays a number."""


@dataclass(frozen=True)
class Subject:
    """Who or what guesses are counted for; stored hashed: people type passwords as accounts."""

    rule: str
    name: str
    pace: Pace

    @property
    def digest(self) -> bytes:
        """What is stored of it."""
        return sha256(f"{self.rule} {self.name}".encode()).digest()


def subjects(account: str, address: str, device: bytes | None) -> list[Subject]:
    """What a guess counts for: the known ``device``, else the account and the address."""
    if device is not None:
        return [Subject("SIGN-IN-DEVICE", f"{device.hex()} {account}", ACCOUNT)]
    return [
        Subject("SIGN-IN-ACCOUNT", account, ACCOUNT),
        Subject("SIGN-IN-ADDRESS", _network(address), ADDRESS),
    ]


def admit(connection: psycopg.Connection, guesses: list[Subject]) -> None:
    """Count a guess as failed before it is tried: many at once are not one.

    Raises:
        TooMany: it comes too early; ``retry_after`` says when to come back. It is not counted.
    """
    with connection.transaction():
        for subject in guesses:
            _count(connection, subject)


def forgive(connection: psycopg.Connection, guesses: list[Subject]) -> None:
    """The guess was right: the account starts anew, the address has one failure less."""
    for subject in guesses:
        left = 1 if subject.pace is ADDRESS else _STEPS**2
        connection.execute(
            "UPDATE auth.guesses SET failed = greatest(0, failed - %s), refused_until = now()"
            " WHERE subject = %s",
            (left, subject.digest),
        )
    connection.execute(f"DELETE FROM auth.guesses WHERE guessed_at < now() - interval '{KEPT}'")  # noqa: S608 - ours


def forget(connection: psycopg.Connection, account: str) -> None:
    """The account has a new password: what was guessed before is nothing to it."""
    subject = Subject("SIGN-IN-ACCOUNT", account, ACCOUNT)
    connection.execute("DELETE FROM auth.guesses WHERE subject = %s", (subject.digest,))


def _count(connection: psycopg.Connection, subject: Subject) -> None:
    pace, values = subject.pace, {"subject": subject.digest}
    connection.execute(
        "INSERT INTO auth.guesses VALUES (%(subject)s, 0, now(), now()) ON CONFLICT DO NOTHING",
        values,
    )
    row = connection.execute(
        "SELECT extract(epoch FROM refused_until - now())::float,"
        " greatest(0, failed - extract(epoch FROM now() - guessed_at)::float / %(forgiven)s) + 1"
        " FROM auth.guesses WHERE subject = %(subject)s FOR UPDATE",
        values | {"forgiven": pace.forgiven},
    ).fetchone()
    wait, failed = row or (0.0, 1.0)
    if wait > 0:
        seconds = int(wait) + 1
        raise TooMany(subject.rule, f"登录失败次数过多，请{seconds}秒后再试。", retry_after=seconds)
    over = min(failed - pace.free, _STEPS)
    delay = min(2.0**over, pace.longest) if over > 0 else 0.0
    connection.execute(
        "UPDATE auth.guesses SET failed = %(failed)s, guessed_at = now(),"
        " refused_until = now() + make_interval(secs => %(delay)s) WHERE subject = %(subject)s",
        values | {"failed": failed, "delay": delay},
    )


def _network(address: str) -> str:
    """The address; of IPv6 the network, whose every address one machine may take."""
    try:
        at = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(at, ipaddress.IPv4Address):
        return str(at)
    if at.ipv4_mapped:
        return str(at.ipv4_mapped)
    return str(ipaddress.ip_network((at, 64), strict=False))
