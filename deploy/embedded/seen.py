"""The newest end of the log ever seen (所见末端), kept outside the database it speaks of.

A database that somebody put back is whole and verifies; that it lacks what was accepted since shows
only against what was seen before.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow


@dataclass(frozen=True)
class Head:
    """The end of a log: its newest seq and the hash of that event."""

    seq: int
    hash: str

    @classmethod
    def of(cls, connection: psycopg.Connection[TupleRow]) -> "Head":
        """As the database says."""
        [(seq, hash_)] = connection.execute("SELECT seq, hash FROM log.head").fetchall()
        return cls(seq, hash_.hex())


class Seen:
    """One small file; it is replaced as a whole."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> Head | None:
        """What was noted last, None at the first start."""
        with suppress(FileNotFoundError, ValueError, TypeError):  # or one that a power cut emptied
            return Head(**json.loads(self._file.read_text("utf-8")))
        return None

    def note(self, head: Head) -> None:
        """Remember."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps({"seq": head.seq, "hash": head.hash}) + "\n", "utf-8")
        draft.replace(self._file)

    def missed_by(self, connection: psycopg.Connection[TupleRow]) -> str:
        """Why this database is not the one seen last, nor a later state of it; empty if it is."""
        seen = self.read()
        if seen is None or seen.seq == 0:
            return ""
        if (head := Head.of(connection)).seq < seen.seq:
            return (
                f"日志只到第 {head.seq} 条，而此前已受理到第 {seen.seq} 条，"
                f"其间 {seen.seq - head.seq} 条不在库中"
            )
        query = "SELECT encode(hash, 'hex') FROM log.events WHERE seq = %s"
        if connection.execute(query, (seen.seq,)).fetchone() != (seen.hash,):
            return f"日志第 {seen.seq} 条与此前受理的不是同一条"
        return ""
