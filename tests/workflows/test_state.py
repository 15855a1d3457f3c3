"""The feed speaks up for every fact that changes what a workflow waits for, and for no other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from domain import registry
from domain.application import Bihuan
from domain.case import Case
from domain.facts import FACTS
from domain.law import law
from domain.store import Blobs, EventStore, KeyFile, PersonVault
from tests.conftest import Database
from tests.workflows.scenario import APPROVER, SHA256, Bureau, lifecycle
from workflows.messages import CaseState
from workflows.state import FIRING, ends, state_of, tells

Told = list[tuple[str, CaseState]]
"""Topic of each fact of a case, and the state after it."""


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Iterator[Bureau]:
    with (
        PersonVault(database.command, KeyFile(tmp_path / "key").create()) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        (tmp_path / "blobs").mkdir()
        made = Bureau(Bihuan(store, law(), Blobs(tmp_path / "blobs")))
        made.found()
        yield made


def states(bureau: Bureau, kind: str, case_id: UUID) -> Told:
    case: Case = registry.kind_of(kind)(case_id)
    found = []
    for event in bureau.bihuan.store.load([(case_id, 0)]).events[case_id]:
        case.apply(event)
        found.append((event.fact.TOPIC, replace(state_of(case), version=0)))
    return found


def changes(told: Told) -> Iterator[tuple[str, CaseState, CaseState]]:
    """Topic, state before and state after, without what is only said to people."""
    before = CaseState()
    for topic, state in told:
        after = replace(state, where="", waits=[])
        yield topic, before, after
        before = after


def assert_told(told: Told) -> None:
    for topic, before, after in changes(told):
        assert tells(topic) or topic == FIRING or after == before, topic
        assert ends(topic) == (after.closed and not before.closed), topic


def whole_life(bureau: Bureau) -> list[Told]:
    return [states(bureau, "inspection", lifecycle(bureau).id)]


def test_a_whole_life(bureau: Bureau) -> None:
    for told in whole_life(bureau):
        assert_told(told)


Answer = tuple[str, dict[str, str]]
ANSWERS: list[tuple[Answer, Answer]] = [
    (("approve-filing", {}), ("approve-transfer", {})),
    (("refuse-filing", {"reason": "证据不足"}), ("refuse-transfer", {"reason": "不构成"})),
]


def beside(bureau: Bureau, filing: Answer, handover: Answer) -> list[Told]:
    """A filing and a transfer, answered, and an order suspended and resumed."""
    case = bureau.plan().ordered(hazards=2)
    facts = {"facts_seen": "事实"}
    proposed = case.do("propose-filing", cause="案由", urgent=True, **facts)
    penalty = UUID(proposed["penalty"])
    reported = case.do("report-crime-signal", signal="refused", team=["jia", "yi"], **facts)
    transfer = UUID(reported["transfer"])
    bureau.do(APPROVER, "penalties", filing[0], penalty, **filing[1])
    bureau.do(APPROVER, "transfers", handover[0], transfer, **handover[1])
    case.do("suspend-rectification", APPROVER, hazards=["H1", "H2"], reason="复议", basis="决定")
    case.do("resume-rectification", APPROVER, hazards=["H1", "H2"], reason="恢复")
    cases = (("inspection", case.id), ("penalty", penalty), ("transfer", transfer))
    return [states(bureau, *each) for each in cases]


@pytest.mark.parametrize(("filing", "handover"), ANSWERS)
def test_penalty_transfer_suspension(bureau: Bureau, filing: Answer, handover: Answer) -> None:
    for told in beside(bureau, filing, handover):
        assert_told(told)


def early_ends(bureau: Bureau) -> list[Told]:
    refused, cancelled = bureau.plan(), bureau.plan()
    refused.do("submit-plan")
    refused.do("refuse-plan", APPROVER, reason="重复检查")
    cancelled.do("cancel-inspection", reason="企业停产")
    clean = bureau.plan().recorded(hazards=0).closed()
    return [states(bureau, "inspection", case.id) for case in (refused, cancelled, clean)]


def test_early_ends(bureau: Bureau) -> None:
    for told in early_ends(bureau):
        assert_told(told)
        assert told[-1][1].closed


def shut_down(bureau: Bureau) -> list[Told]:
    case = bureau.plan().ordered()
    evidence = {"sha256": SHA256, "title": "照片", "place": "厂区", "taken_by": "jia"}
    now = bureau.bihuan.store.now()
    proof = case.do("add-evidence", kind="视听资料", taken_at=now, **evidence)["evidence"]
    case.do("record-shutdown", facts_seen="已拆除", evidence=[proof])
    return [states(bureau, "inspection", case.id)]


def test_an_enterprise_that_shuts_down(bureau: Bureau) -> None:
    for told in shut_down(bureau):
        assert_told(told)


def worth_telling(told: Told) -> Iterator[str]:
    """Topics that began a workflow or changed what it waits for."""
    yield next(topic for topic, _ in told if tells(topic))
    yield from (topic for topic, before, after in changes(told) if after != before)


def test_nothing_is_told_in_vain(bureau: Bureau) -> None:
    """Each telling costs more than the command that caused it."""
    stories = [
        whole_life(bureau),
        early_ends(bureau),
        shut_down(bureau),
        *(beside(bureau, *answers) for answers in ANSWERS),
    ]
    worth = {topic for story in stories for told in story for topic in worth_telling(told)}
    assert {topic for topic in FACTS if tells(topic)} == worth


def test_the_codes_of_duties_are_told_and_no_names(bureau: Bureau) -> None:
    case = bureau.plan()
    ((_, planned), *_) = states(bureau, "inspection", case.id)
    assert planned.waits == ["submit-plan"]
