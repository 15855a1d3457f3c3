"""Loading: what the log says now, by index, and nothing else; states are remembered elsewhere."""

from uuid import uuid4

import psycopg
import pytest

from domain.personal import Personal
from domain.store import EventStore, StreamMoved
from tests.conftest import Database
from tests.domain.store.given import Named, append, event


def test_what_others_append_is_seen_at_once(store: EventStore, database: Database) -> None:
    case = uuid4()
    append(store, event(case, 1))
    with EventStore(database.command, vault=None) as other:
        append(other, event(case, 2))
    append(store, event(case, 3))
    assert store.load([(case, 0)]).events[case] == [event(case, n)[1] for n in (1, 2, 3)]
    assert store.load([(case, 2)]).events[case] == [event(case, 3)[1]]


def test_what_was_refused_is_not_there(store: EventStore) -> None:
    case, register = uuid4(), uuid4()
    append(store, event(register, 1))
    with pytest.raises(StreamMoved):
        append(store, event(case, 1), event(register, 1))
    assert store.load([(case, 0)]).events[case] == []


def test_without_a_vault_an_event_is_read_masked(store: EventStore, vault: object) -> None:
    """As everybody else without a vault reads it, and not as it was decided."""
    case, person = uuid4(), uuid4()
    with EventStore(store._dsn, vault=vault) as open_:  # noqa: SLF001
        append(open_, event(case, 1, Named(who=Personal(person=person, text="张三"))))
        assert open_.load([(case, 0)]).events[case][0].fact.who.text == "张三"
    assert store.load([(case, 0)]).events[case][0].fact.who.text != "张三"


def test_a_plan_made_on_an_empty_log_still_reads_by_index(fresh: Database) -> None:
    """The plan of a prepared statement stays; one made without rows would read the whole table."""
    with (
        EventStore(fresh.command, vault=None, pool_size=1) as store,
        psycopg.connect(fresh.owner, autocommit=True) as owner,
    ):
        counted = "SELECT seq_scan FROM pg_stat_all_tables WHERE relid = 'log.events'::regclass"
        owner.execute("SELECT pg_stat_reset_single_table_counters('log.events'::regclass)")
        for _ in range(12):
            case = uuid4()
            append(store, event(case, 1))
            store.load([(case, 0), (uuid4(), 0)])
        store.close()
        owner.execute("SELECT pg_stat_force_next_flush()")
        assert owner.execute(counted).fetchone() == (0,)
