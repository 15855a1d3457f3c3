"""A stream has one kind: the log refuses events of another one."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parents[1] / "sql" / "v0003" / "append_events.sql"


def upgrade() -> None:
    """The one way into the log, with the check."""
    driver = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    driver.execute(SQL.read_bytes())
