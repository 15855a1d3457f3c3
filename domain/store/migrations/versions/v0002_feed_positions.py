"""Positions of followers whose rows live outside PostgreSQL: the workflow feed."""

from typing import Any, cast

import psycopg
from alembic import op

revision = "0002"
down_revision = "0001"

SQL = """
CREATE SCHEMA feed AUTHORIZATION bihuan_owner;
SET LOCAL ROLE bihuan_owner;
CREATE TABLE feed.positions (
  name text PRIMARY KEY,
  seq bigint NOT NULL CHECK (seq >= 0)
);
COMMENT ON TABLE feed.positions IS '库外跟随者（时钟投递）已处理到的日志序号';
RESET ROLE;
GRANT USAGE ON SCHEMA feed TO bihuan_command, bihuan_reader;
GRANT SELECT ON feed.positions TO bihuan_command, bihuan_reader;
GRANT INSERT, UPDATE ON feed.positions TO bihuan_command;
"""


def upgrade() -> None:
    """One schema, one table."""
    driver = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    driver.execute(SQL.encode())
