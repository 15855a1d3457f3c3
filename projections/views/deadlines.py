"""Deadlines (期限台账): every deadline with its arithmetic, its moves and its clocks."""

from typing import Any

from domain import deadlines as d
from domain.case import Case
from projections.projection import Change, Projection, unit_of
from projections.rows import Row, Rows
from projections.tables import Column, Table, columns

# ``deadline`` is the key as text; ``rule``, ``subject`` and ``number`` are its parts, ``name`` is
# what people call the subject.
DEADLINES = Table(
    "deadlines",
    "期限台账",
    ("case_id", "deadline"),
    columns(
        case_id="uuid",
        deadline="text",
        kind="text",
        unit="uuid",
        handlers="text[]",
        rule="text",
        subject="text",
        number="integer",
        name="text",
        title="text",
        day0="date",
        due="date",
        due_at="timestamptz",
        basis="text",
        arithmetic="text",
        law_version="text",
        calendar_version="text",
        provisional="boolean",
        status="text",
        active="boolean",
        due_version="integer",
        history=Column("jsonb", "append"),
        seq="bigint",
    ),
    ("(unit, due, case_id, deadline) WHERE active", "USING gin (handlers) WHERE active"),
)


def on(change: Change, rows: Rows) -> None:
    """A row per deadline the fact is about; all when the case ends or its handlers change."""
    case = change.case
    if case is None:
        return
    if change.turned:
        for key in case.deadlines:
            rows.put(DEADLINES, _row(change, case, key, []))
    match change.event.fact:
        case d.ClockNotNeeded():
            pass
        case d.DeadlineFact() as fact:
            history = [_entry(change, fact)]
            for key in fact.deadlines:
                rows.put(DEADLINES, _row(change, case, key, history))
        case _:
            pass


def _row(change: Change, case: Case, key: d.Key, history: list[dict[str, Any]]) -> Row:
    deadline = case.deadlines[key]
    due = deadline.due
    return {
        "case_id": case.id,
        "deadline": str(key),
        "kind": case.KIND,
        "unit": unit_of(case),
        "handlers": case.handlers,
        "rule": key.rule,
        "subject": key.subject,
        "number": key.number,
        "name": case.name_of(key.subject),
        "title": due.title,
        "day0": due.day0,
        "due": due.due,
        "due_at": due.due_at,
        "basis": due.basis,
        "arithmetic": due.arithmetic,
        "law_version": due.law_version,
        "calendar_version": due.calendar_version,
        "provisional": due.provisional,
        "status": deadline.status,
        "active": not case.terminal and deadline.status in d.UNSETTLED,
        "due_version": deadline.version,
        "history": history,
        "seq": change.stored.seq,
    }


def _entry(change: Change, fact: d.DeadlineFact) -> dict[str, Any]:
    """What happened: ``data`` is the fact but for its deadlines, which the row names itself."""
    data = fact.model_dump(mode="json", exclude={"deadlines"})
    entry = {
        "seq": change.stored.seq,
        "at": change.event.occurred_at,
        "topic": change.stored.topic,
        "shape": fact.VERSION,
        "data": data,
    }
    match fact:
        case d.DeadlineSet(due=due) | d.DeadlineMoved(due=due):
            data["due"]["rungs"] = ()  # half of the bytes, and no words speak of them
            return entry | {"due": due.due}
        case d.ClockFired(rung=rung):
            return entry | {"rung": rung.name, "action": rung.action}
        case _:
            return entry


PROJECTION = Projection("deadlines", 2, (DEADLINES,), on)
