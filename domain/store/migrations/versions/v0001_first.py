"""First shape: the log and its one way in, the vault, sign-in, and who may do what."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[1] / "sql" / "v0001"


def upgrade() -> None:
    """Run the files in order. There is no way down: a log is never dropped by a program."""
    driver = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for file in sorted(SQL.glob("*.sql")):
        # Straight to psycopg: the files hold several statements and characters SQLAlchemy rewrites.
        driver.execute(file.read_bytes())
