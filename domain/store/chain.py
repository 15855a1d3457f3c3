r"""The hash chain (哈希链): what an event's hash covers. SHA-256 alone recomputes it.

``append_events`` computes the same in SQL. The hash of an event is::

    sha256(previous hash || header || state)
    header = "seq\nstream\nkind\nversion\noccurred\nrecorded\ncommand\ntopic\n"

with instants in microseconds since 1970 and ``-`` for a missing command id. Every stored column
is covered, and no field but the state may hold a line feed, so no two events read the same.
"""

from hashlib import sha256

GENESIS = bytes(32)
"""What comes before the first event."""


def link(  # noqa: PLR0917 - the columns of an event, all of them
    previous: bytes,
    seq: int,
    stream: str,
    kind: str,
    version: int,
    occurred: int,
    recorded: int,
    command: str | None,
    topic: str,
    state: bytes,
) -> bytes:
    """Hash of one event; instants in microseconds, ids as text."""
    header = (
        f"{seq}\n{stream}\n{kind}\n{version}\n{occurred}\n{recorded}\n{command or '-'}\n{topic}\n"
    )
    return sha256(previous + header.encode() + state).digest()
