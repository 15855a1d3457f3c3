"""``eventsourcing``'s own tests of a recorder, run against ours."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from domain.store.pool import open_pool
from domain.store.recorder import Entry, LogRecorder
from tests.conftest import Database
from tests.domain.store.given import AT

# The library's tests also cover a cipher whose own dependency nothing here needs.
NO_CIPHER = ModuleType("eventsourcing.cipher")
NO_CIPHER.AESCipher = object
with patch.dict(sys.modules, {NO_CIPHER.__name__: NO_CIPHER}):
    library = importlib.import_module("eventsourcing.tests.persistence")


class PlainRecorder(LogRecorder):
    """Takes the library's plain events, and its streams that begin at 0 one later."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: object
    ) -> Sequence[int]:
        later = 1 if any(e.originator_version == 0 for e in stored_events) else 0
        entries = [
            Entry(e.originator_id, e.originator_version + later, e.topic, e.state, "library", AT)
            for e in stored_events
        ]
        return super().insert_events(entries, **kwargs)


class TestLibraryContract(library.ApplicationRecorderTestCase):
    @pytest.fixture(autouse=True)
    def _log(self, fresh: Database) -> None:
        self.dsn = fresh.command

    def create_recorder(self) -> PlainRecorder:
        pool = open_pool(self.dsn, 12)
        self.addCleanup(pool.close)
        return PlainRecorder(pool, self.dsn)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


@pytest.fixture
def recorder(database: Database) -> Iterator[LogRecorder]:
    pool = open_pool(database.command, 2)
    yield LogRecorder(pool, database.command)
    pool.close()


def test_select_events_between_versions_and_backwards(recorder: LogRecorder) -> None:
    stream = uuid4()
    recorder.insert_events(
        [Entry(stream, version, "t", b"{}", "library", AT) for version in (1, 2, 3, 4)]
    )

    def versions(**wanted: int) -> list[int]:
        return [e.originator_version for e in recorder.select_events(stream, **wanted)]

    assert versions() == [1, 2, 3, 4]
    assert versions(gt=1, lte=3) == [2, 3]
    assert versions(desc=True, limit=1) == [4]
    assert versions(lte=3, desc=True, limit=2) == [3, 2]


def test_an_event_without_kind_and_time_is_refused(recorder: LogRecorder) -> None:
    with pytest.raises(TypeError, match="Entry"):
        recorder.insert_events([StoredEvent(uuid4(), 1, "t", b"{}")])


def test_a_subscription_tells_when_its_connection_dies(
    recorder: LogRecorder, admin: psycopg.Connection
) -> None:
    end = recorder.max_notification_id()
    with recorder.subscribe(gt=end) as subscription:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        with pytest.raises(psycopg.OperationalError):
            next(subscription)
