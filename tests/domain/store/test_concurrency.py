import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from domain.store import Appended, EventStore, StreamMoved
from tests.conftest import Database
from tests.domain.store.given import append, event

CLIENTS = 8


def test_eight_askers_of_one_command_get_one_set_of_events_and_equal_answers(
    store: EventStore,
) -> None:
    case, command = uuid4(), uuid4()
    together = threading.Barrier(CLIENTS)

    def ask(number: int) -> Appended:
        together.wait()
        return append(
            store, event(case, 1), event(case, 2), command_id=command, result={"first": number}
        )

    with ThreadPoolExecutor(CLIENTS) as threads:
        answers = list(threads.map(ask, range(CLIENTS)))

    assert len(store.stream(case)) == 2
    assert [answer.repeated for answer in answers].count(False) == 1
    assert len({(a.first_seq, a.last_seq, a.hash, a.result["first"]) for a in answers}) == 1


def test_of_two_writers_one_wins_and_no_update_is_lost(store: EventStore) -> None:
    case = uuid4()

    def write(version: int) -> object:
        together.wait()
        try:
            append(store, event(case, version))
        except StreamMoved as moved:
            return (moved.expected, moved.actual)
        return "won"

    with ThreadPoolExecutor(2) as threads:
        for version in range(1, 51):
            together = threading.Barrier(2)
            outcomes = list(threads.map(write, [version, version]))
            assert sorted(outcomes, key=str) == [(version - 1, version), "won"]
    assert [stored.version for stored in store.stream(case)] == list(range(1, 51))


def test_a_tailing_reader_misses_nothing_while_eight_write(fresh: Database) -> None:
    each = 40
    with EventStore(fresh.command, vault=None, pool_size=CLIENTS + 1) as store:
        total = CLIENTS * each * 3

        def write(_: object) -> object:
            for _ in range(each):
                case, other = uuid4(), uuid4()
                append(store, event(case, 1), event(other, 1), event(case, 2))

        def tail() -> list[int]:
            seen = []
            while len(seen) < total:
                seen += [stored.seq for stored in store.page(seen[-1] if seen else 0, 50)]
            return seen

        with ThreadPoolExecutor(CLIENTS + 1) as threads:
            reader = threads.submit(tail)
            list(threads.map(write, range(CLIENTS)))
            assert reader.result() == list(range(1, total + 1))
        assert store.head()[0] == total
