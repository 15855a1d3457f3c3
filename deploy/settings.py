"""What our processes need to know, passed to them by environment variables (进程配置)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.front import Front
from deploy.trouble import Trouble
from workflows.messages import TASK_QUEUE
from workflows.server import Server


@dataclass(frozen=True)
class Settings:
    """Where the databases, the keys, the evidence and the clocks are.

    A process is told what it needs and nothing else; the rest is empty in what it reads.
    """

    command: str = ""
    """Connection of the role that appends to the log."""
    reader: str = ""
    """Connection of the role that reads projections."""
    projector: str = ""
    """Connection of the role that owns the projections."""
    key_file: Path = Path()
    """The key that seals personal data; outside every database."""
    blobs: Path = Path()
    """Folder of evidence bytes, named by their SHA-256."""
    temporal: str = ""
    """Address of the Temporal server."""
    temporal_tls: Path | None = None
    """Folder of the certificates for it; None where the connection is plain."""
    task_queue: str = TASK_QUEUE
    public_url: str = ""
    proxies: str = ""
    names: str = ""
    """The three of ``Front``."""

    @property
    def front(self) -> Front:
        """What stands before the web processes."""
        return Front(self.public_url, self.proxies, self.names)

    @property
    def server(self) -> Server:
        """The Temporal server."""
        return Server(self.temporal, self.temporal_tls)

    @classmethod
    def read(cls, process: str, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings of a process, or one sentence that names every missing variable."""
        needed = {field: _NAMES[field] for field in NEEDS[process]}
        missing = [name for field, name in needed.items() if _missing(field, environ.get(name))]
        if missing:
            raise Trouble(
                f"缺少环境变量 {'、'.join(missing)}；单机部署请用 bihuan up 启动。",
                "Environment variables are missing.",
            )
        told = {field: environ.get(name) for field, name in needed.items()}
        return cls(
            **{field: _KINDS.get(field, str)(value) for field, value in told.items() if value}
        )

    def environment(self, process: str) -> dict[str, str]:
        """The same as environment variables, for a child process."""
        return {_NAMES[field]: str(getattr(self, field) or "") for field in NEEDS[process]}


NEEDS: Mapping[str, tuple[str, ...]] = {
    "api": (
        *("command", "reader", "key_file", "blobs", "temporal", "temporal_tls"),
        *("public_url", "proxies", "names"),
    ),
    "worker": ("command", "blobs", "temporal", "temporal_tls", "task_queue"),
    "projector": ("projector",),
}
"""What each process is told: nobody holds the key of a door that is not theirs."""
_OPTIONAL = {"temporal_tls", "task_queue", "public_url", "proxies", "names"}
_KINDS: Mapping[str, type] = {"key_file": Path, "blobs": Path, "temporal_tls": Path}
_NAMES = {
    "command": "BIHUAN_DSN_COMMAND",
    "reader": "BIHUAN_DSN_READER",
    "projector": "BIHUAN_DSN_PROJECTOR",
    "key_file": "BIHUAN_KEY_FILE",
    "blobs": "BIHUAN_BLOBS",
    "temporal": "TEMPORAL_ADDRESS",
    "temporal_tls": "BIHUAN_TEMPORAL_TLS",
    "task_queue": "BIHUAN_TASK_QUEUE",
    "public_url": "BIHUAN_PUBLIC_URL",
    "proxies": "BIHUAN_PROXIES",
    "names": "BIHUAN_NAMES",
}


def _missing(field: str, value: str | None) -> bool:
    return not value and field not in _OPTIONAL
