"""The schema ``read``: positions, parked streams, and the tables of every projection."""

from collections.abc import Iterable

import psycopg

from domain.store.pool import Connection
from projections.projection import Projection
from projections.tables import BESIDE

LOCK = 0x72656164  # "read": one process at a time makes or exchanges tables
CHANNEL = "bihuan_read"
"""NOTIFY channel: projections have moved; the payload is their position."""

_OWN = """
CREATE TABLE IF NOT EXISTS read.positions (
  name text PRIMARY KEY, version integer NOT NULL, seq bigint NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
COMMENT ON TABLE read.positions IS '读模型位置：已处理到的日志序号';
CREATE TABLE IF NOT EXISTS read.parked (
  projection text NOT NULL, stream uuid NOT NULL, seq bigint NOT NULL, topic text NOT NULL,
  error text NOT NULL, parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, stream)
);
COMMENT ON TABLE read.parked IS '已搁置的案件：该读模型处理其某一事件时出错';
"""


class NewerSchemaError(RuntimeError):
    """The tables were made by a newer program; this one would spoil them."""


def connect(dsn: str) -> Connection:
    """A connection that writes projections; what a crash takes away is read again from the log."""
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute(
        "SET synchronous_commit = off; SET timezone = 'UTC'; SET client_min_messages = warning;"
        " SET idle_in_transaction_session_timeout = '60s'"
    )
    return connection


def lock(connection: Connection) -> None:
    """Wait until nobody else makes or exchanges tables; ends with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))


def prepare(dsn: str, projections: Iterable[Projection]) -> list[Projection]:
    """Make what is missing; returns the projections whose tables are of an older version."""
    with connect(dsn) as connection, connection.transaction():
        lock(connection)
        connection.execute(_OWN)
        known = versions(connection)
        for projection in projections:
            if projection.name not in known:
                create(connection, projection)
        older = [p for p in projections if known.get(p.name, p.version) != p.version]
    if newer := [p.name for p in older if known[p.name] > p.version]:
        raise NewerSchemaError(f"读模型 {'、'.join(newer)} 由更新的程序版本维护，请升级本程序。")
    return older


def versions(connection: Connection) -> dict[str, int]:
    """Version of the tables of each projection."""
    return dict(connection.execute("SELECT name, version FROM read.positions").fetchall())


def create(connection: Connection, projection: Projection, suffix: str = "") -> None:
    """Empty tables of that suffix, and their position at the beginning."""
    for table in projection.tables:
        for statement in table.create(suffix):
            connection.execute(statement.encode())
    connection.execute(
        "INSERT INTO read.positions (name, version, seq) VALUES (%s, %s, 0)"
        " ON CONFLICT (name) DO NOTHING",
        (projection.name + suffix, projection.version),
    )


def discard(connection: Connection, projection: Projection) -> None:
    """Remove what an earlier rebuild left beside the live tables."""
    for table in projection.tables:
        connection.execute(table.drop(BESIDE).encode())
    name = projection.name + BESIDE
    connection.execute("DELETE FROM read.positions WHERE name = %s", (name,))
    connection.execute("DELETE FROM read.parked WHERE projection = %s", (name,))
