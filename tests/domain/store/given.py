"""Facts and shortcuts of the store's tests; registered only while these run (see conftest)."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from domain.facts import FACTS, Actor, Event, Fact, Role
from domain.personal import Personal
from domain.store import Appended, EventStore

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BY = Actor(account="chen", role=Role.INSPECTOR, unit=UUID(int=7))


class Found(Fact):
    TOPIC: ClassVar[str] = "given/found"
    note: str
    officers: tuple[UUID, ...] = ()


class Named(Fact):
    TOPIC: ClassVar[str] = "given/named"
    who: Personal


class Measured(Fact):
    """Version 1 said ``{"length": "12 m"}``."""

    TOPIC: ClassVar[str] = "given/measured"
    VERSION: ClassVar[int] = 3
    metres: int
    by_hand: bool

    @classmethod
    def upcast(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        if version == 1:
            return {"metres": int(data["length"].removesuffix(" m"))}
        return data | {"by_hand": True}


GIVEN = [FACTS.pop(fact.TOPIC) for fact in (Found, Named, Measured)]


def event(stream: UUID, version: int, fact: Fact | None = None) -> tuple[str, Event]:
    return (
        "inspection",
        Event(
            originator_id=stream,
            originator_version=version,
            occurred_at=AT,
            by=BY,
            fact=fact or Found(note=f"第{version}项"),
        ),
    )


def append(
    store: EventStore,
    *events: tuple[str, Event],
    command_id: UUID | None = None,
    request_hash: bytes = b"asked",
    result: dict[str, Any] | None = None,
) -> Appended:
    return store.append(
        command_id=command_id or uuid4(),
        request_hash=request_hash,
        events=events,
        result=result or {},
    )
