import os
import select
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from deploy.embedded.leftover import clear, running_socket
from deploy.embedded.postgres import Postgres
from deploy.embedded.postgres_access import ROLES
from deploy.trouble import Trouble

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder, folder.parent / "postgres.log", durable=False)
    yield server
    server.close()


def write(server: Postgres, text: str) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", (text,))


def kept(server: Postgres) -> list[str]:
    with psycopg.connect(server.dsn()) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM kept")]


def kill(server: Postgres) -> None:
    assert server.process
    server.process.kill()
    server.process.wait()


def test_a_second_start_finds_what_was_written(server: Postgres) -> None:
    server.start()
    write(server, "一")
    server.stop()
    server.start()
    assert kept(server) == ["一"]


def test_a_killed_server_recovers_on_the_same_address(server: Postgres) -> None:
    server.start()
    before = server.dsn()
    write(server, "一")
    kill(server)
    server.start()
    assert server.dsn() == before
    assert kept(server) == ["一"]


def test_a_pid_file_that_speaks_of_another_program_is_no_obstacle(
    server: Postgres, folder: Path
) -> None:
    server.start()
    write(server, "一")
    kill(server)
    pid_file = folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert kept(server) == ["一"]


def test_an_orphaned_server_is_ended_and_replaced(server: Postgres, folder: Path) -> None:
    server.start()
    write(server, "一")
    orphan = server.process
    assert orphan
    assert running_socket(folder) == server.socket
    heir = Postgres(folder, folder.parent / "postgres.log", durable=False)
    try:
        heir.start()
        assert orphan.wait() == 0
        assert kept(heir) == ["一"]
        assert not server.socket.exists()
    finally:
        heir.close()


def test_a_server_does_not_outlive_the_process_that_started_it(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from deploy.embedded.postgres import Postgres;"
        "s = Postgres(Path(sys.argv[1]), Path(sys.argv[2]), durable=False);"
        "print(s.start().pid, flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", script, folder, folder.parent / "postgres.log"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        watch = os.pidfd_open(pid)
        parent.kill()
    # Poll on the descriptor: it becomes readable when the process has ended.
    assert ended(watch)
    assert "database system is shut down" in (folder.parent / "postgres.log").read_text()
    clear(folder, keep=folder)


def ended(watch: int) -> bool:
    poller = select.poll()
    poller.register(watch, select.POLLIN)
    try:
        return bool(poller.poll(20_000))
    finally:
        os.close(watch)


def test_only_we_may_enter_and_nothing_listens_on_the_network(server: Postgres) -> None:
    server.start()
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert len(str(server.socket)) < 100
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_a_role_needs_its_password(server: Postgres, tmp_path: Path) -> None:
    server.start()
    for role in ROLES:
        psycopg.connect(server.dsn(role)).close()
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(make_conninfo(server.dsn(role), passfile=str(tmp_path / "none")))
    others = make_conninfo(server.dsn("bihuan_reader"), user="bihuan_command")
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(others)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(others, password="guess"))


def test_only_we_may_read_the_passwords_and_no_log_shows_them(
    server: Postgres, folder: Path
) -> None:
    server.start()
    passwords = folder.with_suffix(".passwords")
    assert {path.name for path in passwords.iterdir()} == set(ROLES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in passwords.iterdir()} == {0o600}
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o700
    with psycopg.connect(server.dsn()) as connection:
        hashes = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolpassword <> ''")
        assert all(hash_.startswith("SCRAM-SHA-256$") for (hash_,) in hashes)


def test_nobody_else_gets_in_even_where_the_socket_can_be_reached(server: Postgres) -> None:
    server.start()
    with psycopg.connect(server.dsn()) as connection:
        rules = connection.execute(
            "SELECT type, user_name, auth_method, options, error FROM pg_hba_file_rules"
        ).fetchall()
    assert rules == [
        ("local", ["postgres"], "peer", ["map=ourselves"], None),
        ("local", list(ROLES), "scram-sha-256", None, None),
    ]
    if os.geteuid() != 0:
        return  # only root can be somebody else for a moment
    server.socket.chmod(0o755)
    for role, reason in (("postgres", "Peer authentication failed"), (ROLES[0], "no password")):
        assert reason in said_to_nobody(f"host={server.socket} dbname=bihuan user={role}")


def said_to_nobody(dsn: str) -> str:
    """What the server says to another user of this machine."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            psycopg.connect(dsn)
        except psycopg.OperationalError as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as said:  # noqa: PTH123 - a descriptor
        os.waitpid(child, 0)
        return said.read()


def test_a_folder_that_trusted_everybody_is_closed_at_the_next_start(
    server: Postgres, folder: Path
) -> None:
    server.start()
    write(server, "一")
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("DROP ROLE bihuan_projector")  # one that a later version brings
        connection.execute("ALTER ROLE bihuan_command PASSWORD NULL")
    server.stop()
    (folder / "pg_hba.conf").write_text("local all all trust\n")
    (folder / "pg_hba.conf.new").symlink_to(folder.parent / "elsewhere")
    shutil.rmtree(folder.with_suffix(".passwords"))
    server.start()
    assert kept(server) == ["一"]
    assert not (folder.parent / "elsewhere").exists()
    psycopg.connect(server.dsn("bihuan_command")).close()
    psycopg.connect(server.dsn("bihuan_projector")).close()
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(f"host={server.socket} dbname=bihuan user=bihuan_command")


def test_closing_leaves_nothing_outside_the_data_folder(server: Postgres) -> None:
    server.start()
    server.close()
    assert not server.socket.exists()


def test_a_folder_of_another_version_is_told(server: Postgres, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(Trouble, match="由 PostgreSQL 15 建立"):
        server.start()


def test_a_first_start_that_was_broken_off_begins_again(server: Postgres, folder: Path) -> None:
    half = folder.with_suffix(".new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    write(server, "一")
    assert not half.exists()


def test_a_damaged_folder_is_told_in_the_server_s_words(server: Postgres, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "global" / "pg_control").unlink()
    with pytest.raises(Trouble, match=r"内置 PostgreSQL 无法启动.*pg_control"):
        server.start()


def test_a_folder_restored_by_root_is_handed_to_the_account(server: Postgres, folder: Path) -> None:
    server.start()
    write(server, "一")
    server.stop()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, os.geteuid(), os.getegid())
    server.start()
    assert kept(server) == ["一"]


def test_a_stop_ends_open_sessions(server: Postgres) -> None:
    server.start()
    with psycopg.connect(server.dsn(), autocommit=True) as session:
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
