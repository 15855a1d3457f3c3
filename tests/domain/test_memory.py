"""The memory: every decision rests on what the log says, whatever it found remembered."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any
from uuid import uuid4

import pytest

from domain import inspection as f
from domain.enterprise import Enterprise
from domain.facts import Aggregate, Event, Frozen
from domain.inspection import Inspection
from domain.inspection.values import ItemResult
from domain.memory import Memory
from domain.organisation import ORGANISATION_ID, Organisation
from domain.organisation.numbers import NumberRegister
from domain.personal import Personal
from tests.domain import walk, world
from tests.domain.founding import founded
from tests.domain.given import Play, plain

ITEM: dict[str, Any] = {"item": "1", "result": "合格"}
REVOKED: dict[str, Any] = {"number": "没有", "on": "2026-03-02", "reason": "核对"}


def organisation(version: int) -> Organisation:
    """The tree of units after its first events."""
    return Organisation.fold(ORGANISATION_ID, founded().log.streams[ORGANISATION_ID][:version])


def case(events: int) -> Inspection:
    """An inspection to which that much has happened."""
    made = Inspection(uuid4())
    made.version = events
    return made


def known(memory: Memory, *states: Aggregate) -> list[bool]:
    """Which of these are remembered; taking them changes nothing."""
    found = memory.take(s.id for s in states)
    memory.keep(found.values())
    return [s.id in found for s in states]


def beside(play: Play) -> Play:
    """Another process on the same log: it remembers for itself."""
    other = Play(play.log)
    other.case, other.said = play.case, play.said
    return other


# What the memory itself promises


def test_it_never_goes_back() -> None:
    """A slower thread with fewer events does not take the newer state's place."""
    memory = Memory()
    for version in (2, 3, 1):
        memory.keep([organisation(version)])
    (found,) = memory.take([ORGANISATION_ID]).values()
    assert found.version == 3


def test_a_case_is_lent_to_one_at_a_time() -> None:
    memory, lent = Memory(), case(5)
    memory.keep([lent])
    assert memory.take([lent.id]) == {lent.id: lent}
    assert memory.take([lent.id]) == {}
    memory.keep([lent])
    assert memory.take([lent.id]) == {lent.id: lent}


def test_the_organisation_is_shared_by_all() -> None:
    memory, shared = Memory(), organisation(2)
    memory.keep([shared])
    assert memory.take([ORGANISATION_ID]) == memory.take([ORGANISATION_ID])
    assert memory.take([ORGANISATION_ID])[ORGANISATION_ID] is shared


def test_what_holds_personal_data_or_nothing_is_not_kept() -> None:
    memory = Memory()
    enterprise = Enterprise.fold(world.ENTERPRISE, founded().log.streams[world.ENTERPRISE])
    memory.keep([enterprise, case(0)])
    assert known(memory, enterprise) == [False]


def test_it_is_bounded_by_events_and_forgets_what_was_used_longest_ago() -> None:
    memory = Memory(most=10)
    first, second, third = case(4), case(4), case(2)
    memory.keep([first, second, third])
    assert known(memory, first) == [True]  # and used last
    memory.keep([fourth := case(4)])
    assert known(memory, first, second, third, fourth) == [True, False, True, True]
    memory.keep([case(8)])
    assert known(memory, first, third, fourth) == [False, False, False]


def test_what_is_read_by_all_stays() -> None:
    memory = Memory(most=10)
    memory.keep([tree := organisation(4), case(3)])
    for _ in range(5):
        memory.take([ORGANISATION_ID])
        memory.keep([case(3)])
    assert known(memory, tree) == [True]


def test_what_is_larger_than_the_memory_drives_nothing_out() -> None:
    memory = Memory(most=10)
    memory.keep([small := case(4)])
    memory.keep([large := case(11)])
    assert known(memory, small, large) == [True, False]


def test_a_long_register_takes_little_room() -> None:
    memory, register = Memory(most=10), NumberRegister(uuid4())
    register.version = 9_000
    memory.keep([one := case(9), register])
    assert known(memory, one, register) == [True, True]


# What decisions rest on


def test_what_another_process_appended_is_seen_at_once(play: Play) -> None:
    walk.divided(play)
    other = beside(play)
    for _ in range(2):
        other.does("insp2", "answer-item", **ITEM)
        play.does("insp1", "answer-item", **ITEM)
    play.does("insp1", "answer-item", item="2", result="合格")
    other.does("insp1", "finish-visit")
    assert other.remembers_what_the_log_says()


def test_a_new_unit_is_seen_by_the_next_decision(play: Play) -> None:
    walk.submitted(play)
    new = {"id": uuid4(), "name": "新镇", "abbr": "新", "kind": "镇", "parent": world.DISTRICT}
    beside(play).does(world.ROOT, "import-units", units=[new])
    grant = {"role": "inspector", "unit": new["id"]}
    play.does("adm0", "grant-role", target=world.person("insp1"), **grant)
    assert play.remembered()[ORGANISATION_ID].version == len(play.log.streams[ORGANISATION_ID])


def test_a_full_memory_takes_nothing_from_a_decision(play: Play) -> None:
    """A decision loads only what is newer than it was told: the rest it holds itself."""
    walk.submitted(play)
    play.app.memory._most = 1  # noqa: SLF001
    play.does("appr1", "approve-plan")


def test_another_reads_the_case_for_itself_meanwhile(play: Play) -> None:
    """Whoever comes second finds nothing and takes nothing away."""
    walk.divided(play)
    lent = play.app.memory.take([play.case])
    play.does("insp1", "answer-item", **ITEM)
    newest = play.remembered()[play.case]
    play.app.memory.keep(lent.values())
    assert play.remembered()[play.case] is newest


