"""What our processes need to know, passed to them by environment variables (进程配置)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.trouble import Trouble
from workflows.messages import TASK_QUEUE


@dataclass(frozen=True)
class Settings:
    """Where the databases, the keys, the evidence and the clocks are."""

    command: str
    """Connection of the role that appends to the log."""
    reader: str
    """Connection of the role that reads projections."""
    projector: str
    """Connection of the role that owns the projections."""
    key_file: Path
    """The key that seals personal data; outside every database."""
    blobs: Path
    """Folder of evidence bytes, named by their SHA-256."""
    temporal: str
    """Address of the Temporal server."""
    task_queue: str = TASK_QUEUE

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings of this process, or one sentence that names every missing variable."""
        missing = [name for name in _NAMES.values() if not environ.get(name)]
        if missing and missing != [_NAMES["task_queue"]]:
            raise Trouble(
                f"缺少环境变量 {'、'.join(missing)}；单机部署请用 bihuan up 启动。",
                "Environment variables are missing.",
            )
        return cls(
            command=environ[_NAMES["command"]],
            reader=environ[_NAMES["reader"]],
            projector=environ[_NAMES["projector"]],
            key_file=Path(environ[_NAMES["key_file"]]),
            blobs=Path(environ[_NAMES["blobs"]]),
            temporal=environ[_NAMES["temporal"]],
            task_queue=environ.get(_NAMES["task_queue"]) or TASK_QUEUE,
        )

    def environment(self) -> dict[str, str]:
        """The same as environment variables, for a child process."""
        return {name: str(getattr(self, field)) for field, name in _NAMES.items()}


_NAMES = {
    "command": "BIHUAN_DSN_COMMAND",
    "reader": "BIHUAN_DSN_READER",
    "projector": "BIHUAN_DSN_PROJECTOR",
    "key_file": "BIHUAN_KEY_FILE",
    "blobs": "BIHUAN_BLOBS",
    "temporal": "TEMPORAL_ADDRESS",
    "task_queue": "BIHUAN_TASK_QUEUE",
}
