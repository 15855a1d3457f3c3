"""The database into a file and back (转储): PostgreSQL's own programs, the chain checked."""

import shutil
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from deploy.embedded.postgres import Postgres, programs
from deploy.embedded.postgres_access import OWNER
from deploy.embedded.seen import Head
from deploy.trouble import Trouble, disk_full, is_disk_full
from domain.store import migrate, verify


def dump(owner: str, file: Path) -> Head:
    """Write the whole database to ``file`` as it is at one instant; returns where its log ends.

    Others go on appending: what is written and what is returned belong to one snapshot.
    """
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        [(snapshot,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
        head = Head.of(connection)
        options = ["--format=custom", "--create", f"--snapshot={snapshot}", f"--file={file}"]
        _run("pg_dump", [*options, f"--dbname={owner}"])
    file.chmod(0o600)
    return head


def load(postgres: Postgres, file: Path, head: Head) -> None:
    """Put a dump into a new server, and see that its log is whole and ends where it should."""
    migrate(
        postgres.dsn()
    )  # makes the roles that own things; the database is replaced by the dump's
    options = ["--create", "--clean", "--if-exists", "--exit-on-error"]
    _run("pg_restore", [*options, f"--dbname={postgres.dsn(database=OWNER)}", str(file)])
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        report = verify(
            connection, anchors={head.seq: bytes.fromhex(head.hash)} if head.seq else {}
        )
    if not report.ok or (report.head_seq, report.head_hash.hex()) != (head.seq, head.hash):
        raise Trouble(
            f"备份中的日志不完整：{report.reason}请换用另一份备份，并核验原系统的日志。",
            "The log in the backup is not whole.",
        )


@contextmanager
def scratch(place: Path) -> Generator[Postgres]:
    """A server of the moment, in a folder that is gone afterwards."""
    place.mkdir(mode=0o700)
    try:
        postgres = Postgres(place / "postgres", place / "postgres.log", durable=False)
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.close()
    finally:
        shutil.rmtree(place)


def _run(program: str, options: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [programs() / program, *options], check=False, capture_output=True, text=True
    )
    if done.returncode:
        if is_disk_full(done.stderr):
            raise disk_full()
        said = " / ".join(done.stderr.strip().splitlines()[-2:])
        raise Trouble(f"{program} 没有成功：{said}。", f"{program} failed.")
