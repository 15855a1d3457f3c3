from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from domain.store import EventStore, skip_clock, verify
from tests.conftest import Database
from tests.domain.store.given import append, event


def close(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


def test_the_clock_is_the_database_s_and_is_not_ahead(store: EventStore) -> None:
    assert store.offset() == timedelta(0)
    assert close(store.now(), datetime.now(UTC))
    assert store.now().utcoffset() == timedelta(0)


def test_a_skipped_clock_is_seen_by_everybody(fresh: Database) -> None:
    with EventStore(fresh.command, vault=None) as store:
        now = skip_clock(fresh.owner, timedelta(days=90))
        skip_clock(fresh.owner, timedelta(hours=1))
        assert close(now, datetime.now(UTC) + timedelta(days=90))
        assert store.offset() == timedelta(days=90, hours=1)
        assert close(store.load([]).now, datetime.now(UTC) + timedelta(days=90, hours=1))
        case = uuid4()
        append(store, event(case, 1))
        assert close(store.stream(case)[0].recorded_at, store.now())


def test_a_day_is_24_hours_in_every_zone(fresh: Database) -> None:
    """New York loses an hour on 8 March: the skip must not."""
    there = make_conninfo(fresh.owner, options="-c timezone=America/New_York")
    skip_clock(there, timedelta(days=200))
    with EventStore(fresh.command, vault=None) as store:
        assert close(store.now(), datetime.now(UTC) + timedelta(days=200))


def test_recorded_at_never_goes_back_though_the_clock_does(fresh: Database) -> None:
    with EventStore(fresh.command, vault=None) as store:
        case = uuid4()
        append(store, event(case, 1))
        skip_clock(fresh.owner, timedelta(hours=-1))
        append(store, event(case, 2))
        first, second = store.stream(case)
        assert second.recorded_at == first.recorded_at
    with psycopg.connect(fresh.command, autocommit=True) as connection:
        assert verify(connection).ok


def test_a_history_may_begin_in_another_year(fresh: Database) -> None:
    skip_clock(fresh.owner, datetime(2018, 3, 1, tzinfo=UTC) - datetime.now(UTC))
    with EventStore(fresh.command, vault=None) as store:
        case = uuid4()
        append(store, event(case, 1))
        assert store.stream(case)[0].recorded_at.year == 2018
