"""An invented city on a real log, its cases carried by real commands, and the projections of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from threading import Event as Stop
from threading import Thread
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

from domain.facts import Event
from domain.law import law
from domain.store import Appended, EventStore
from domain.times import day
from projections.catalog import PROJECTIONS
from projections.projection import Projection
from projections.reads import Horizon, Scope, grants_of, scope_of
from projections.runner import run
from projections.waiting import wait_for
from tests.domain import walk, world
from tests.domain.founding import founded
from tests.domain.given import Play
from tests.domain.memory import MemoryLog

PATIENCE = 60.0
Row = dict[str, Any]


class Database(Protocol):
    """What is used of the database of the root conftest."""

    owner: str
    command: str
    reader: str
    projector: str


class RealLog(MemoryLog):
    """What the story's log accepts is appended to the real one, command by command."""

    store: EventStore

    def append(
        self,
        *,
        command_id: UUID,
        request_hash: bytes,
        events: Sequence[tuple[str, Event]],
        result: dict[str, Any],
    ) -> Appended:
        """Once here, once there."""
        asked = {"command_id": command_id, "request_hash": request_hash, "result": result}
        appended = super().append(events=events, **asked)
        if not appended.repeated:
            self.store.append(events=events, **asked)
        return appended


@dataclass
class City:
    """The story, its log, and readers of what is projected."""

    play: Play
    store: EventStore
    database: Database

    @classmethod
    def on(cls, store: EventStore, database: Database) -> "City":
        """The founded city on an empty log, on Monday, 2 March 2026."""
        given = founded().log
        log = RealLog(given.now)
        log.streams = {stream: list(events) for stream, events in given.streams.items()}
        log.kinds, log.seq, log.store = dict(given.kinds), given.seq, store
        store.append(
            command_id=uuid4(),
            request_hash=b"given",
            events=[(log.kinds[s], e) for s, events in log.streams.items() for e in events],
            result={},
        )
        return cls(Play(log).at("2026-03-02"), store, database)

    @property
    def head(self) -> int:
        return self.store.head()[0]

    def project(self, projections: Sequence[Projection] = PROJECTIONS) -> None:
        """Let the real runner take in everything there is."""
        with running(self.database, projections):
            self.wait()

    def wait(self) -> None:
        with psycopg.connect(self.database.reader, autocommit=True) as connection:
            assert wait_for(connection, self.head, PATIENCE)

    def rows(self, query: str, *params: object) -> list[Row]:
        with psycopg.connect(self.database.projector, row_factory=dict_row) as connection:
            return connection.execute(query.encode(), params).fetchall()

    def scope(self, connection: psycopg.Connection, account: str) -> Scope:
        """What an account of this city may read."""
        return scope_of(connection, account, grants_of(connection, account))

    def horizon(self) -> Horizon:
        return Horizon.of(day(self.play.log.now), law().calendar)


@contextmanager
def running(database: Database, projections: Sequence[Projection] = PROJECTIONS) -> Iterator[None]:
    """A runner at work."""
    stop = Stop()
    thread = Thread(target=run, args=(database.projector, stop, projections))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@dataclass(frozen=True)
class Team:
    """Who inspects what."""

    officers: tuple[str, str]
    approver: str
    enterprise: UUID


DISTRICT = Team(("insp1", "insp2"), "appr1", world.ENTERPRISE)
TOWN = Team(("insp5", "insp6"), "appr5", world.ENTERPRISE)
OTHER = Team(("insp9", "insp0"), "appr9", world.OTHER_ENTERPRISE)


def inspected(play: Play, team: Team, *grades: str) -> UUID:
    """Steps ① to ⑤ up to the record, with a hazard per grade."""
    first, second = team.officers
    walk.planned(play, first, enterprise=team.enterprise, officers=list(team.officers))
    play.does(first, "submit-plan").does(team.approver, "approve-plan")
    play.does(first, "show-certificates", **walk.certificates(team.officers))
    play.does(first, "hear-briefing", summary="从业人员四十人")
    play.does(first, "assign-items", officer_of={"1": first, "2": second})
    for no in ("1", "2"):
        play.does(first, "answer-item", item=no, result="合格")
    for grade in grades:
        walk.hazard(play, grade, by=first)
    play.does(first, "finish-visit")
    play.does(first, "make-record", findings="详见附页", signature=walk.SIGNED)
    return play.case


def ordered(play: Play, team: Team, *grades: str, days: int = 18) -> UUID:
    """All hazards under one served order, due in so many days."""
    case, first = inspected(play, team, *grades), team.officers[0]
    due = day(play.log.now) + timedelta(days=days)
    document = walk.order(play, by=first, **dict.fromkeys(play.inspection.hazards, due))
    walk.serve(play, document, by=first)
    return case


def digest(database: Database, projections: Sequence[Projection] = PROJECTIONS) -> dict[str, str]:
    """SHA-256 of every table of the projections."""
    found: dict[str, str] = {}
    with psycopg.connect(database.projector) as connection:
        for table in (t for p in projections for t in p.tables):
            query = f"SELECT t::text FROM {table.live()} t ORDER BY 1"  # noqa: S608 - our names
            lines = connection.execute(query.encode()).fetchall()
            found[table.name] = sha256("\n".join(line for (line,) in lines).encode()).hexdigest()
    return found


def only(rows: Sequence[Row]) -> Row:
    (row,) = rows
    return row


def pick(row: Mapping[str, Any], *columns: str) -> tuple[Any, ...]:
    return tuple(row[c] for c in columns)
