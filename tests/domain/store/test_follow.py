import threading
from pathlib import Path
from queue import Queue
from typing import Self
from uuid import uuid4

import psycopg
import pytest

from domain.store import EventStore, PositionMovedError, Stored, follow
from tests.conftest import Database
from tests.domain.store.given import append, event

PATIENCE = 30


class Follower(threading.Thread):
    """Keeps what it was handed and its position, as a projection would in its own transaction."""

    def __init__(self, dsn: str, after: int, rest: float = 0) -> None:
        super().__init__()
        self.dsn = dsn
        self.rest = rest
        self.position = after
        self.pages = Queue()
        self.stop = threading.Event()
        self.error = None

    def handle(self, page: list[Stored]) -> None:
        self.position = page[-1].seq
        self.pages.put([stored.seq for stored in page])

    def run(self) -> None:
        try:
            follow(
                self.dsn, lambda: self.position, self.handle, self.stop, rest=lambda _: self.rest
            )
        except RuntimeError as error:
            self.error = error

    def seen_until(self, last: int) -> list[int]:
        seen = []
        while not seen or seen[-1] < last:
            seen += self.pages.get(timeout=PATIENCE)
        return seen

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.join(PATIENCE)
        assert not self.is_alive()


@pytest.fixture
def begin(store: EventStore) -> int:
    return store.head()[0]


def test_what_was_there_and_what_comes_is_handed_over_in_order(
    database: Database, store: EventStore, begin: int
) -> None:
    case = uuid4()
    append(store, event(case, 1), event(case, 2))
    with Follower(database.projector, begin) as follower:
        assert follower.seen_until(begin + 2) == [begin + 1, begin + 2]
        append(store, event(case, 3))
        assert follower.seen_until(begin + 3) == [begin + 3]


def test_a_long_way_is_walked_in_pages(database: Database, store: EventStore, begin: int) -> None:
    for _ in range(3):
        append(store, *[event(uuid4(), 1) for _ in range(250)])
    with Follower(database.projector, begin) as follower:
        assert len(follower.pages.get(timeout=PATIENCE)) == 500
        assert follower.seen_until(begin + 750)[-1] == begin + 750


def test_what_comes_while_it_rests_is_handed_over_together(
    database: Database, store: EventStore, begin: int
) -> None:
    case = uuid4()
    with Follower(database.projector, begin, rest=1) as follower:
        append(store, event(case, 1))
        assert follower.pages.get(timeout=PATIENCE) == [begin + 1]
        append(store, event(case, 2))
        append(store, event(case, 3))
        assert follower.pages.get(timeout=PATIENCE) == [begin + 2, begin + 3]


def test_a_killed_connection_is_made_again(
    database: Database, store: EventStore, admin: psycopg.Connection, begin: int
) -> None:
    case = uuid4()
    append(store, event(case, 1))
    with Follower(database.projector, begin) as follower:
        follower.seen_until(begin + 1)
        killed = admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = 'bihuan_projector' AND datname = current_database()"
        ).fetchall()
        assert killed == [(True,)]
        append(store, event(case, 2))
        assert follower.seen_until(begin + 2) == [begin + 2]


def test_a_moved_position_is_read_again_and_nothing_is_done_twice(
    database: Database, store: EventStore, begin: int
) -> None:
    case = uuid4()
    append(store, event(case, 1), event(case, 2), event(case, 3))

    class Overtaken(Follower):
        overtaken = False

        def handle(self, page: list[Stored]) -> None:
            if not self.overtaken:
                self.overtaken = True
                self.position += 2  # another follower did these two
                raise PositionMovedError
            super().handle(page)

    with Overtaken(database.projector, begin) as follower:
        assert follower.seen_until(begin + 3) == [begin + 3]


def test_any_other_error_is_the_caller_s_and_leaves_the_position(
    database: Database, store: EventStore, begin: int
) -> None:
    append(store, event(uuid4(), 1))

    class Poisoned(Follower):
        def handle(self, page: list[Stored]) -> None:
            raise RuntimeError(page[0].seq)

    follower = Poisoned(database.projector, begin)
    follower.start()
    follower.join(PATIENCE)
    assert follower.error is not None
    assert follower.position == begin


def test_a_follower_waits_for_a_server_that_is_not_there(tmp_path: Path) -> None:
    with Follower(f"host={tmp_path} user=nobody", 0) as follower:
        assert follower.pages.empty()


def test_the_store_beats_with_every_append(database: Database, store: EventStore) -> None:
    with EventStore(database.command, vault=None) as listening:
        beats = listening.listen(timeout=PATIENCE)
        next(beats)
        append(store, event(uuid4(), 1))
        next(beats)
        beats.close()
