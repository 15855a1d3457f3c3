from uuid import UUID, uuid4

import psycopg
import pytest

from domain.errors import CommandReused
from domain.store import EventStore, StreamMoved
from tests.conftest import Database
from tests.domain.store.given import AT, append, event


def versions(store: EventStore, stream: UUID) -> list[int]:
    return [stored.version for stored in store.stream(stream)]


def test_a_new_log_is_empty(fresh: Database) -> None:
    with EventStore(fresh.command, vault=None) as store:
        assert store.head() == (0, bytes(32))
        assert store.page(0, 10) == []


def test_events_of_several_streams_are_appended_together(store: EventStore) -> None:
    case, register = uuid4(), uuid4()

    receipt = append(store, event(case, 1), event(register, 1), event(case, 2), result={"n": 1})

    assert receipt.last_seq == receipt.first_seq + 2
    assert not receipt.repeated
    assert receipt.result == {"n": 1}
    assert store.head() == (receipt.last_seq, receipt.hash)
    loaded = store.load([(case, 0), (register, 0)])
    assert loaded.events == {
        case: [event(case, 1)[1], event(case, 2)[1]],
        register: [event(register, 1)[1]],
    }


def test_one_stream_that_moved_refuses_the_whole_command(store: EventStore) -> None:
    case, register, command = uuid4(), uuid4(), uuid4()
    append(store, event(register, 1))
    head = store.head()

    with pytest.raises(StreamMoved) as moved:
        append(store, event(case, 1), event(register, 1), command_id=command)

    assert (moved.value.stream, moved.value.expected, moved.value.actual) == (register, 0, 1)
    assert versions(store, case) == []
    assert store.head() == head
    assert store.answer(command, b"asked") is None


@pytest.mark.parametrize("given", [[2], [1, 3], [1, 1], [2, 1], [0]])
def test_versions_must_follow_one_another(store: EventStore, given: list[int]) -> None:
    case = uuid4()
    with pytest.raises(StreamMoved):
        append(store, *[event(case, version) for version in given])
    assert versions(store, case) == []


def test_a_repeated_command_gets_its_first_answer_though_the_versions_moved(
    store: EventStore,
) -> None:
    case, command = uuid4(), uuid4()
    first = append(store, event(case, 1), command_id=command, result={"文号": "〔2026〕1号"})
    append(store, event(case, 2))

    again = append(store, event(case, 1), command_id=command, result={"文号": "〔2026〕2号"})

    assert again.repeated
    assert (again.first_seq, again.last_seq, again.hash) == (
        first.first_seq,
        first.last_seq,
        first.hash,
    )
    assert again.result == first.result == {"文号": "〔2026〕1号"}
    assert store.answer(command, b"asked") == again
    assert versions(store, case) == [1, 2]


def test_a_command_id_with_another_request_is_refused(store: EventStore) -> None:
    case, command = uuid4(), uuid4()
    append(store, event(case, 1), command_id=command)

    with pytest.raises(CommandReused) as refused:
        append(store, event(case, 2), command_id=command, request_hash=b"other")
    with pytest.raises(CommandReused):
        store.answer(command, b"other")

    assert refused.value.extra == {"command_id": str(command)}
    assert versions(store, case) == [1]


def test_a_command_without_events_is_remembered_too(fresh: Database) -> None:
    command = uuid4()
    with EventStore(fresh.command, vault=None) as store:
        first = append(store, command_id=command, result={"done": True})
        again = append(store, command_id=command)

    assert (first.first_seq, first.last_seq, first.hash) == (1, 0, bytes(32))
    assert (again.hash, again.result, again.repeated) == (bytes(32), {"done": True}, True)


def test_first_and_later_answers_are_the_same_json(store: EventStore) -> None:
    command, stream = uuid4(), uuid4()
    given = {"id": stream, "at": AT, "list": (1, 2)}
    first = append(store, event(stream, 1), command_id=command, result=given)
    again = append(store, event(stream, 1), command_id=command, result=given)
    assert first.result == again.result
    assert first.result["list"] == [1, 2]


def test_load_gives_only_what_comes_after_the_known_version(store: EventStore) -> None:
    case, unknown = uuid4(), uuid4()
    append(store, *[event(case, version) for version in (1, 2, 3)])
    loaded = store.load([(case, 2), (unknown, 0)])
    assert [e.originator_version for e in loaded.events[case]] == [3]
    assert loaded.events[unknown] == []


def test_load_tells_the_time_even_of_nothing(store: EventStore) -> None:
    assert store.now() <= store.load([]).now <= store.load([(uuid4(), 0)]).now <= store.now()


def test_a_page_is_in_order_and_complete(store: EventStore) -> None:
    case = uuid4()
    receipt = append(store, *[event(case, version) for version in range(1, 8)])
    page = store.page(receipt.first_seq - 1, 5)
    assert [stored.seq for stored in page] == list(range(receipt.first_seq, receipt.first_seq + 5))
    assert page == store.stream(case)[:5]
    assert store.decode(page[0]) == event(case, 1)[1]


def test_what_is_stored_says_who_when_and_what(store: EventStore) -> None:
    case, command = uuid4(), uuid4()
    receipt = append(store, event(case, 1), command_id=command)
    [stored] = store.stream(case)
    assert (stored.kind, stored.topic, stored.command_id) == ("inspection", "given/found", command)
    assert (stored.seq, stored.hash) == (receipt.last_seq, receipt.hash)
    assert stored.occurred_at == AT
    assert stored.state.decode() == (
        '{"v":1,"by":{"account":"chen","role":"inspector",'
        '"unit":"00000000-0000-0000-0000-000000000007"},'
        '"at":"2026-03-02T09:30:00+08:00","fact":{"note":"第1项","officers":[]}}'
    )


def test_statistics_can_read_the_facts_as_jsonb(
    store: EventStore, admin: psycopg.Connection
) -> None:
    case = uuid4()
    append(store, event(case, 1))
    row = admin.execute(
        "SELECT state #>> '{fact,note}' FROM log.facts WHERE stream = %s", (case,)
    ).fetchone()
    assert row == ("第1项",)


def test_a_stream_is_one_thing_for_ever(store: EventStore) -> None:
    """What is written under another name is not its history: in one append or in two."""
    case, twice = uuid4(), uuid4()
    append(store, event(case, 1))
    second, other = event(case, 2)[1], [event(twice, n)[1] for n in (1, 2)]
    for events in ([("penalty", second)], [("penalty", other[0]), ("transfer", other[1])]):
        with pytest.raises(psycopg.errors.CheckViolation):
            append(store, *events)
    assert versions(store, twice) == []
    append(store, event(case, 2))
    assert store.load([(case, 0), (twice, 0)]).kinds == {case: "inspection"}
