"""Deadlines (期限台账): every deadline with its arithmetic, its moves and its clocks."""

from typing import Any

from domain import clocked as c
from domain import registry
from domain.inspection.facts import RecusalGranted
from projections.projection import Change, Projection, officers_of
from projections.rows import Row, Rows
from projections.tables import Column, Table, columns

DEADLINES = Table(
    "deadlines",
    "期限台账",
    ("case_id", "deadline"),
    columns(
        case_id="uuid",
        deadline="text",
        kind="text",
        unit="uuid",
        officers="text[]",
        rule="text",
        title="text",
        subject="text",
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
    ("(unit, due, case_id, deadline) WHERE active", "USING gin (officers) WHERE active"),
)


def on(change: Change, rows: Rows) -> None:
    """The row of the deadline a fact is about; all when the case ends or its officers change."""
    case = change.case
    if case is None:
        return
    match change.event.fact:
        case (
            c.DeadlineSet(deadline=key)
            | c.DeadlineMoved(deadline=key)
            | c.DeadlineSuspended(deadline=key)
            | c.DeadlineMet(deadline=key)
            | c.DeadlineVoided(deadline=key)
            | c.ClockFired(deadline=key)
        ):
            rows.put(DEADLINES, _row(change, case, key, [_entry(change)]))
        case _ if isinstance(change.event.fact, RecusalGranted) or (case.terminal and change.last):
            for key in case.deadlines:
                rows.put(DEADLINES, _row(change, case, key, []))
        case _:
            pass


def _row(change: Change, case: c.Clocked, key: str, history: list[dict[str, Any]]) -> Row:
    deadline = case.deadlines[key]
    kept = set(DEADLINES.columns) & set(type(deadline.due).model_fields) - {"unit"}
    return {
        "case_id": case.id,
        "deadline": key,
        "kind": case.KIND,
        "unit": registry.unit_of(case),
        "officers": officers_of(case),
        **deadline.due.model_dump(include=kept),
        "subject": deadline.subject,
        "status": deadline.status,
        "active": not case.terminal and deadline.status in c.UNSETTLED,
        "due_version": deadline.version,
        "history": history,
        "seq": change.stored.seq,
    }


def _entry(change: Change) -> dict[str, Any]:
    entry = {
        "seq": change.stored.seq,
        "at": change.event.occurred_at,
        "topic": change.stored.topic,
        "words": change.event.fact.words(),
    }
    match change.event.fact:
        case c.DeadlineSet(due=due) | c.DeadlineMoved(due=due):
            return entry | {"due": due.due}
        case c.ClockFired(rung=rung):
            return entry | {"rung": rung.name, "action": rung.action}
        case _:
            return entry


PROJECTION = Projection("deadlines", 1, (DEADLINES,), on)
