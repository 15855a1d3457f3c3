"""The Temporal server of one data folder (时钟服务): its clocks survive stops and crashes."""

import json
import signal
import time
from contextlib import suppress
from pathlib import Path

from temporalio.service import RPCError

from deploy.embedded import temporal_config
from deploy.embedded.aside import run_aside
from deploy.embedded.certificates import Certificates
from deploy.embedded.child import Process, halt, launch, tail, tied
from deploy.embedded.temporal_list import slim
from deploy.embedded.temporal_namespace import NAMESPACE, ensure_namespace
from deploy.embedded.temporal_program import Program
from deploy.network import LOOPBACK, answers, free_ports, wait_until_free
from deploy.trouble import Trouble, disk_full, is_disk_full
from workflows.server import Server

PORTS = "ports.json"
"""File of the ports of last time."""
TLS = "tls"
"""Folder of the certificates."""
PATIENCE = 60.0
TRIES = 3
STOPS_WITHIN = 10.0
COLLECTOR = {"GOGC": "400", "GOMEMLIMIT": "1GiB"}
"""Go's collector, by its default, took a fifth of a clock's time with ten thousand cases open."""


class Temporal:
    """One server on one folder; ``durable=False`` is for data that a power cut may take."""

    def __init__(
        self,
        program: Program,
        folder: Path,
        log: Path,
        *,
        skipping: bool = False,
        durable: bool = True,
    ) -> None:
        self._program = program
        self._folder = folder
        self._log = log
        self._skipping = skipping
        self._durable = durable
        self._ports = _ports(folder / PORTS)
        self._known = False
        self._certificates = None if program.is_command else Certificates(folder / TLS)
        self.namespace = ""
        self.process: Process | None = None

    @property
    def address(self) -> str:
        """Where clients find it."""
        return f"{LOOPBACK}:{self._ports[0]}"

    @property
    def server(self) -> Server:
        """What our processes need to speak to it."""
        return Server(self.address, self._certificates and self._certificates.folder)

    def start(self) -> Process:
        """Start and wait until workflows can be started."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._certificates is not None:
            self._certificates.ensure()
        for _ in range(TRIES):
            process = launch([*tied(signal.SIGTERM), *self._words()], self._log, COLLECTOR)
            if self._ready(process):
                slim(self.database)
                self.process = process
                self._known = True
                (self._folder / PORTS).write_text(json.dumps(self._ports))
                return process
            halt(process, signal.SIGTERM, STOPS_WITHIN)
            if not self._known:  # once others know the address it stays
                self._ports = free_ports(temporal_config.PORTS)
        said = tail(self._log)
        if is_disk_full(said):
            raise disk_full()
        raise Trouble(f"Temporal 服务器无法启动：{said}", "Temporal does not start.")

    def stop(self) -> None:
        """Clean stop: everything it has accepted is in its file."""
        if self.process is not None:
            halt(self.process, signal.SIGTERM, STOPS_WITHIN)
        self.process = None

    def forget(self) -> None:
        """Let go of all workflows, before a start: they know of what the log no longer has."""
        for file in self._folder.glob("temporal-*.sqlite*"):
            file.unlink()

    @property
    def database(self) -> Path:
        """The file carries the version: a database is never opened by an older or newer server."""
        major, minor = self._program.version
        return self._folder / f"temporal-{major}.{minor}.sqlite"

    def _words(self) -> list[str]:
        if self._certificates is not None:
            config = temporal_config.write(
                self._folder,
                self.database,
                self._ports,
                self._certificates,
                skipping=self._skipping,
                durable=self._durable,
            )
            return [
                str(self._program.path),
                "--config-file",
                str(config),
                "--allow-no-auth",
                "start",
            ]
        words = [str(self._program.path), "server", "start-dev", "--headless", "--ip", LOOPBACK]
        words += ["--port", str(self._ports[0]), "--db-filename", str(self.database)]
        words += ["--namespace", NAMESPACE, "--log-level", "warn"]
        for name, value in temporal_config.dynamic_values(skipping=self._skipping).items():
            words += ["--dynamic-config-value", f"{name}={json.dumps(value)}"]
        return words

    def _ready(self, process: Process) -> bool:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if answers(LOOPBACK, self._ports[0]):
                with suppress(RuntimeError, RPCError):
                    self.namespace = run_aside(ensure_namespace(self.server))
                    return True
            time.sleep(0.05)
        return False


def remembered_server(folder: Path) -> Server:
    """The server of that folder as it ran last; fails where none has ever run."""
    ports: list[int] = json.loads((folder / PORTS).read_text())
    tls = folder / TLS
    return Server(f"{LOOPBACK}:{ports[0]}", tls if tls.exists() else None)


def _ports(remembered: Path) -> list[int]:
    """The ports of last time unless others have them: so the server finds itself at once.

    A server whose supervisor was killed may still be ending on them.
    """
    with suppress(OSError, ValueError):
        ports: list[int] = json.loads(remembered.read_text())
        if len(ports) == temporal_config.PORTS and wait_until_free(ports, STOPS_WITHIN):
            return ports
    return free_ports(temporal_config.PORTS)
