"""What every process is made of (公共装配)."""

import gc
import signal
from collections.abc import Generator
from contextlib import contextmanager

from deploy.settings import Settings
from deploy.trouble import Trouble
from domain.application import Bihuan
from domain.law import law
from domain.store import Blobs, EventStore, KeyFile, KeyFileError, PersonVault

STOPPING = (signal.SIGTERM, signal.SIGINT)
"""How the supervisor, or a person at a terminal, asks a process to end."""


@contextmanager
def application(settings: Settings) -> Generator[Bihuan]:
    """The application on the log, with the vault and the evidence."""
    with (
        PersonVault(settings.command, master_key(settings)) as vault,
        EventStore(settings.command, vault=vault) as store,
    ):
        yield Bihuan(store, law(), Blobs(settings.blobs))


@contextmanager
def clockwork(settings: Settings, pool_size: int) -> Generator[Bihuan]:
    """The application as clocks need it: they carry no personal data and open none."""
    with EventStore(settings.command, vault=None, pool_size=pool_size) as store:
        yield Bihuan(store, law(), Blobs(settings.blobs))


def settled() -> None:
    """The process is set up: what there is now stays, the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def master_key(settings: Settings) -> bytes:
    """The key of the personal data, or one sentence why it cannot be used."""
    try:
        return KeyFile(settings.key_file).read()
    except KeyFileError as error:
        raise Trouble(f"{error}；请从备份恢复。", "The key file cannot be used.") from error
