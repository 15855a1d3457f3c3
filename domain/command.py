"""Commands (操作): one class per command, with its fields, roles, rule and effect in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, Self, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from domain.facts import AGGREGATES, Act, Actor, Aggregate, Frozen, Role
from domain.fitness import require_fit
from domain.law import Law
from domain.unit import Unit

A = TypeVar("A", bound=Aggregate)

COMMANDS: dict[tuple[str, str], type[Command]] = {}
"""Every command by (family, name): the API, the simulator and the docs read this list."""
FAMILIES: dict[str, Family] = {}
"""Every family of commands by its name in addresses."""


@dataclass(frozen=True)
class Family:
    """Commands on one kind of thing (操作类别): its name in addresses, and how people call it.

    ``kind`` is the stored name of the aggregate acted on. ``alone`` says that there is one of it,
    so that addresses name none; ``readable`` that each has an address where it is read.
    """

    name: str
    title: str
    kind: str
    alone: bool = False
    readable: bool = False

    def __post_init__(self) -> None:
        """Register the name, once."""
        if self.name in FAMILIES:
            raise TypeError(f"family {self.name} is taken")
        FAMILIES[self.name] = self


class Desk(Protocol):
    """What a decision may consult besides its case; all that changes is committed together."""

    act: Act
    """What is being done: when and by whom."""
    command_id: UUID

    @property
    def law(self) -> Law:
        """The law, on the calendar with every year that was entered."""
        ...

    @property
    def at(self) -> datetime:
        """Business time of the act, aware."""
        ...

    @property
    def now(self) -> datetime:
        """The database's time, aware."""
        ...

    @property
    def by(self) -> Actor:
        """Who acts."""
        ...

    def get(self, kind: type[A], aggregate_id: UUID) -> A:
        """Load an aggregate; refuses with NOT-FOUND when it does not exist."""
        ...

    def get_or_new(self, kind: type[A], aggregate_id: UUID) -> A:
        """Load an aggregate or begin it."""
        ...

    def has_blob(self, sha256: str) -> bool:
        """Whether evidence bytes with this SHA-256 are stored."""
        ...

    def prefetch(self, ids: Iterable[UUID]) -> None:
        """Load many streams in one round trip, ahead of ``get``."""
        ...

    def covers(self, unit: UUID, other: UUID) -> bool:
        """Whether ``unit`` is ``other`` or stands above it in the organisation."""
        ...

    def require_cover(self, unit: UUID) -> None:
        """Refuse unless the actor's unit is ``unit`` or stands above it."""
        ...

    def punishing(self, unit: UUID) -> UUID | None:
        """The unit or the nearest one above it that may punish."""
        ...

    def unit(self, unit: UUID) -> Unit:
        """Particulars of a unit."""
        ...


class Command(Frozen):
    """Base of all commands. ``decide`` checks and records; a refusal leaves no trace."""

    FAMILY: ClassVar[Family]
    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    KIND: ClassVar[str] = ""
    """Stored name of the aggregate acted on, where it is not that of the family."""
    CREATES: ClassVar[bool] = False
    MERGES: ClassVar[bool] = False
    OUTSIDE: ClassVar[bool] = False
    """Done outside the system (visit, service, recheck…), so it may be entered afterwards."""

    at: AwareDatetime | None = Field(default=None, description="业务发生时间，含时区；省略即为现在")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's signature
        """Register the command, once."""
        super().__pydantic_init_subclass__(**kwargs)
        if cls.NAME:
            key = (cls.FAMILY.name, cls.NAME)
            if key in COMMANDS:
                raise TypeError(f"command {key} is taken")
            COMMANDS[key] = cls

    @model_validator(mode="after")
    def _fit(self) -> Self:
        """What no paper could show as it was meant, and no calendar has, is refused as a whole."""
        require_fit(self)
        return self

    @classmethod
    def target(cls) -> type[Aggregate]:
        """The aggregate it acts on."""
        return AGGREGATES[cls.KIND or cls.FAMILY.kind]

    def target_id(self, fresh: UUID) -> UUID:
        """Id of the aggregate this command creates: ``fresh``, or one made from a name."""
        return fresh

    def scope(self) -> UUID | None:
        """Unit in which something new is made, where the command names it."""
        return None

    def reads(self, case: Any, law: Law, on: date) -> Iterable[UUID]:  # noqa: ANN401 - each command names its aggregate
        """What ``decide`` will read besides its case: ids to be loaded in the same round trip.

        Asked beforehand, of the ``case`` as it is remembered (perhaps as new, perhaps out of date)
        and for the day ``on`` of the act as it seems then; and once more when both are known. A
        wrong id costs a look into the log, a missing one a round trip; no decision rests on it.
        """
        del case, law, on
        return ()

    def late_reason_given(self) -> str:
        """Why it is entered afterwards."""
        return ""

    def decide(self, case: Any, desk: Desk) -> dict[str, Any] | None:  # noqa: ANN401 - each command names its aggregate
        """Check the rules and record the facts; returns what the person needs to know."""
        raise NotImplementedError(type(self))


class OutsideCommand(Command):
    """An act done outside the system (系统外行为): it may be entered afterwards (补录).

    Bounded in working days (threshold ENTER-LATE), with a reason once it is another day, and never
    before what it rests on, which each act says itself.
    """

    OUTSIDE: ClassVar[bool] = True

    late_reason: str = Field(
        default="", max_length=500, description="补录理由；业务发生在录入当日之前的必填"
    )

    def late_reason_given(self) -> str:
        """Why it is entered afterwards."""
        return self.late_reason.strip()
