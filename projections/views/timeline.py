"""The timeline (时间线): every event of every case, with who, when and its hash."""

from projections.projection import Change, Projection, unit_of
from projections.rows import Rows
from projections.tables import Table, columns

# ``root`` is the case another one came from: its events show on that one's timeline too. Words are
# made when they are read, of ``data`` (the fact in that ``shape``, personal data sealed as in the
# log) and of ``names`` (what people call the things it names by their ids).
# ``reason`` says why it was entered afterwards, empty where it was not.
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
        shape="integer",
        data="jsonb",
        names="jsonb",
        reason="text",
        hash="text",
    ),
    ("(root, seq)", "(stream, seq)", "(unit, seq) WHERE reason <> ''"),
)


def on(change: Change, rows: Rows) -> None:
    """One row per event of a case."""
    case, stored, event = change.case, change.stored, change.event
    if case is None:
        return
    rows.put(
        TIMELINE,
        {
            "seq": stored.seq,
            "stream": stored.stream,
            "root": case.parent or case.id,
            "kind": stored.kind,
            "unit": unit_of(case),
            "version": stored.version,
            "occurred_at": event.occurred_at,
            "recorded_at": stored.recorded_at,
            "account": event.by.account,
            "role": event.by.role,
            "topic": stored.topic,
            "shape": event.fact.VERSION,
            "data": event.fact.model_dump(mode="json"),
            "names": case.names(event.fact),
            "reason": event.reason,
            "hash": stored.hash.hex(),
        },
    )


PROJECTION = Projection("timeline", 3, (TIMELINE,), on)
