"""Loads the recording into a database: plain INSERTs, nothing of the program is needed.

The first line of ``log.jsonl.gz`` says what was recorded; each further one is a row: the table and
its columns as PostgreSQL writes them in UTC (``\\x`` and hexadecimal digits where bytes are no
text). States and answers are the JSON that was stored, character by character.

``load`` expects the columns of the recorded schema (``Recorded.schema``). Where a later one moves
what they hold, migrate to the recorded revision, load, and migrate on, as a real system would.
"""

import gzip
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FOLDER = Path(__file__).parent
LOG = FOLDER / "log.jsonl.gz"
KEY = FOLDER / "key.json"
EXPECTED = FOLDER / "expected.json.gz"
HISTORIES = FOLDER / "histories"
SINGLE = {"log.head", "log.clock"}
"""A migrated database has their one row, that of an empty log."""
TEXT = {"log.events": "state", "log.commands": "result"}
"""Bytes that are text: written as they are, and so inserted as bytes."""


@dataclass(frozen=True)
class Recorded:
    """What the first line says."""

    commit: str
    schema: str
    """Revision of the schema that was recorded; a later one may want to migrate the loaded rows."""
    at: datetime
    """The log's time when the recording ended."""


def recorded() -> Recorded:
    with gzip.open(LOG, "rt", encoding="utf-8") as lines:
        told = json.loads(next(lines))
    return Recorded(told["commit"], told["schema"], datetime.fromisoformat(told["at"]))


def load(owner: str) -> None:
    """Insert every row into a migrated, empty database.

    Args:
        owner: connection string of the superuser.
    """
    with psycopg.connect(owner) as connection:
        connection.execute("SET timezone = 'UTC'")
        # Text goes without a type: each column says what it means.
        for table, row in _rows():
            _insert(connection, table, row)


def go_on(owner: str) -> None:
    """Set the log's clock to where the recording ended, whatever the day."""
    with psycopg.connect(owner) as connection:
        connection.execute(
            "UPDATE log.clock SET skip = make_interval("
            "secs => extract(epoch FROM %s::timestamptz - clock_timestamp())::float8)",
            (recorded().at,),
        )


def master_key() -> bytes:
    """Opens the recorded personal data, all of it invented; it was made for this recording."""
    return bytes.fromhex(json.loads(KEY.read_text())["master"])


def blobs() -> dict[str, bytes]:
    """Evidence by its name."""
    found = [b64decode(row["content"]) for table, row in _all() if table == "blobs"]
    return {sha256(content).hexdigest(): content for content in found}


def expected() -> dict[str, Any]:
    """What the program that was recorded said of it."""
    return json.loads(gzip.decompress(EXPECTED.read_bytes()))


def histories() -> dict[str, str]:
    """Histories as JSON by name: release, kind of case and story."""
    found = sorted(HISTORIES.glob("*.json.gz"))
    return {
        path.name.removesuffix(".json.gz"): gzip.decompress(path.read_bytes()).decode()
        for path in found
    }


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((table, row) for table, row in _all() if table != "blobs")


def _all() -> Iterator[tuple[str, dict[str, Any]]]:
    with gzip.open(LOG, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            table, row = json.loads(line)
            yield table, row


def _insert(connection: psycopg.Connection, table: str, row: dict[str, Any]) -> None:
    name = sql.Identifier(*table.split("."))
    if table in SINGLE:
        connection.execute(sql.SQL("DELETE FROM {}").format(name))
    values = {c: v.encode() if c == TEXT.get(table) else v for c, v in row.items()}
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            name,
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )
