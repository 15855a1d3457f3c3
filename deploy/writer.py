"""The application for commands that write from the command line (命令行写入)."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from deploy.demo.world import SETUP
from deploy.folder import DEFAULT, existing
from deploy.source import log_source
from deploy.trouble import Trouble
from domain.application import Bihuan
from domain.command import Command
from domain.law import law
from domain.store import Blobs, EventStore, PersonVault


@contextmanager
def writing(data: Path | None) -> Generator[Bihuan]:
    """The application on the log a command names; personal data needs its key."""
    with log_source(data) as source:
        if (key := source.key()) is None:
            raise Trouble(
                "缺少环境变量 BIHUAN_KEY_FILE，没有主密钥不能写入个人信息。",
                "The key file is not named.",
            )
        with (
            PersonVault(source.dsn, key) as vault,
            EventStore(source.dsn, vault=vault, pool_size=1) as store,
        ):
            yield Bihuan(store, law(), Blobs(_blobs(data)))


def carry_out(bihuan: Bihuan, command: Command, target: UUID | None) -> dict[str, Any]:
    """Carry out a command as the installation itself; what it tells."""
    digest = sha256(command.model_dump_json().encode()).digest()
    receipt = bihuan.execute(
        command, person=SETUP, target=target, command_id=uuid4(), request_hash=digest
    )
    return receipt.result


def _blobs(data: Path | None) -> Path:
    named = os.environ.get("BIHUAN_BLOBS")
    return Path(named) if data is None and named else existing(data or DEFAULT).blobs
