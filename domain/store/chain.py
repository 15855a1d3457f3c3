r"""The hash chain (哈希链): what an event's hash covers. SHA-256 alone recomputes it.

``append_events`` computes the same in SQL. The hash of an event is::

    sha256(previous hash || header || state)
    header = "seq\nstream\nkind\nversion\noccurred\nrecorded\ncommand\ntopic\n"

with instants in microseconds since 1970 and ``-`` for a missing command id. Every stored column
is covered, and no field but the state may hold a line feed, so no two events read the same.
"""

from hashlib import sha256
from typing import NamedTuple

GENESIS = bytes(32)
"""What comes before the first event."""


class Chained(NamedTuple):
    """The columns of an event that its hash covers; instants in microseconds, ids as text."""

    seq: int
    stream: str
    kind: str
    version: int
    occurred: int
    recorded: int
    command: str | None
    topic: str
    state: bytes


def link(previous: bytes, event: Chained) -> bytes:
    """Hash of one event."""
    *header, command, topic, state = event
    lines = (*header, command or "-", topic, "")
    return sha256(previous + "\n".join(map(str, lines)).encode() + state).digest()
