"""A log that the landed program wrote opens, says what it said then, and goes on, clocks included.

What was recorded never changes; ``reading.py`` and the helpers below are all that a version with
other facts, reads or commands may adapt. Differences that are meant belong there too, in words.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from api.auth.passwords import check, find
from domain.application import Bihuan, Person
from domain.case import KINDS
from domain.facts import FACTS
from domain.law import law
from domain.personal import ERASED
from domain.store import Blobs, EventStore, PersonVault, verify
from projections.rebuild import rebuild
from projections.waiting import wait_for
from tests.conftest import Database
from tests.faults.lives import wait_until
from tests.landed import loading, reading
from tests.landed.reading import Rung
from tests.projections.helpers import PATIENCE, running
from tests.workflows.scenario import Bureau
from tests.workflows.system import System, working
from workflows.feed import refeed
from workflows.server import Server
from workflows.skipping import Skipper
from workflows.worker import ALL

EXPECTED = loading.expected()
NAMES: dict[str, str] = EXPECTED["names"]
HISTORIES = loading.histories()
TODAY = date.fromisoformat(EXPECTED["today"])
FORTY = [f"H{n}" for n in range(1, 41)]
OVERDUE = Rung(NAMES["mixed"], "FIX-DUE", "H5", "2026-04-20", "-3wd")
"""The one rung that was overdue when the recording ended."""
STRICT = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("workflows.messages")
)


def rungs(listed: list[list[str]]) -> set[Rung]:
    return {Rung(*each) for each in listed}


def texts_of_people(bihuan: Bihuan, case: UUID) -> list[str]:
    """Personal data of a case as it is read today."""
    events = bihuan.store.load([(case, 0)]).events[case]
    found = [person for e in events if (person := getattr(e.fact, "person_in_charge", None))]
    return [person.text for person in found]


def finish(bureau: Bureau, case: UUID, hazards: list[str]) -> None:
    """Everything is rectified and the loop is closed: rechecked, served, decided by another."""
    opinion = {
        "results": [{"hazard": no, "result": "已整改"} for no in hazards],
        "officers": ["insp1", "insp2"],
        "signature": {"signed": True},
    }
    insp1, appr1 = Person(account="insp1"), Person(account="appr1")
    told = bureau.do(insp1, "inspections", "recheck", case, **opinion).result
    service = {"document": told["document"], "method": "直接送达", "receiver": "万一凡"}
    bureau.do(insp1, "inspections", "serve-document", case, **service)
    bureau.do(appr1, "inspections", "close-inspection", case)


@dataclass
class Opened:
    """The recording in a database of its own, opened by the program of today."""

    database: Database
    bihuan: Bihuan

    @property
    def store(self) -> EventStore:
        return self.bihuan.store


@pytest.fixture(scope="module")
def opened(
    new_database: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with open_in(new_database(), tmp_path_factory.mktemp("landed")) as made:
        yield made


@contextmanager
def open_in(database: Database, folder: Path) -> Iterator[Opened]:
    loading.load(database.owner)
    blobs = Blobs(folder)
    for name, content in loading.blobs().items():
        blobs.put(name, [content], len(content))
    with (
        PersonVault(database.command, loading.master_key()) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        yield Opened(database, Bihuan(store, law(), blobs))


@pytest.fixture(scope="module")
def said(opened: Opened) -> dict[str, Any]:
    """What the reads say of projections that were built from nothing."""
    with (
        running(opened.database),
        psycopg.connect(opened.database.reader, autocommit=True) as reader,
    ):
        assert wait_for(reader, opened.store.head()[0], PATIENCE)
        cases = [case for _, case in reading.clocked(opened.store)]
        return reading.says(reader, TODAY, cases)


def test_every_event_of_every_kind_opens(opened: Opened) -> None:
    topics = {stored.topic for stored in reading.log(opened.store)}
    events = [opened.store.decode(stored) for stored in reading.log(opened.store)]
    assert len(events) == opened.store.head()[0]
    assert all(event.fact.words() for event in events)
    assert topics <= set(FACTS)


def test_every_case_folds(opened: Opened) -> None:
    cases = reading.clocked(opened.store)
    assert {kind for kind, _ in cases} == set(KINDS)
    versions = {str(case): opened.bihuan.clocks(kind, case).version for kind, case in cases}
    assert versions == {case: view["version"] for case, view in EXPECTED["cases"].items()}


def test_the_chain_is_whole(opened: Opened) -> None:
    with psycopg.connect(opened.database.owner) as connection:
        report = verify(connection)
    assert report.ok, report.reason
    assert report.checked == opened.store.head()[0]


def test_personal_data_opens_except_of_the_erased(opened: Opened) -> None:
    assert texts_of_people(opened.bihuan, UUID(NAMES["forty"])) == [EXPECTED["person"]]
    assert texts_of_people(opened.bihuan, UUID(NAMES["forgotten"])) == [ERASED]


def test_a_command_keeps_its_first_answer(opened: Opened) -> None:
    query = "SELECT command_id, request_hash, result, last_seq FROM log.commands ORDER BY first_seq"
    with psycopg.connect(opened.database.owner) as connection:
        commands = connection.execute(query).fetchall()
    for command, request, result, last in commands:
        answer = opened.store.answer(command, request)
        assert answer is not None
        assert (answer.result, answer.last_seq) == (json.loads(result), last)


def test_who_could_sign_in_still_can(opened: Opened) -> None:
    with psycopg.connect(opened.database.command) as connection:
        assert check(find(connection, "insp1"), "a-password-of-tests")
        assert not check(find(connection, "insp1"), "another-password")


def test_the_same_rungs_have_fired_and_remain(opened: Opened) -> None:
    fired = reading.fired(opened.store)
    assert set(fired.values()) == {1}
    assert set(fired) == rungs(EXPECTED["fired"])
    assert reading.late(opened.store) == rungs(EXPECTED["late"])
    assert set(reading.remaining(opened.bihuan)) == rungs(EXPECTED["remaining"])


def title(case: str) -> str:
    """What the story calls it; penalties and transfers have no name of their own."""
    named = {stream: name for name, stream in NAMES.items()}
    return named.get(case) or f"{EXPECTED['cases'][case]['kind']}-{case[:8]}"


@pytest.mark.parametrize("case", EXPECTED["cases"], ids=title)
def test_a_case_reads_as_it_did(said: dict[str, Any], case: str) -> None:
    assert without_clock_words(said["cases"][case]) == expected(EXPECTED["cases"][case])


def expected(view: dict[str, Any]) -> dict[str, Any]:
    """What it read, less what was wrong or is worded anew."""
    return without_clock_words(view) | {"deadlines": standing_still(view["deadlines"])}


def without_clock_words(view: dict[str, Any]) -> dict[str, Any]:
    """Lines about deadlines are worded anew: the first release wrote keys such as TR-APPR there."""
    lines = [
        event | {"words": ""} if event["topic"].startswith(("deadline/", "clock/")) else event
        for event in view["timeline"]
    ]
    return view | {"timeline": lines} | without_barred(view)


def standing_still(deadlines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first release counted days of a deadline that had been suspended."""
    return [d | {"remaining_text": ""} if d["status"] == "suspended" else d for d in deadlines]


