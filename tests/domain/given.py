"""Given, when, then: the real application on a log in memory, with a clock the test moves."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

from domain.application import Bihuan, Grant, Person, Receipt, Strike, Struck
from domain.case import KINDS, Case
from domain.command import COMMANDS, Command
from domain.deadlines import ClockFired, ClockNotNeeded, RungRef
from domain.errors import Refusal
from domain.facts import Aggregate, Fact, Role
from domain.inspection import Inspection
from domain.law import law
from domain.organisation import ORGANISATION_ID, Organisation
from domain.penalty import PenaltyCase, filing
from domain.store import Loaded
from domain.times import SHANGHAI
from domain.transfer import Transfer, approval
from tests.domain import world
from tests.domain.memory import MemoryLog

A = TypeVar("A", bound=Aggregate)
F = TypeVar("F", bound=Fact)
DECIDED_ELSEWHERE = (filing, approval)
"""Commands on penalties and transfers; that the registry knows them too has its own test."""
NAMES: dict[str, type[Command]] = {name: kind for (_, name), kind in COMMANDS.items()}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Gone:
    """A rung that went off."""

    at: str
    deadline: str
    rung: str
    outcome: str = "fired"


def moment(text: str | date | datetime) -> datetime:
    """An instant in Asia/Shanghai; a bare date is its morning at eight."""
    if isinstance(text, datetime):
        return text.astimezone(SHANGHAI)
    plain = datetime.fromisoformat(str(text))
    if "T" not in str(text):
        plain = plain.replace(hour=8)
    return plain.replace(tzinfo=SHANGHAI)


def strike(app: Bihuan, kind: str, case_id: UUID, rungs: Sequence[RungRef], at: datetime) -> Struck:
    """Timers of one case go off."""
    (struck,) = app.fire([Strike(kind, case_id, tuple(rungs), at)])
    return struck


def plain(value: object) -> object:
    """What a state says, letter by letter, to be compared."""
    said: object = value
    match value:
        case Mapping():
            said = {key: plain(each) for key, each in value.items()}
        case set():
            said = sorted(map(repr, value))
        case list() | tuple():
            said = [plain(each) for each in value]
        case datetime():
            said = value.isoformat()
        case BaseModel():
            said = value.model_dump_json()
        case _ if hasattr(value, "__dict__") and not isinstance(value, Enum):
            said = plain(vars(value))
    return type(value), said


def trips(play: "Play", monkeypatch: pytest.MonkeyPatch) -> list[dict[UUID, int]]:
    """What the log is asked from now on: streams and the versions known of them, per round trip."""
    asked: list[dict[UUID, int]] = []
    load = play.log.load

    def noted(streams: Sequence[tuple[UUID, int]]) -> Loaded:
        asked.append(dict(streams))
        return load(streams)

    monkeypatch.setattr(play.log, "load", noted)
    return asked


class Play:
    """One story: people act, time passes, facts appear."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log
        self.app = Bihuan(log, law(), log)  # pyright: ignore[reportArgumentType]
        self.case: UUID = uuid4()
        self.said: dict[str, Any] = {}
        self.receipt: Receipt | None = None

    def copy(self) -> "Play":
        """The same story up to here, to be continued in another way."""
        other = Play(self.log.copy())
        other.case, other.said = self.case, copy(self.said)
        return other

    # given

    def at(self, text: str | date | datetime) -> Self:
        """Move the clock, without letting timers go off."""
        self.log.now = moment(text)
        return self

    def upload(self, text: str) -> str:
        """Put evidence bytes into the store; gives their name."""
        name = sha256(text.encode()).hexdigest()
        self.log.blobs.add(name)
        return name

    def person(self, account: str) -> Person:
        """Who signs in, with the grants the log knows; the set-up administrator has them given."""
        if account != world.ROOT:
            return Person(account=account)
        grant = Grant(role=Role.ADMINISTRATOR, unit=ORGANISATION_ID)
        return Person(account=account, grants=(grant,))

    # when

    def does(
        self,
        account: str,
        name: str,
        /,
        *,
        target: UUID | None = None,
        command_id: UUID | None = None,
        expected_version: int | None = None,
        **fields: Any,
    ) -> Self:
        """Carry a command out; what it told is in ``said``, its facts in ``log.newest``."""
        kind = NAMES[name]
        command = kind.model_validate(fields)
        self.log.newest = []
        receipt = self.app.execute(
            command,
            person=self.person(account),
            target=target or self._target(kind),
            command_id=command_id or uuid4(),
            request_hash=sha256(command.model_dump_json().encode()).digest(),
            expected_version=expected_version,
        )
        self.receipt = receipt
        self.said |= receipt.result
        if kind.CREATES and kind.target() is Inspection:
            self.case = receipt.id
        self.log.now += MINUTE
        return self

    def refuses(self, rule: str | None, account: str, name: str, /, **fields: Any) -> Refusal:
        """The command is refused by exactly this rule (None: by any) and leaves no trace."""
        before = {stream: len(events) for stream, events in self.log.streams.items()}
        with pytest.raises(Refusal) as refused:
            self.does(account, name, **fields)
        assert rule in {None, refused.value.rule}, refused.value.detail
        assert refused.value.detail
        assert before == {stream: len(events) for stream, events in self.log.streams.items()}
        return refused.value

    def until(self, text: str | date | datetime) -> list[Gone]:
        """Let time pass; every timer on the way goes off at its instant."""
        end, gone = moment(text), list[Gone]()
        while found := min(self._timers(), key=lambda t: t[0], default=None):
            at, kind, case, ref = found
            if at > end:
                break
            self.log.now = max(at, self.log.now)
            self.log.newest = []
            (outcome,) = strike(self.app, kind, case, [ref], at).outcomes
            gone += [
                Gone(f"{at:%Y-%m-%dT%H:%M}", str(key), ref.rung, outcome)
                for event in self.log.newest
                if isinstance(event.fact, ClockFired | ClockNotNeeded)
                for key in event.fact.deadlines
            ]
        self.log.now = end
        return gone

    def fire(self, deadline: str, rung: str, due_version: int = 1, kind: str = "inspection") -> str:
        """One timer goes off now."""
        self.log.newest = []
        case = self.said.get(kind, self.case)
        ref = RungRef(deadline=deadline, due_version=due_version, rung=rung)
        (outcome,) = strike(self.app, kind, UUID(str(case)), [ref], self.log.now).outcomes
        return outcome

    # then

    @property
    def facts(self) -> list[type[Fact]]:
        """Kinds of the facts of the last command, in order."""
        return [type(event.fact) for event in self.log.newest]

    def fact(self, kind: type[F]) -> F:
        """The one fact of that kind of the last command."""
        found = [e.fact for e in self.log.newest if isinstance(e.fact, kind)]
        assert len(found) == 1, self.facts
        return found[0]

    def all_of(self, kind: type[F]) -> list[F]:
        """Facts of that kind in the whole log."""
        return [e.fact for s in self.log.streams.values() for e in s if isinstance(e.fact, kind)]

    @property
    def inspection(self) -> Inspection:
        """State of the case now."""
        return self.app.load(Inspection, self.case)

    @property
    def penalty(self) -> PenaltyCase:
        """State of the newest filing proposal."""
        return self.app.load(PenaltyCase, UUID(self.said["penalty"]))

    @property
    def transfer(self) -> Transfer:
        """State of the newest transfer proposal."""
        return self.app.load(Transfer, UUID(self.said["transfer"]))

    def remembered(self) -> dict[UUID, Aggregate]:
        """States in the memory, which stay there."""
        states = self.app.memory.take(self.log.streams)
        self.app.memory.keep(states.values())
        return states

    def remembers_what_the_log_says(self) -> bool:
        """Letter by letter: what differs would be stored by a later decision."""
        return all(
            plain(state)
            == plain(type(state).fold(stream, self.log.streams[stream][: state.version]))
            for stream, state in self.remembered().items()
        )

    def _target(self, kind: type[Command]) -> UUID | None:
        if kind.CREATES:
            return None
        if kind.target() is Organisation:
            return ORGANISATION_ID
        if kind.target() is PenaltyCase:
            return UUID(self.said["penalty"])
        return UUID(self.said["transfer"]) if kind.target() is Transfer else self.case

    def _timers(self) -> Iterator[tuple[datetime, str, UUID, RungRef]]:
        for stream, kind in self.log.kinds.items():
            if kind not in KINDS:
                continue
            case: Case = self.app.clocks(kind, stream)
            for ladder in case.ladders():
                for rung in ladder.rungs:
                    yield rung.at, kind, stream, RungRef(deadline=str(ladder.key), rung=rung.name)
