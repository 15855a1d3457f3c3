"""The timeline (时间线): every event of every case in words, with who, when and its hash."""

from uuid import UUID

from domain import registry
from domain.clocked import Clocked
from domain.penalty import PenaltyCase
from domain.transfer import Transfer
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.tables import Table, columns

# ``root`` is the inspection a penalty or transfer came from: they show on its timeline too.
TIMELINE = Table(
    "timeline",
    "案件时间线",
    ("seq",),
    columns(
        seq="bigint",
        stream="uuid",
        root="uuid",
        kind="text",
        unit="uuid",
        version="integer",
        occurred_at="timestamptz",
        recorded_at="timestamptz",
        account="text",
        role="text",
        topic="text",
        title="text",
        words="text",
        hash="text",
    ),
    ("(root, seq)", "(stream, seq)"),
)


def on(change: Change, rows: Rows) -> None:
    """One row per event of a case."""
    if change.case is None:
        return
    stored, event = change.stored, change.event
    rows.put(
        TIMELINE,
        {
            "seq": stored.seq,
            "stream": stored.stream,
            "root": _root(change.case),
            "kind": stored.kind,
            "unit": registry.unit_of(change.case),
            "version": stored.version,
            "occurred_at": event.occurred_at,
            "recorded_at": stored.recorded_at,
            "account": event.by.account,
            "role": event.by.role,
            "topic": stored.topic,
            "title": event.fact.TITLE,
            "words": event.fact.words(),
            "hash": stored.hash.hex(),
        },
    )


def _root(case: Clocked) -> UUID:
    """The inspection the case belongs to, or the case itself."""
    match case:
        case PenaltyCase() | Transfer() if case.inspection is not None:
            return case.inspection
        case _:
            return case.id


PROJECTION = Projection("timeline", 1, (TIMELINE,), on)
