"""Moving the log's clock: for the simulator's throw-away database only."""

from datetime import datetime, timedelta

import psycopg


def skip_clock(admin_dsn: str, ahead: timedelta) -> datetime:
    """Move the clock of this database by ``ahead`` (may be negative); returns its new time.

    No application role may do this, so no production process can.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        row = connection.execute("SELECT log.skip_clock(%s)", (ahead,)).fetchone()
    assert row is not None  # noqa: S101 - a function call has a row
    return row[0]
