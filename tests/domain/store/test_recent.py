"""Streams in use: what is remembered of them is what the log says, and never older."""

from uuid import uuid4

import psycopg
import pytest

from domain.personal import Personal
from domain.store import EventStore, StreamMoved
from domain.store.recent import LONGEST, Recent
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


def test_what_was_refused_is_not_remembered(store: EventStore) -> None:
    case, register = uuid4(), uuid4()
    append(store, event(register, 1))
    with pytest.raises(StreamMoved):
        append(store, event(case, 1), event(register, 1))
    assert store.load([(case, 0)]).events[case] == []


def test_a_stream_in_use_is_not_read_again(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = uuid4()
    append(store, event(case, 1), event(case, 2))
    monkeypatch.setattr(store.mapper, "decode", None)
    assert len(store.load([(case, 0)]).events[case]) == 2


def test_without_a_vault_an_event_is_remembered_masked(store: EventStore, vault: object) -> None:
    """As everybody else without a vault reads it, and not as it was decided."""
    case, person = uuid4(), uuid4()
    with EventStore(store._dsn, vault=vault) as open_:  # noqa: SLF001
        append(open_, event(case, 1, Named(who=Personal(person=person, text="张三"))))
        assert open_.load([(case, 0)]).events[case][0].fact.who.text == "张三"
    assert store.load([(case, 0)]).events[case][0].fact.who.text != "张三"


def test_events_end_with_their_time() -> None:
    case, known = uuid4(), Recent(lives=0)
    known.keep(case, [event(case, 1)[1]], fresh=True)
    assert known.find(case) == ()


def test_more_events_live_no_longer_than_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    case, known, now = uuid4(), Recent(lives=5), [100.0]
    monkeypatch.setattr("domain.store.recent.time.monotonic", lambda: now[0])
    events = [event(case, n)[1] for n in (1, 2)]
    known.keep(case, events[:1], fresh=True)
    now[0] = 104.0
    known.keep(case, events, fresh=False)
    assert known.find(case) == tuple(events)
    now[0] = 105.0
    known.keep(case, events, fresh=False)
    assert known.find(case) == ()
    known.keep(uuid4(), events, fresh=True)
    assert len(known._known) == 1  # noqa: SLF001


def test_a_slower_thread_takes_nothing_away() -> None:
    case, known = uuid4(), Recent(lives=60)
    events = [event(case, n)[1] for n in (1, 2)]
    known.keep(case, events, fresh=True)
    known.keep(case, events[:1], fresh=True)
    assert known.find(case) == tuple(events)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.store.recent.MOST_STREAMS", 2)
    known, cases = Recent(lives=60), [uuid4() for _ in range(3)]
    for case in cases:
        known.keep(case, [event(case, 1)[1]], fresh=True)
    assert [bool(known.find(case)) for case in cases] == [False, True, True]
    long = uuid4()
    known.keep(long, [event(long, n + 1)[1] for n in range(LONGEST + 1)], fresh=True)
    assert known.find(long) == ()


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
