"""Brings a database to the newest shape, from empty or from any released version."""

import threading
from functools import partial
from pathlib import Path

import psycopg

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x62696875616E  # "bihuan": one migration of a database at a time

_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps its context in module globals


def migrate(admin_dsn: str) -> None:
    """Create or upgrade roles, schemas and grants; doing it again changes nothing.

    Args:
        admin_dsn: libpq connection string of a superuser, naming the database to migrate.
    """
    # Alembic costs most of a second that processes which only work on the log need not pay.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import NullPool, create_engine, text  # noqa: PLC0415

    engine = create_engine(
        "postgresql+psycopg://", creator=partial(psycopg.connect, admin_dsn), poolclass=NullPool
    )
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with _ONE_AT_A_TIME, engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