def without_barred(view: dict[str, Any]) -> dict[str, Any]:
    """More may not decide than before: whoever ever handled the case (the next test)."""
    return {"todos": [{k: v for k, v in todo.items() if k != "barred"} for todo in view["todos"]]}


@pytest.mark.parametrize("case", EXPECTED["cases"], ids=title)
def test_nobody_who_might_not_decide_may_now(said: dict[str, Any], case: str) -> None:
    before, now = (said_by["cases"][case]["todos"] for said_by in (EXPECTED, said))
    for was, does in zip(before, now, strict=True):
        assert set(was["barred"]) <= set(does["barred"]), was["command"]


@pytest.mark.parametrize("case", EXPECTED["cases"], ids=title)
def test_lines_about_deadlines_name_no_keys(said: dict[str, Any], case: str) -> None:
    lines = [e["words"] for e in said["cases"][case]["timeline"] if "deadline" in e["topic"]]
    assert not [line for line in lines if re.search(r"[A-Z]-|[0-9a-f]{8}-", line)]


LISTS = ("months", "deadlines", "inbox", "work", "people", "enterprises", "units")


@pytest.mark.parametrize("what", LISTS)
def test_lists_read_as_they_did(said: dict[str, Any], what: str) -> None:
    before = EXPECTED[what]
    assert said[what] == (standing_still(before) if what == "deadlines" else before)


def test_a_rebuild_gives_the_same(opened: Opened, said: dict[str, Any]) -> None:
    assert set(said) >= set(LISTS)
    assert all(done.same for done in rebuild(opened.database.projector, compare=True))


@pytest.mark.parametrize("name", HISTORIES)
async def test_histories_replay(name: str) -> None:
    _, kind, story = name.split("-", maxsplit=2)
    history = WorkflowHistory.from_json(f"{kind}/{story}", HISTORIES[name])
    await Replayer(workflows=ALL, workflow_runner=STRICT).replay_workflow(history)


