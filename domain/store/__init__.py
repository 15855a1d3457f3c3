"""The event store: the log and its one way in, the vault, evidence bytes, verification."""

from domain.store.blobs import Blobs, StoreFull, is_full
from domain.store.clock import skip_clock
from domain.store.event_store import EventStore
from domain.store.follow import PositionMovedError, follow
from domain.store.keyfile import KeyFile, KeyFileError
from domain.store.migrate import migrate
from domain.store.shapes import Appended, Loaded, Stored, StoreUnavailable, StreamMoved
from domain.store.vault import PersonVault, SealBrokenError
from domain.store.verify import VerifyReport, verify

__all__ = [
    "Appended",
    "Blobs",
    "EventStore",
    "KeyFile",
    "KeyFileError",
    "Loaded",
    "PersonVault",
    "PositionMovedError",
    "SealBrokenError",
    "StoreFull",
    "StoreUnavailable",
    "Stored",
    "StreamMoved",
    "VerifyReport",
    "follow",
    "is_full",
    "migrate",
    "skip_clock",
    "verify",
]
