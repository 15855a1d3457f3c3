from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import MapperDeserialisationError
from eventsourcing.utils import TopicError

from domain.facts import Role
from domain.personal import SEALED, Personal
from domain.store import EventStore, PersonVault
from domain.store.mapper import FactMapper, VaultMissingError
from domain.store.recorder import Command, Entry
from tests.conftest import Database
from tests.domain.store.given import AT, Found, Measured, Named, append, event

OLD = (
    b'{"v":%d,"by":{"account":"chen","role":"inspector",'
    b'"unit":"00000000-0000-0000-0000-000000000007"},'
    b'"at":"2020-03-02T09:30:00+08:00","fact":%b}'
)
mapper = FactMapper(None)


def test_there_and_back_through_eventsourcing_s_protocol() -> None:
    _, given = event(uuid4(), 3, Found(note="未设置防护栏", officers=(uuid4(), uuid4())))
    stored = mapper.to_stored_event(given)
    assert (stored.originator_version, stored.topic) == (3, "given/found")
    back = mapper.to_domain_event(stored)
    assert back == given
    assert back.by.role is Role.INSPECTOR
    assert back.occurred_at.isoformat() == "2026-03-02T09:30:00+08:00"


@pytest.mark.parametrize(
    ("shape", "fact", "newest"),
    [
        (1, b'{"length":"12 m"}', Measured(metres=12, by_hand=True)),
        (2, b'{"metres":12}', Measured(metres=12, by_hand=True)),
        (3, b'{"metres":12,"by_hand":false}', Measured(metres=12, by_hand=False)),
    ],
)
def test_every_older_shape_reads_as_the_newest(shape: int, fact: bytes, newest: Measured) -> None:
    assert mapper.decode(UUID(int=1), 1, "given/measured", OLD % (shape, fact)).fact == newest


def test_upcasting_leaves_the_stored_bytes_alone(store: EventStore) -> None:
    stream, old = uuid4(), OLD % (1, b'{"length":"12 m"}')
    entry = Entry(stream, 1, "given/measured", old, "inspection", AT)
    store.recorder.append([entry], Command(uuid4(), b"asked", b"{}"))

    [loaded] = store.load([(stream, 0)]).events[stream]

    assert loaded.fact == Measured(metres=12, by_hand=True)
    assert store.stream(stream)[0].state == old


@pytest.mark.parametrize(
    "state",
    [
        OLD % (4, b'{"metres":12,"by_hand":true,"unit":"m"}'),
        OLD % (3, b'{"metres":"twelve","by_hand":true}'),
        OLD % (3, b'{"metres":12,"by_hand":true,"more":1}'),
        OLD % (1, b"{}"),
        b"{}",
        b"no json",
    ],
)
def test_what_cannot_be_read_is_named(state: bytes) -> None:
    with pytest.raises(MapperDeserialisationError, match="given/measured, version 5 of stream"):
        mapper.decode(UUID(int=1), 5, "given/measured", state)


def test_an_unknown_topic_is_told_apart() -> None:
    with pytest.raises(TopicError, match="given/unheard"):
        mapper.decode(UUID(int=1), 1, "given/unheard", OLD % (1, b"{}"))


def test_without_a_vault_personal_data_is_refused_not_masked(store: EventStore) -> None:
    stream = uuid4()
    who = Personal(person=uuid4(), text="张三")
    with pytest.raises(VaultMissingError):
        append(store, event(stream, 1, Named(who=who)))
    assert store.stream(stream) == []


def test_without_a_vault_personal_data_is_read_sealed(
    database: Database, store: EventStore, vault: PersonVault
) -> None:
    stream = uuid4()
    with EventStore(database.command, vault=vault) as keeper:
        append(keeper, event(stream, 1, Named(who=Personal(person=uuid4(), text="张三"))))
    [loaded] = store.load([(stream, 0)]).events[stream]
    assert isinstance(loaded.fact, Named)
    assert loaded.fact.who.text == SEALED
