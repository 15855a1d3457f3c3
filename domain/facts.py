"""Facts (事实): pure data about what happened; the envelope says who, when and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

FACTS: dict[str, type[Fact]] = {}
"""Every kind of fact by its stored topic; a test pins the list."""
AGGREGATES: dict[str, type[Aggregate]] = {}
"""Every kind of aggregate by its stored name."""
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


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does (办理): when it happened, when it was entered, by whom."""

    at: datetime
    """Business time, aware."""
    now: datetime
    """The database's time."""
    by: Actor
    reason: str = ""
    """Why it is entered afterwards (补录理由); empty for what happens as it is entered."""


Names = Mapping[str, str]
"""How people call what a fact names by its id: the number of a document, for one."""


class Fact(Frozen):
    """Something that happened (事实). Never changed; newer shapes are reached by ``upcast``.

    ``TOPIC`` is the stored name, ``VERSION`` the shape's version, ``TITLE`` what people read.
    """

    TOPIC: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    TITLE: ClassVar[str] = ""
    TELLS: ClassVar[bool] = False
    """Whether it changes what its case waits for, so that the case's workflow must hear of it."""
    ENDS: ClassVar[bool] = False
    """Whether its case waits for nothing more afterwards."""

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
        """One line for the timeline, made when it is read, without personal data."""
        return self.TITLE

    def words_with(self, names: Names) -> str:
        """The same line, with what people call the things it names by their ids."""
        del names
        return self.words()


class Event(Frozen):
    """A fact in its place (事件), in the shape of ``eventsourcing``'s domain event."""

    originator_id: UUID
    originator_version: int
    occurred_at: datetime
    by: Actor
    fact: Fact
    reason: str = ""
    """Why it was entered afterwards (补录理由)."""


A = TypeVar("A", bound="Aggregate")
F = TypeVar("F", bound=Fact)
Taking = Callable[[A, F, Event], None]
_TAKING: dict[object, tuple[Taking[Any, Any], tuple[type[Fact], ...]]] = {}


def takes(*facts: type[F]) -> Callable[[Taking[A, F]], Taking[A, F]]:
    """Mark the method that assigns what these ``facts`` say; it never raises and reads no clock."""

    def mark(method: Taking[A, F]) -> Taking[A, F]:
        _TAKING[method] = (method, facts)
        return method

    return mark


M = TypeVar("M")


def marked(cls: type, marks: Mapping[object, M]) -> list[M]:
    """What ``marks`` knows of the methods that a class defines itself, in order."""
    return [marks[m] for m in vars(cls).values() if callable(m) and m in marks]


class Aggregate:
    """Consistency boundary (聚合): facts decide its state, commands decide its facts.

    Facts are taken by the methods marked with ``takes``, those of base classes first; what no
    method takes changes nothing but the version.
    """

    KIND: ClassVar[str] = ""
    REMEMBERED: ClassVar[Remembered] = "never"
    """Never, too, where the state holds open personal data."""
    _taking: ClassVar[dict[type[Fact], tuple[Taking[Any, Any], ...]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - any class's signature
        """Gather who takes what, and register the kind, once."""
        super().__init_subclass__(**kwargs)
        gathered: dict[type[Fact], tuple[Taking[Any, Any], ...]] = {}
        for method, facts in (m for c in reversed(cls.__mro__) for m in marked(c, _TAKING)):
            for fact in facts:
                gathered[fact] = (*gathered.get(fact, ()), method)
        cls._taking = gathered
        if "KIND" in vars(cls):
            if cls.KIND in AGGREGATES:
                raise TypeError(f"kind {cls.KIND} is taken by {AGGREGATES[cls.KIND]}")
            AGGREGATES[cls.KIND] = cls

    def __init__(self, aggregate_id: UUID) -> None:
        self.id = aggregate_id
        self.version = 0
        self._pending: list[Event] = []

    @property
    def belongs_to(self) -> UUID | None:
        """The unit whose people may act on it; None: it belongs to the whole organisation."""
        return None

    def is_handler(self, account: str) -> bool:
        """Whether the account handles this (承办人), and so acts on it as such."""
        del account
        return False

    def record(self, fact: Fact, act: Act) -> None:
        """Add a decided ``fact``, as part of what somebody does."""
        event = Event.model_construct(
            originator_id=self.id,
            originator_version=self.version + 1,
            occurred_at=act.at,
            by=act.by,
            fact=fact,
            reason=act.reason,
        )
        self.apply(event)
        self._pending.append(event)

    def apply(self, event: Event) -> None:
        """Take one event of the stream, in order."""
        for method in self._taking.get(type(event.fact), ()):
            method(self, event.fact, event)
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
