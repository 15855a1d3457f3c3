"""The case (案件): what every kind of case declares, once; all else follows from it.

Routes, rights, work list, rows, timeline, workflow, clocks, simulator, documentation and forms ask
a kind only what stands here (ADR 0013). A kind is one package that declares one subclass of
``Case``, made of *parts*: base classes that each hold facts, state, commands, to-dos and what they
miss for closing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from domain.clocked import Clocked
from domain.command import Desk, Family
from domain.deadlines import SUBJECTS, DeadlineFact, Key
from domain.facts import Event, Fact, Role, marked

KINDS: dict[str, type[Case]] = {}
"""Every kind of case by its stored name."""
FOLLOWERS: dict[type[Fact], list[Follower]] = {}
"""Who follows a fact, in the same append."""
DUTIES: dict[str, Duty] = {}
"""Every kind of thing to do by its code."""


@dataclass(frozen=True)
class Duty:
    """A kind of thing to do (待办种类): the command that does it, and its words when read.

    ``words`` may hold ``{}`` for what it is about, e.g. 复查隐患{}; of several each takes a name,
    the last one all that are left.
    """

    code: str
    command: str
    role: Role
    words: str

    def __post_init__(self) -> None:
        """Register the code, once."""
        if self.code in DUTIES:
            raise TypeError(f"duty {self.code} is taken")
        _require_readable(self.words, self.words.count("{}"))
        DUTIES[self.code] = self

    def title(self, about: Iterable[str]) -> str:
        """What is to be done, in words."""
        names, single = list(about), max(self.words.count("{}") - 1, 0)
        first = (names[:single] + [""] * single)[:single]
        return self.words.format(*first, "、".join(names[single:]))


@dataclass(frozen=True)
class Todo:
    """One thing to do (待办事项). No ``accounts`` = anybody with the role for the unit, not barred.

    ``about`` are the names its words need, ``given`` the fields of its form that are known already.
    """

    duty: Duty
    accounts: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    due: date | None = None
    deadline: Key | None = None
    given: Mapping[str, str] | None = None

    @property
    def command(self) -> str:
        """The command that does it."""
        return self.duty.command

    @property
    def role(self) -> Role:
        """Who may do it."""
        return self.duty.role

    @property
    def title(self) -> str:
        """What is to be done, in words."""
        return self.duty.title(self.about)


@dataclass(frozen=True)
class Indicator:
    """A column of the monthly table and what it counts (指标口径)."""

    code: str
    title: str
    definition: str


@dataclass(frozen=True)
class Progress:
    """How far a method has come (办案进度), for a workflow that carries it out step by step."""

    entered: tuple[int, ...] = ()
    """Steps entered."""
    undecided: int = 0
    """Proposals that await their answer."""
    pursued: int = 0
    """Proposals approved whose own case has not ended."""


Figure = tuple[str, int, date]
"""Indicator, amount, business day."""
Counting = Callable[[Any, Any, Event], Iterator[Figure]]
"""From a fact, the case after it and the event to what it adds to the month."""
Follower = Callable[[Any, Event, Desk], None]
"""From a fact and its event to what follows from it, decided at the same desk."""

C = TypeVar("C", bound="Case")
_OWES: dict[object, Callable[[Any], Iterator[Todo]]] = {}
_LACKS: dict[object, Callable[[Any], Iterator[str]]] = {}


def owes(method: Callable[[C], Iterator[Todo]]) -> Callable[[C], Iterator[Todo]]:
    """Mark the method that yields what a part wants done next."""
    _OWES[method] = method
    return method


def lacks(method: Callable[[C], Iterator[str]]) -> Callable[[C], Iterator[str]]:
    """Mark the method that yields what a part still misses for closing, in words."""
    _LACKS[method] = method
    return method


class Case(Clocked):
    """A case of some kind (案件)."""

    FAMILY: ClassVar[Family]
    """Its address, and how people call cases of the kind."""
    TITLE: ClassVar[str] = ""
    """What a case is called that has no title of its own."""
    WORKFLOW: ClassVar[str]
    """Stored name of its workflow, e.g. ``InspectionWorkflow``."""
    STAGES: ClassVar[Mapping[str, str]]
    """Words for where a case stands."""
    ENDINGS: ClassVar[Mapping[str, str]]
    """Words for how a case ended."""
    TERMS: ClassVar[Mapping[str, str]] = {}
    """How the subjects of its deadlines are called, by rule, e.g. ``{"FIX-DUE": "隐患{}"}``."""
    FOLLOWS: ClassVar[Mapping[type[Fact], Follower]] = {}
    """Facts of other kinds from which something follows here, in the same append."""
    INDICATORS: ClassVar[tuple[Indicator, ...]] = ()
    """Columns of the monthly table that the kind fills."""
    COUNTS: ClassVar[Mapping[type[Fact], Counting]] = {}
    """Facts that add to the month."""

    _owing: ClassVar[tuple[Callable[[Any], Iterator[Todo]], ...]] = ()
    _lacking: ClassVar[tuple[Callable[[Any], Iterator[str]], ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - any class's signature
        """Gather what the parts declare; a class with a KIND is a kind of case."""
        super().__init_subclass__(**kwargs)
        parts = cls.__mro__[::-1]
        cls._owing = tuple(method for part in parts for method in marked(part, _OWES))
        cls._lacking = tuple(method for part in parts for method in marked(part, _LACKS))
        if "KIND" in vars(cls):
            _require_whole(cls)
            KINDS[cls.KIND] = cls
            SUBJECTS.update(cls.TERMS)
            for fact, follower in cls.FOLLOWS.items():
                FOLLOWERS.setdefault(fact, []).append(follower)

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.unit: UUID | None = None
        self.enterprise: UUID | None = None
        self.parent: UUID | None = None
        """The case it came from."""
        self.subject = ""
        """Its title, where it has one of its own."""
        self.number: str | None = None
        """Number of the document that opened it."""
        self.ending: str | None = None
        """How it ended, as a code of ``ENDINGS``."""

    @property
    def belongs_to(self) -> UUID | None:
        """The unit that carries the case."""
        return self.unit

    @property
    def stage(self) -> str:
        """Where it stands, as a code of ``STAGES``."""
        raise NotImplementedError(type(self))

    @property
    def step(self) -> int | None:
        """Step of the method, for kinds that follow one."""
        return None

    @property
    def handlers(self) -> tuple[str, ...]:
        """Accounts of those who handle the case (承办人)."""
        raise NotImplementedError(type(self))

    @property
    def barred(self) -> tuple[str, ...]:
        """Accounts that may decide nothing in it: nobody approves what he handles (职责分离)."""
        return self.handlers

    @property
    def hidden(self) -> tuple[str, ...]:
        """Accounts that may no longer see it, whatever their unit."""
        return ()

    def is_handler(self, account: str) -> bool:
        """Whether the account handles the case."""
        return account in self.handlers

    @property
    def terminal(self) -> bool:
        """Whether it has ended."""
        return self.ending is not None

    @property
    def awaited(self) -> bool:
        """Whether there is still something that its workflow waits for."""
        return not self.terminal

    @property
    def outcome(self) -> str | None:
        """How it ended, in words."""
        return self.ENDINGS.get(self.ending, self.ending) if self.ending else None

    def todos(self) -> list[Todo]:
        """What is to be done next, most urgent first; nothing when it has ended."""
        if self.terminal:
            return []
        found = [todo for method in self._owing for todo in method(self)]
        return sorted(found, key=lambda t: (t.due is None, t.due or date.max))

    def missing(self) -> list[str]:
        """What still stands between the case and its closing, in words."""
        return [words for method in self._lacking for words in method(self)]

    def progress(self) -> Progress:
        """How far its method has come, for kinds that follow one."""
        return Progress()

    def due(self, key: Key) -> tuple[date | None, Key | None]:
        """Date and key of a running deadline, for a to-do."""
        deadline = self.running(key)
        return (deadline.due.due, key) if deadline else (None, None)

    def names(self, fact: Fact) -> dict[str, str]:
        """How people call what ``fact`` names by its id."""
        if not isinstance(fact, DeadlineFact):
            return {}
        subjects = sorted({key.subject for key in fact.deadlines})
        return {s: name for s in subjects if (name := self.name_of(s)) != s}

    def name_of(self, subject: str) -> str:
        """How people call the subject of a deadline; itself unless the kind knows better."""
        return subject

    def content(self) -> dict[str, Any]:
        """What the kind shows of itself beyond what all cases have, as JSON values."""
        return {}

    def waits_for(self) -> list[str]:
        """Codes of the duties whose doing moves the case on."""
        return list(dict.fromkeys(todo.duty.code for todo in self.todos()))


def _require_whole(kind: type[Case]) -> None:
    """Refuse a kind that could not be read later, or that changes how another one reads."""
    for name in ("FAMILY", "WORKFLOW", "STAGES", "ENDINGS"):
        if not hasattr(kind, name):
            raise TypeError(f"kind {kind.KIND} declares no {name}")
    if kind.FAMILY.kind != kind.KIND:
        raise TypeError(f"family {kind.FAMILY.name} is of kind {kind.FAMILY.kind}")
    for rule, words in kind.TERMS.items():
        _require_readable(words, 1)
        if SUBJECTS.get(rule, words) != words:
            raise TypeError(f"subjects of {rule} are called {SUBJECTS[rule]} already")
    taken = {one.code for other in KINDS.values() for one in other.INDICATORS}
    for one in kind.INDICATORS:
        if one.code in taken:
            raise TypeError(f"indicator {one.code} is taken")


def _require_readable(words: str, names: int) -> None:
    """Refuse words that so many names cannot be put into: nobody could read the lists later."""
    try:
        words.format(*[""] * names)
    except (LookupError, ValueError) as error:
        raise TypeError(f"words “{words}” take other than {names} names") from error
