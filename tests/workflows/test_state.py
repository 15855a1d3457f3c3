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
from tests.workflows.scenario import APPROVER, Bureau, lifecycle
from workflows.messages import CaseState
from workflows.state import ENDING, FIRING, TELLING, state_of


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


def states(bureau: Bureau, kind: str, case_id: UUID) -> list[tuple[str, CaseState]]:
    """The state after each fact of a case."""
    case: Case = registry.kind_of(kind)(case_id)
    found = []
    for event in bureau.bihuan.store.load([(case_id, 0)]).events[case_id]:
        case.apply(event)
        found.append((event.fact.TOPIC, replace(state_of(case), version=0)))
    return found


def assert_told(told: list[tuple[str, CaseState]]) -> None:
    before = CaseState()
    for topic, after in told:
        assert topic in TELLING or topic == FIRING or waits(after) == waits(before), topic
        assert (topic in ENDING) == (after.closed and not before.closed), topic
        before = after


def waits(state: CaseState) -> CaseState:
    """The state without the words for people."""
    return replace(state, where="")


def test_a_whole_life(bureau: Bureau) -> None:
    assert_told(states(bureau, "inspection", lifecycle(bureau).id))


ANSWERS = [
    (("approve-filing", {}), ("approve-transfer", {})),
    (("refuse-filing", {"reason": "证据不足"}), ("refuse-transfer", {"reason": "不构成"})),
]


@pytest.mark.parametrize(("filing", "handover"), ANSWERS)
def test_penalty_transfer_suspension(
    bureau: Bureau, filing: tuple[str, dict[str, str]], handover: tuple[str, dict[str, str]]
) -> None:
    case = bureau.plan().ordered(hazards=2)
    facts = {"facts_seen": "事实"}
    proposed = case.do("propose-filing", cause="案由", urgent=True, **facts)
    penalty = UUID(proposed["penalty"])
    reported = case.do("report-crime-signal", signal="refused", team=["jia", "yi"], **facts)
    transfer = UUID(reported["transfer"])
    bureau.do(APPROVER, "penalties", filing[0], penalty, **filing[1])
    bureau.do(APPROVER, "transfers", handover[0], transfer, **handover[1])
    case.do("suspend-rectification", APPROVER, hazards=["H1"], reason="复议", basis="决定")
    case.do("resume-rectification", APPROVER, hazards=["H1"], reason="恢复")
    for kind, case_id in (("inspection", case.id), ("penalty", penalty), ("transfer", transfer)):
        assert_told(states(bureau, kind, case_id))


def test_early_ends(bureau: Bureau) -> None:
    refused, cancelled = bureau.plan(), bureau.plan()
    refused.do("submit-plan")
    refused.do("refuse-plan", APPROVER, reason="重复检查")
    cancelled.do("cancel-inspection", reason="企业停产")
    clean = bureau.plan().recorded(hazards=0).closed()
    for case in (refused, cancelled, clean):
        told = states(bureau, "inspection", case.id)
        assert_told(told)
        assert told[-1][1].closed


def test_the_topics_exist() -> None:
    assert TELLING | {FIRING} <= set(FACTS)
