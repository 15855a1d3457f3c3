"""Temporal's own list of workflows (流程清单), kept without the indexes that nobody searches by."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

TABLE = "executions_visibility"
KEPT = ("default_idx", "by_workflow_id")
"""For the list in its usual order, and for finding a case."""
PATIENCE = 5.0
"""Seconds to wait for the server, which may be writing."""


def slim(database: Path) -> None:
    """Drop the list's indexes but those ``KEPT``, on a running server: a new file has them all.

    There are sixty, and each is written whenever a workflow starts or ends: a quarter of what a
    case costs the server (ADR 0010). Searching by anything else works, it reads the whole list.
    """
    # It saves work and changes no answer, so a server goes on with whatever it has.
    with suppress(sqlite3.Error), closing(_opened(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
            " AND sql IS NOT NULL",  # the key's own index cannot go
            (TABLE,),
        ).fetchall():
            if name not in KEPT:
                connection.execute(f'DROP INDEX "{name}"')
        connection.execute("COMMIT")


def _opened(database: Path) -> sqlite3.Connection:
    """The file of the server, which must be there; copying its log back is left to the server."""
    connection = sqlite3.connect(
        f"{database.as_uri()}?mode=rw", timeout=PATIENCE, isolation_level=None, uri=True
    )
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection
