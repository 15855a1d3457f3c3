"""The same application on a real PostgreSQL: once for ever, without gaps, clocks included."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4, uuid5

import pytest

from domain.application import Bihuan, Grant, Person, Receipt
from domain.command import Command
from domain.deadlines import ClockFired, Key, RungRef
from domain.errors import Refusal
from domain.facts import Role
from domain.inspection import Inspection
from domain.law import law, parse_number
from domain.organisation import ORGANISATION_ID, Organisation
from domain.store import Blobs, EventStore, KeyFile, PersonVault, skip_clock
from tests.domain import walk, world
from tests.domain.founding import founded
from tests.domain.given import NAMES, Play, plain, strike


class Database(Protocol):
    """What is used of the database of the root conftest."""

    owner: str
    command: str


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    """The key of the vault."""
    return KeyFile(tmp_path / "key").create()


@pytest.fixture
def app(database: Database, key: bytes, tmp_path: Path) -> Iterator[Bihuan]:
    """The application on a fresh database in which the invented city is entered."""
    with (
        PersonVault(database.command, key) as vault,
        EventStore(database.command, vault=vault) as store,
    ):
        for stream, events in founded().log.streams.items():
            kind = founded().log.kinds[stream]
            store.append(
                command_id=uuid4(),
                request_hash=b"given",
                events=[(kind, event) for event in events],
                result={},
            )
        yield Bihuan(store, law(), Blobs(tmp_path / "blobs"))


def command(name: str, **fields: object) -> Command:
    return NAMES[name].model_validate(fields)


def execute(
    app: Bihuan,
    account: str,
    asked: Command,
    *,
    target: UUID | None = None,
    command_id: UUID | None = None,
    body: bytes = b"body",
) -> Receipt:
    role = Role.APPROVER if account.startswith("appr") else Role.INSPECTOR
    grant = Grant(role=role, unit=world.DISTRICT)
    if account == world.ROOT:
        grant = Grant(role=Role.ADMINISTRATOR, unit=ORGANISATION_ID)
    return app.execute(
        asked,
        person=Person(account=account, grants=(grant,)),
        target=target,
        command_id=command_id or uuid4(),
        request_hash=body,
    )


def served(app: Bihuan, play: Play, due: str = "2026-03-20") -> None:
    """A case with an order served, played in memory and brought into the real log."""
    walk.served(play, due=due)
    for stream, events in play.log.streams.items():
        kind = play.log.kinds[stream]
        if kind in {"inspection", "number-register"}:
            app.store.append(
                command_id=uuid4(),
                request_hash=b"given",
                events=[(kind, event) for event in events],
                result={},
            )


def submitted(app: Bihuan) -> UUID:
    """A submitted plan for a visit in 2026."""
    fields = walk.plan_fields(founded().at("2026-03-02"))
    case = execute(app, "insp1", command("plan-inspection", **fields)).id
    execute(app, "insp1", command("submit-plan"), target=case)
    return case


def test_a_repeated_command_gets_its_first_answer(app: Bihuan) -> None:
    case, key = submitted(app), uuid4()
    approve = command("approve-plan")
    first = execute(app, "appr1", approve, target=case, command_id=key)
    cancel = command("cancel-inspection", reason="改期")
    execute(app, "insp1", cancel, target=case)
    again = execute(app, "appr1", approve, target=case, command_id=key)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.result, again.seq, again.hash) == (first.result, first.seq, first.hash)
    with pytest.raises(Refusal) as refused:
        execute(app, "appr1", approve, target=case, command_id=key, body=b"other")
    assert (refused.value.rule, refused.value.kind) == ("COMMAND-REUSED", "command-reused")


def test_numbers_have_no_gaps_among_many_writers(app: Bihuan) -> None:
    cases = [submitted(app) for _ in range(6)]
    with ThreadPoolExecutor(4) as writers:
        receipts = list(
            writers.map(lambda c: execute(app, "appr1", command("approve-plan"), target=c), cases)
        )
    numbers = [parse_number(r.result["number"]) for r in receipts]
    assert sorted(n.n or 0 for n in numbers if n) == [1, 2, 3, 4, 5, 6]


def test_a_refusal_leaves_no_trace(app: Bihuan) -> None:
    case = submitted(app)
    head = app.store.head()
    with pytest.raises(Refusal) as refused:
        execute(app, "insp2", command("submit-plan"), target=case)
    assert refused.value.rule == "PLAN-STATUS"
    assert app.store.head() == head


def test_a_clock_goes_off_once(app: Bihuan, database: Database, play: Play) -> None:
    """Timers come at least once; the database's time decides whether they are early."""
    served(app, play)
    at = app.load(Inspection, play.case).deadlines[Key.read("FIX-DUE/H1/1")].due.due_at
    rungs = [RungRef(deadline="FIX-DUE/H1/1", due_version=1, rung="due")]
    skip_clock(database.owner, at - app.store.now() - timedelta(minutes=1))
    assert strike(app, "inspection", play.case, rungs, at).outcomes == ["early"]
    skip_clock(database.owner, timedelta(minutes=1))
    assert strike(app, "inspection", play.case, rungs, at).outcomes == ["fired"]
    head = app.store.head()
    assert strike(app, "inspection", play.case, rungs, at).outcomes == ["done"]
    assert app.store.head() == head
    fired = [s for s in app.store.stream(play.case) if s.topic == ClockFired.TOPIC]
    assert len(fired) == 1
    assert app.clocks("inspection", play.case).deadlines[Key.read("RECHECK/H1/1")]


def test_a_firing_whose_answer_was_lost_tells_what_the_log_has(
    app: Bihuan, play: Play, database: Database
) -> None:
    """Its second run finds what the first one stored, and decides what became due since."""
    served(app, play)
    due = app.load(Inspection, play.case).deadlines[Key.read("FIX-DUE/H1/1")].due
    first, second = due.rungs[:2]
    rungs = [RungRef(deadline="FIX-DUE/H1/1", due_version=1, rung=r.name) for r in (first, second)]
    skip_clock(database.owner, first.at - app.store.now() + timedelta(minutes=1))
    lost = strike(app, "inspection", play.case, rungs, first.at)
    assert lost.outcomes == ["fired", "early"]
    skip_clock(database.owner, second.at - app.store.now() + timedelta(minutes=1))
    again = strike(app, "inspection", play.case, rungs, second.at)
    assert again.outcomes == ["done", "fired"]
    assert again.case.version == lost.case.version + 1 == len(app.store.stream(play.case))
    assert again.case.deadlines[Key.read("FIX-DUE/H1/1")].fired == {first.name, second.name}


def test_many_write_on_one_case_at_once(app: Bihuan) -> None:
    """Whoever finds the case lent reads it for himself, and all of it is in the log."""
    case = submitted(app)
    execute(app, "appr1", command("approve-plan"), target=case)
    execute(app, "insp1", command("show-certificates", **walk.certificates()), target=case)
    execute(app, "insp1", command("hear-briefing", summary="介绍"), target=case)
    work = command("assign-items", officer_of={"1": "insp1", "2": "insp2"})
    before = execute(app, "insp1", work, target=case).version
    answer = command("answer-item", item="1", result="合格")
    with ThreadPoolExecutor(4) as officers:
        receipts = list(
            officers.map(lambda n: execute(app, f"insp{n % 2 + 1}", answer, target=case), range(24))
        )
    assert sorted(r.version for r in receipts) == list(range(before + 1, before + 25))
    (remembered,) = app.memory.take([case]).values()
    assert plain(remembered) == plain(app.load(Inspection, case))
    assert remembered.version == before + 24


def test_an_erased_person_is_forgotten_at_once(
    database: Database, key: bytes, tmp_path: Path
) -> None:
    """Where no key is remembered: otherwise for as long as it is, and no longer."""
    fields = {"name": "青禾示例机械有限公司", "unit": ORGANISATION_ID, "principal": "万二凡"}
    entry = NAMES["register-enterprise"].model_validate({"uscc": world.USCC} | fields)
    with (
        PersonVault(database.command, key, remembered=0) as vault,
        PersonVault(database.owner, key) as owner,
        EventStore(database.command, vault=vault) as store,
    ):
        app = Bihuan(store, law(), Blobs(tmp_path / "blobs"))
        changed = [execute(app, world.ROOT, entry).result["changed"] for _ in range(2)]
        assert changed == [True, False]
        assert owner.destroy(uuid5(world.ENTERPRISE, "principal"))
        assert execute(app, world.ROOT, entry).result["changed"]


def test_a_repeated_import_changes_nothing(app: Bihuan) -> None:
    units = command("import-units", units=world.UNITS)
    receipt = execute(app, world.ROOT, units, target=ORGANISATION_ID)
    assert receipt.result == {"added": 0, "changed": 0, "unchanged": len(world.UNITS)}
    assert app.load(Organisation, ORGANISATION_ID).version == len(world.UNITS)


def test_a_notice_entered_moves_running_deadlines_once(app: Bihuan, play: Play) -> None:
    """Three working days before 22 February 2027, with a Saturday that is worked or not."""
    served(app, play.at("2026-11-20"), due="2027-02-22")
    table = {
        "year": 2027,
        "holidays": [
            {"name": name, "first": f"2027-{first}", "last": f"2027-{last}"}
            for name, first, last in (
                ("元旦", "01-01", "01-03"),
                ("春节", "02-05", "02-11"),
                ("清明节", "04-05", "04-05"),
                ("劳动节", "05-01", "05-05"),
                ("端午节", "06-09", "06-09"),
                ("中秋节", "09-15", "09-15"),
                ("国庆节", "10-01", "10-07"),
            )
        ],
        "workdays": ["2027-02-20"],
    }
    notice = command("enter-calendar-year", table=table, notice="示例〔2026〕1号")
    execute(app, world.ROOT, notice)
    assert [app.recompute() for _ in range(2)] == [1, 0]
    fix = app.load(Inspection, play.case).deadlines[Key.read("FIX-DUE/H1/1")].due
    assert (str(fix.due), str(fix.rungs[0].at.date())) == ("2027-02-22", "2027-02-18")
