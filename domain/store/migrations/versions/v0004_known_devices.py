"""Sign-in: guesses slowed by account, address and device, instead of accounts that lock."""

from typing import Any, cast

import psycopg
from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
SET LOCAL ROLE bihuan_owner;
CREATE TABLE auth.guesses (
  subject bytea PRIMARY KEY CHECK (octet_length(subject) = 32),
  failed double precision NOT NULL CHECK (failed >= 0),
  guessed_at timestamptz NOT NULL,
  refused_until timestamptz NOT NULL
);
CREATE INDEX guesses_by_time ON auth.guesses (guessed_at);
COMMENT ON TABLE auth.guesses IS '登录失败计数（账号、地址、设备，只存哈希），用于放慢猜测';

CREATE TABLE auth.devices (
  device_hash bytea NOT NULL CHECK (octet_length(device_hash) = 32),
  account text NOT NULL REFERENCES auth.credentials ON DELETE CASCADE,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (device_hash, account)
);
CREATE INDEX devices_by_account ON auth.devices (account, used_at);
COMMENT ON TABLE auth.devices IS '账号登录过的设备；只存设备令牌的哈希';
COMMENT ON COLUMN auth.credentials.failed IS '不再使用：见 auth.guesses';
COMMENT ON COLUMN auth.credentials.locked_until IS '不再使用：账号不再锁定';
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.guesses, auth.devices TO bihuan_command;
"""


def upgrade() -> None:
    """Two tables; the columns that locked accounts stay, unused, for rows of before."""
    driver = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    driver.execute(SQL.encode())