@dataclass
class Gone:
    """The recording, sixty days on: a new Temporal was told everything from zero."""

    at: System
    running: set[str]
    """Inspections with a workflow that ran before the time was skipped."""
    fired: set[Rung]
    """All rungs that had fired before."""

    def newly(self) -> set[Rung]:
        return set(reading.fired(self.at.bihuan.store)) - self.fired


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gone_on(
    new_database: Callable[[], Database],
    temporal_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Gone]:
    folder = tmp_path_factory.mktemp("gone-on")
    with open_in(new_database(), folder) as opened:
        database, bihuan = opened.database, opened.bihuan
        loading.go_on(database.owner)
        client = await temporal_server.connect(identity="test")
        skipper = Skipper(client, bihuan, dsn=database.command, admin_dsn=database.owner)
        at = System(database, temporal_server, folder, Bureau(bihuan), client, skipper)
        fired = set(reading.fired(bihuan.store))
        refeed(database.command)
        async with working(at):
            await skipper.quiet()
            # Fires as soon as its workflow has begun, before any time is skipped.
            await asyncio.to_thread(wait_until, bihuan.store, lambda: has_fired(bihuan, OVERDUE))
            runs = {case for case in NAMES.values() if await runs_now(at, case)}
            await skipper.skip(timedelta(days=EXPECTED["fired_after"]["days"]))
            yield Gone(at, runs, fired)


def has_fired(bihuan: Bihuan, rung: Rung) -> bool:
    return rung in reading.fired(bihuan.store)


async def runs_now(at: System, case: str) -> bool:
    try:
        described = await at.handle(UUID(case)).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return described.status is WorkflowExecutionStatus.RUNNING


@pytest.mark.asyncio(loop_scope="module")
class TestGoingOn:
    """Real Temporal; the log's clock goes on where the recording ended."""

    async def test_open_cases_and_no_others_have_a_workflow(self, gone_on: Gone) -> None:
        still_open = {case for case in NAMES.values() if not EXPECTED["cases"][case]["ended"]}
        assert gone_on.running == still_open

    async def test_every_rung_fires_exactly_once_in_total(self, gone_on: Gone) -> None:
        fired = reading.fired(gone_on.at.bihuan.store)
        assert [rung for rung, times in fired.items() if times > 1] == []
        assert set(fired) == rungs(EXPECTED["fired_after"]["rungs"])

    async def test_what_fires_had_not_fired_and_was_waited_for(self, gone_on: Gone) -> None:
        """New are rungs that remained, and those of rechecks which an expiry has begun."""
        began = {rung for rung in gone_on.newly() if rung.rule == "RECHECK"}
        assert gone_on.newly() - began <= rungs(EXPECTED["remaining"])

    @pytest.mark.parametrize("rung", ["-3wd", "-1wd", "due", "+1wd", "+3wd"])
    async def test_forty_hazards_of_one_date(self, gone_on: Gone, rung: str) -> None:
        fired = reading.fired(gone_on.at.bihuan.store)
        once = {Rung(NAMES["forty"], "FIX-DUE", no, "2026-04-20", rung): 1 for no in FORTY}
        assert {r: fired[r] for r in once} == once

    async def test_a_date_moved_while_no_worker_ran_is_reminded_of_late(
        self, gone_on: Gone
    ) -> None:
        """Its hazard shares the date with others whose reminders had gone out."""
        assert OVERDUE in gone_on.newly()
        assert reading.late(gone_on.at.bihuan.store) == rungs(EXPECTED["late"]) | {OVERDUE}

    async def test_what_stands_still_stays_silent(self, gone_on: Gone) -> None:
        """Of three hazards two stand still, the third has expired."""
        newly = {r.subject for r in gone_on.newly() if r.case == NAMES["suspended"]}
        assert newly == {"H3"}

    async def test_the_forty_are_closed_and_the_chain_is_whole(self, gone_on: Gone) -> None:
        """Comes last: it changes the case."""
        forty = UUID(NAMES["forty"])
        finish(gone_on.at.bureau, forty, FORTY)
        await gone_on.at.skipper.quiet()
        await gone_on.at.handle(forty).result()
        assert not await runs_now(gone_on.at, str(forty))
        assert not [r for r in reading.remaining(gone_on.at.bihuan) if r.case == str(forty)]
        with psycopg.connect(gone_on.at.database.owner) as connection:
            report = verify(connection)
        assert report.ok, report.reason