def test_a_command_on_what_is_shared_works_on_its_own(play: Play) -> None:
    """Others read the person while a role is granted, and granted in vain."""
    who = world.person("insp1")
    walk.planned(play)
    shared = play.remembered()[who]
    said = plain(shared)
    grant = {"role": "inspector", "unit": world.OTHER}
    play.does("adm0", "grant-role", target=who, **grant)
    play.refuses("CERTIFICATE-UNKNOWN", "adm0", "revoke-certificate", **REVOKED, target=who)
    assert plain(shared) == said
    assert play.remembered()[who] is not shared


def test_a_refused_command_takes_no_number(play: Play) -> None:
    """The register in the memory is never the one a decision changes."""
    walk.recorded(play)
    items = [{"hazard": "H1", "due": "2026-03-20"}]
    play.does("insp1", "issue-order", items=items)
    first = play.said["number"]
    play.refuses("ORDER-TWICE", "insp1", "issue-order", items=items * 2)
    play.does("insp1", "issue-order", items=items)
    assert (first[-2:], play.said["number"][-2:]) == ("1号", "2号")


def test_a_refusal_gives_the_case_back(play: Play) -> None:
    walk.submitted(play)
    before = play.remembered()[play.case]
    play.refuses("PLAN-STATUS", "insp1", "submit-plan")
    assert play.remembered()[play.case] is before


def test_a_case_that_was_half_decided_is_forgotten(play: Play) -> None:
    """The signal is recorded before it is found that one of the team is unknown."""
    walk.found(play)
    signal = {"signal": "alarms", "facts_seen": "关闭报警器", "team": ["insp1", "nobody"]}
    play.refuses("OFFICER-UNKNOWN", "insp1", "report-crime-signal", **signal)
    assert play.case not in play.remembered()
    play.does("insp1", "report-crime-signal", **signal | {"team": ["insp1", "insp2"]})
    assert len(play.all_of(f.TransferProposed)) == 1


def test_a_repeated_command_leaves_nothing_of_what_it_decided_now(play: Play) -> None:
    """The second answer merges where the first did; the log has only the first."""
    walk.divided(play)
    key = uuid4()
    for _ in range(2):
        play.does("insp1", "answer-item", command_id=key, **ITEM)
    assert play.receipt
    assert play.receipt.repeated
    assert play.case not in play.remembered()
    play.does("insp1", "answer-item", item="2", result="合格")


def test_a_clock_keeps_its_case_for_whom_it_answers(play: Play) -> None:
    walk.served(play).at("2026-03-21")
    assert play.case in play.remembered()
    assert play.fire("FIX-DUE/H1/1", "due") == "fired"
    assert play.case not in play.remembered()


def test_whoever_looks_at_a_case_has_it_alone(play: Play) -> None:
    walk.divided(play)
    before = play.remembered()[play.case]
    with play.app.lent({play.case: "inspection"}) as (seen,):
        assert seen is before
        with play.app.lent({play.case: "inspection"}) as (other,):
            assert other is not seen
            assert plain(other) == plain(seen)
    assert play.remembered()[play.case].version == seen.version


def test_an_event_that_cannot_be_read_leaves_nothing_half_done(play: Play) -> None:
    walk.divided(play)
    events = play.log.streams[play.case]
    wrong = f.ItemAnswered(item="没有", result=ItemResult.PASS, note="")
    update = {"originator_version": len(events) + 1, "fact": wrong}
    events.append(events[-1].model_copy(update=update))
    with pytest.raises(KeyError):
        play.does("insp1", "answer-item", **ITEM)
    assert play.case not in play.remembered()
    events.pop()
    play.does("insp1", "answer-item", **ITEM)


def test_a_case_under_the_name_of_another_kind(play: Play) -> None:
    """It is read anew as what is asked for, and neither is taken for the other afterwards."""
    walk.submitted(play)
    play.refuses("NOT-FOUND", "appr1", "approve-filing", target=play.case)
    for target in (ORGANISATION_ID, world.person("insp1")):
        play.refuses("NOT-FOUND", "insp1", "cancel-inspection", target=target, reason="改期")
    play.does("appr1", "approve-plan")


def test_a_late_entry_is_remembered_as_it_will_be_read(play: Play) -> None:
    """An instant in another zone is the same in the log and in the memory, letter by letter."""
    walk.divided(play)
    play.does("insp1", "answer-item", at=play.log.now.astimezone(UTC), **ITEM)
    play.does("insp1", "answer-item", at=play.log.now.astimezone(UTC), item="2", result="合格")
    assert f.StepEntered in play.facts
    assert play.remembers_what_the_log_says()


def test_nothing_in_it_names_a_person(play: Play) -> None:
    """What the vault seals is in no state that is remembered: to erase it, the key suffices."""
    play.does("insp1", "register-enterprise", **CONTACT)
    walk.close(walk.publish(walk.recheck(walk.report(walk.served(play), "H1"), "已整改", "H1")))
    texts = {text for event in all_events(play) for text in personal(event.fact)}
    assert {"万一凡", "柏青", CONTACT["principal"], CONTACT["phone"]} <= texts
    said = repr([plain(state) for state in play.remembered().values()])
    assert play.case in play.remembered()
    assert [text for text in texts if text in said] == []


CONTACT: dict[str, Any] = {
    "uscc": world.USCC,
    "name": "青禾示例机械有限公司",
    "unit": world.TOWN,
    "principal": "万二凡",
    "phone": "00000000000",
}


def all_events(play: Play) -> list[Event]:
    return [event for events in play.log.streams.values() for event in events]


def personal(value: Any) -> Iterator[str]:
    """Texts about natural persons in a fact."""
    if isinstance(value, Personal):
        yield value.text
    elif isinstance(value, Frozen):
        for each in vars(value).values():
            yield from personal(each)
