"""Who may connect to the embedded PostgreSQL (数据库准入): by password, and its owner by name.

The superuser is whoever runs the system, known to the kernel and to nobody else. Our processes come
as roles, each with a password of its own in a file that only we may read.
"""

import os
import pwd
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from deploy.embedded.account import Account

OWNER = "postgres"
DATABASE = "bihuan"
ROLES = ("bihuan_command", "bihuan_reader", "bihuan_projector")
METHOD = "scram-sha-256"
ITERATIONS = 1
"""Of the hash: many of them slow down who guesses; nobody guesses 256 random bits."""
_MAP = "ourselves"
_HBA = f"""# Written at every start. Nobody else, from nowhere else.
local all {OWNER} peer map={_MAP}
local all {",".join(ROLES)} {METHOD}
"""


def connection(folder: Path, socket: Path, user: str, database: str = DATABASE) -> str:
    """Connection string of a role of the server on ``folder``; it names the file of its password.

    The superuser needs none.
    """
    dsn = make_conninfo(host=str(socket), dbname=database, user=user)
    return dsn if user == OWNER else make_conninfo(dsn, passfile=str(_file(folder, user)))


def write_rules(folder: Path, account: Account) -> None:
    """Write the rules of admission over whatever an older version or anybody else left there."""
    name = pwd.getpwuid(os.geteuid()).pw_name
    rules = {"pg_hba.conf": _HBA, "pg_ident.conf": f'{_MAP} "{name}" {OWNER}\n'}
    for file, text in rules.items():
        _write(folder / file, text, account)


def admit(connection: psycopg.Connection[TupleRow], folder: Path) -> None:
    """Give each role its password; makes the roles where no migration has made them yet."""
    _file(folder, "").mkdir(mode=0o700, exist_ok=True)
    connection.execute(f"SET scram_iterations = {ITERATIONS}".encode())
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in ROLES:
        # The server learns a hash only, so that no log ever shows a password.
        password = _password(_file(folder, role), role)
        hashed = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), METHOD.encode()
        ).decode()
        act = "ALTER" if role in known else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                sql.SQL(act), sql.Identifier(role), sql.Literal(hashed)
            )
        )


def _password(file: Path, role: str) -> str:
    """The role's password from last time, else a new one."""
    if not file.exists():
        _write(file, f"*:*:*:{role}:{secrets.token_hex(32)}\n")
    return file.read_text().strip().rpartition(":")[2]


def _file(folder: Path, role: str) -> Path:
    return folder.with_suffix(".passwords") / role


def _write(file: Path, text: str, account: Account | None = None) -> None:
    """Replace a file as a whole; whatever somebody laid in its way is not followed."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        if account is not None:
            os.fchown(output.fileno(), account.uid, account.gid)
        output.write(text)
    draft.replace(file)
