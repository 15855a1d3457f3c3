"""Facts (事实): pure data about what happened; the envelope says who, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

FACTS: dict[str, type[Fact]] = {}
"""Every kind of fact by its stored topic; a test pins the list."""
Remembered = Literal["never", "lent", "shared", "copied"]
"""How ``domain.memory`` holds a state between decisions (ADR 0012): lent to one at a time, which
changes it; shared by all, which only read it; copied for each, being small; or never."""


class Role(StrEnum):
    """Role in which a person acts (角色); ``SYSTEM`` is the clock itself."""

    INSPECTOR = "inspector"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def chinese(self) -> str:
        """Chinese official term."""
        return _ROLE_TITLES[self]


_ROLE_TITLES = {
    Role.INSPECTOR: "执法人员",
    Role.APPROVER: "审批人",
    Role.SUPERVISOR: "监督人员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "管理员",
    Role.SYSTEM: "系统时钟",
}


class Frozen(BaseModel):
    """Base of every value: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(Frozen):
    """Who acts, in which role, for which unit (操作人)."""

    account: str
    role: Role
    unit: UUID


class Fact(Frozen):
    """Something that happened (事实). Never changed; newer shapes are reached by ``upcast``.

    ``TOPIC`` is the stored name, ``VERSION`` the shape's version, ``TITLE`` what people read.
    """

    TOPIC: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    TITLE: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's signature
        """Register the topic, once."""
        super().__pydantic_init_subclass__(**kwargs)
        if cls.TOPIC:
            if cls.TOPIC in FACTS:
                raise TypeError(f"topic {cls.TOPIC} is taken by {FACTS[cls.TOPIC]}")
            FACTS[cls.TOPIC] = cls

    @classmethod
    def upcast(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Bring stored ``data`` of an older shape ``version`` to the next one; called in a loop."""
        raise ValueError(f"{cls.TOPIC}: no way up from version {version} of {sorted(data)}")

    def words(self) -> str:
        """One line for the timeline, without personal data."""
        return self.TITLE


class Event(Frozen):
    """A fact in its place (事件), in the shape of ``eventsourcing``'s domain event."""

    originator_id: UUID
    originator_version: int
    occurred_at: datetime
    by: Actor
    fact: Fact


class Aggregate:
    """Consistency boundary (聚合): facts decide its state, commands decide its facts.

    ``evolve`` only assigns: it never raises and reads no clock, for it runs on every replay.
    """

    KIND: ClassVar[str] = ""
    REMEMBERED: ClassVar[Remembered] = "never"
    """Never, too, where the state holds open personal data."""

    def __init__(self, aggregate_id: UUID) -> None:
        self.id = aggregate_id
        self.version = 0
        self._pending: list[Event] = []

    def evolve(self, event: Event) -> None:
        """Assign what ``event`` says to the state."""
        raise NotImplementedError(type(self))

    def record(self, fact: Fact, *, at: datetime, by: Actor) -> None:
        """Add a decided ``fact``; ``at`` is business time (aware), ``by`` the person."""
        event = Event.model_construct(
            originator_id=self.id,
            originator_version=self.version + 1,
            occurred_at=at,
            by=by,
            fact=fact,
        )
        self.apply(event)
        self._pending.append(event)

    def apply(self, event: Event) -> None:
        """Take one event of the stream, in order."""
        self.evolve(event)
        self.version = event.originator_version

    @property
    def pending(self) -> Sequence[Event]:
        """Events decided and not yet stored."""
        return self._pending

    def collect_events(self) -> Sequence[Event]:
        """Hand over the pending events (``eventsourcing``'s protocol)."""
        collected, self._pending = self._pending, []
        return collected

    @classmethod
    def fold(cls, aggregate_id: UUID, events: Sequence[Event]) -> Self:
        """State after ``events``."""
        aggregate = cls(aggregate_id)
        for event in events:
            aggregate.apply(event)
        return aggregate
