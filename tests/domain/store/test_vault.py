import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.personal import ERASED, Personal
from domain.store import EventStore, PersonVault, SealBrokenError, verify
from tests.conftest import Database
from tests.domain.store.given import Named, append, event

CANARY = "欧阳金丝雀330203199001011234"


def keys(admin: psycopg.Connection, person: UUID) -> int:
    row = admin.execute(
        "SELECT count(*) FROM vault.person_keys WHERE person = %s", (person,)
    ).fetchone()
    return row[0]


def test_sealed_text_opens_and_differs_each_time(vault: PersonVault) -> None:
    person = uuid4()
    one, other = vault.seal(person, CANARY), vault.seal(person, CANARY)
    assert one != other
    assert CANARY not in one
    assert vault.open(person, one) == vault.open(person, other) == CANARY


def test_another_process_opens_it(database: Database, master: bytes, vault: PersonVault) -> None:
    person = uuid4()
    sealed = vault.seal(person, CANARY)
    with PersonVault(database.reader, master) as reader:
        assert reader.open(person, sealed) == CANARY


def test_eight_at_once_agree_on_one_key_of_a_new_person(
    database: Database, master: bytes, admin: psycopg.Connection
) -> None:
    person, together = uuid4(), threading.Barrier(8)

    def seal(_: object) -> str:
        with PersonVault(database.command, master, pool_size=1) as vault:
            together.wait()
            return vault.seal(person, CANARY)

    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(seal, range(8)))
    with PersonVault(database.reader, master) as vault:
        assert {vault.open(person, text) for text in sealed} == {CANARY}
    assert keys(admin, person) == 1


def test_nothing_personal_is_stored_in_the_clear(
    database: Database, vault: PersonVault, admin: psycopg.Connection
) -> None:
    case = uuid4()
    with EventStore(database.command, vault=vault) as store:
        who = Personal(person=uuid4(), text=CANARY)
        append(store, event(case, 1, Named(who=who)), result={"id": str(case)})
        [loaded] = store.load([(case, 0)]).events[case]
        assert loaded.fact == Named(who=who)
        assert store.decode(store.stream(case)[0]) == loaded
    for table in ("log.events", "log.commands", "vault.person_keys"):
        for row in admin.execute(f"TABLE {table}").fetchall():
            for value in row:
                text = value if isinstance(value, bytes) else str(value).encode()
                assert CANARY.encode() not in text
                assert "金丝雀".encode("unicode_escape") not in text


def test_erasure_leaves_the_log_whole_and_the_person_gone(fresh: Database, master: bytes) -> None:
    case, person, other = uuid4(), uuid4(), uuid4()
    with (
        PersonVault(fresh.command, master, remembered=0) as vault,
        PersonVault(fresh.owner, master) as owner,
        EventStore(fresh.command, vault=vault) as store,
    ):
        append(
            store,
            event(case, 1, Named(who=Personal(person=person, text=CANARY))),
            event(case, 2, Named(who=Personal(person=other, text="李四"))),
        )
        assert owner.destroy(person)
        assert not owner.destroy(person)

        first, second = store.load([(case, 0)]).events[case]
        assert isinstance(first.fact, Named)
        assert isinstance(second.fact, Named)
        assert (first.fact.who.text, second.fact.who.text) == (ERASED, "李四")

    with psycopg.connect(fresh.command, autocommit=True) as connection:
        assert verify(connection).ok


def test_a_person_who_comes_back_gets_a_new_key_and_not_the_old_texts(
    database: Database, master: bytes
) -> None:
    person = uuid4()
    with PersonVault(database.owner, master) as owner:
        old = owner.seal(person, CANARY)
        assert owner.destroy(person)
        new = owner.seal(person, "李四")
        assert owner.open(person, new) == "李四"
        assert owner.open(person, old) is None


def test_no_application_role_can_erase(vault: PersonVault) -> None:
    person = uuid4()
    vault.seal(person, CANARY)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        vault.destroy(person)


def test_the_keys_of_a_whole_load_come_in_one_query(
    database: Database, master: bytes, vault: PersonVault, admin: psycopg.Connection
) -> None:
    case, persons = uuid4(), [uuid4() for _ in range(5)]
    with EventStore(database.command, vault=vault) as store:
        append(
            store,
            *[
                event(case, version, Named(who=Personal(person=person, text=CANARY)))
                for version, person in enumerate(persons, start=1)
            ],
        )
        states = [stored.state for stored in store.stream(case)]
        sealed = [
            str(stored.state).split('"sealed":"')[1].split('"')[0] for stored in store.stream(case)
        ]
    with PersonVault(database.reader, master) as reader:
        reader.warm(states)
        admin.execute("DELETE FROM vault.person_keys WHERE person = ANY(%s)", (persons,))
        opened = [reader.open(person, text) for person, text in zip(persons, sealed, strict=True)]
        assert opened == [CANARY] * 5


def test_a_seal_is_bound_to_its_person(vault: PersonVault) -> None:
    person, other = uuid4(), uuid4()
    sealed = vault.seal(person, CANARY)
    vault.seal(other, CANARY)
    assert vault.open(other, sealed) is None


@pytest.mark.parametrize("place", [20, -8])
def test_a_changed_seal_is_an_error_not_an_erasure(vault: PersonVault, place: int) -> None:
    person = uuid4()
    sealed = vault.seal(person, CANARY)
    changed = list(sealed)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(SealBrokenError):
        vault.open(person, "".join(changed))


def test_an_unknown_format_is_an_error(vault: PersonVault) -> None:
    person = uuid4()
    vault.seal(person, CANARY)
    with pytest.raises(SealBrokenError):
        vault.open(person, "z9.AAAA")


def test_another_master_key_opens_nothing(database: Database, vault: PersonVault) -> None:
    person = uuid4()
    sealed = vault.seal(person, CANARY)
    with (
        PersonVault(database.reader, bytes(32)) as stranger,
        pytest.raises(SealBrokenError, match="master key"),
    ):
        stranger.open(person, sealed)
