"""Shapes of the law as data: rules, thresholds, document types, ladders, and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field

from domain.errors import Refusal
from domain.facts import Frozen
from domain.law.model import Unit
from domain.law.tables import read_all

Confidence = Literal["H", "M", "L"]
Source = Literal["V", "S", "R"]
"""Statute text read, secondary source, recalled only."""


class Version(Frozen):
    """One state of a piece of law (条文版本): article and days in force, both included."""

    id: str
    title: str
    law_version: str
    basis: str
    valid_from: date
    valid_to: date | None = None
    confidence: Confidence
    source: Source
    note: str = ""

    def in_force(self, on: date) -> bool:
        """Whether this version applies to a step taken on ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Rule(Version):
    """A term of the law (期限规则) in one version.

    ``kind``: ``limit`` = act until the last day, ``wait`` = others' time that must pass first,
    ``window`` = a stretch that is only counted. ``counts`` = ``before`` runs backward from day 0;
    a window that does so ends with day 0 itself.
    ``row`` is the row of the law reference the rule comes from.
    """

    row: str
    trigger: str
    kind: Literal["limit", "wait", "window"]
    counts: Literal["after", "before"] = "after"
    unit: Unit
    length: int | None
    shortest: int | None = None
    longest: int | None = None
    roll: bool = True
    ladder: str


class Threshold(Version):
    """A limit of the law (标准): ``number`` in ``unit`` (money in 分), or ``choices``."""

    unit: str
    number: int = 0
    choices: dict[str, str] = Field(default_factory=dict[str, str])


class DocumentType(Frozen):
    """A kind of document (文书种类): ``word`` is its 字, empty where none is known."""

    code: str
    word: str
    title: str
    step: tuple[int, ...]
    signers: tuple[str, ...]
    form: Literal["internal", "outward", "order"]
    """Outward forms carry the seal in two copies; orders also tell the remedies (救济途径)."""
    confidence: Confidence


class Step(Frozen):
    """One rung as data: how far from its anchor, what it does, to whom."""

    name: str
    action: Literal["remind", "expire", "escalate"]
    to: Literal["handler", "approver", "supervisor", "superior"]
    anchor: Literal["due", "day0", "expiry"]
    unit: Literal["wd", "cd", "h"]
    offset: int


class Ladder(Frozen):
    """A ladder of reminders and escalations (提醒阶梯)."""

    note: str
    rungs: tuple[Step, ...]


class Ladders(Frozen):
    """All ladders, and the time of day at which people are reminded."""

    time: time
    ladders: dict[str, Ladder]


V = TypeVar("V", bound=Version)


class Versions(Generic[V]):
    """Every version of every entry of one kind; picks the one in force."""

    def __init__(self, entries: Sequence[V], what: str) -> None:
        self._what = what
        self._by_id: dict[str, list[V]] = {}
        for entry in sorted(entries, key=lambda e: e.valid_from):
            self._by_id.setdefault(entry.id, []).append(entry)
        self.all = tuple(v for versions in self._by_id.values() for v in versions)

    def of(self, name: str) -> Sequence[V]:
        """The versions of ``name``, oldest first; refuses unknown names with the near ones."""
        if versions := self._by_id.get(name):
            return versions
        near = get_close_matches(name.upper(), self._by_id, n=5, cutoff=0.5)
        near += [
            known for known in self._by_id if known.startswith(name.upper()) and known not in near
        ]
        hint = f"相近的有：{'、'.join(near)}。" if near else f"共有：{'、'.join(self._by_id)}。"
        raise Refusal("RULE-UNKNOWN", f"没有名为 {name} 的{self._what}，{hint}", near=near)

    def on(self, name: str, day: date) -> V:
        """The version of ``name`` in force on ``day``."""
        versions = self.of(name)
        for version in reversed(versions):
            if version.in_force(day):
                return version
        spans = "；".join(f"{v.valid_from} 至 {v.valid_to or '今'}" for v in versions)
        raise Refusal(
            "RULE-UNKNOWN",
            f"{self._what} {name}（{versions[0].title}）在 {day} 没有有效版本，已录入：{spans}。",
            near=[name],
        )


def unfold(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Entries with their versions, as one flat entry per version; what a version says wins."""
    return [
        {**{k: v for k, v in entry.items() if k != "versions"}, **version}
        for entry in entries
        for version in entry["versions"]
    ]


def load_rules() -> Versions[Rule]:
    """The terms of ``data/deadlines``."""
    return Versions([Rule.model_validate(e) for e in _flat("deadlines")], "期限规则")


def load_thresholds() -> Versions[Threshold]:
    """The limits and lists of ``data/thresholds``."""
    return Versions([Threshold.model_validate(e) for e in _flat("thresholds")], "标准")


def _flat(folder: str) -> list[dict[str, Any]]:
    """Entries of every file of a folder, in order of the files' names."""
    return [entry for data in read_all(folder) for entry in unfold(data)]
