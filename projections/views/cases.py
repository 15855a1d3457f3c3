"""Cases (案件): one row each, what all kinds have, and what its kind shows of itself."""

from domain.case import Case
from projections.projection import Change, Projection, unit_of
from projections.rows import Row, Rows
from projections.tables import Column, Table, columns

# ``stage`` and ``outcome`` are codes of the kind, ``parent`` the case it came from, ``content``
# what the kind shows beyond the other columns.
CASES = Table(
    "cases",
    "案件",
    ("id",),
    columns(
        id="uuid",
        kind="text",
        unit="uuid",
        enterprise="uuid",
        parent="uuid",
        title="text",
        number="text",
        step="integer",
        stage="text",
        outcome="text",
        ended="boolean",
        handlers="text[]",
        hidden="text[]",
        next_due="date",
        content="jsonb",
        initiator=Column("text", "first"),
        opened_at=Column("timestamptz", "first"),
        opened_seq=Column("bigint", "first"),
        version="integer",
        seq="bigint",
        changed_at="timestamptz",
    ),
    (
        "(unit, kind, opened_seq)",
        "(unit, kind, opened_seq) WHERE NOT ended",
        "(initiator, opened_seq) WHERE NOT ended",
        "(parent) WHERE parent IS NOT NULL",
        "(enterprise, opened_seq)",
        "(number)",
        "USING gin (hidden) WHERE hidden <> '{}'",
    ),
)


def on(change: Change, rows: Rows) -> None:
    """Who opened the case, and its state when the page has no later event of it."""
    case, stored, at = change.case, change.stored, change.event.occurred_at
    if case is None:
        return
    key = {"id": stored.stream}
    if stored.version == 1:
        opened = {"opened_at": at, "opened_seq": stored.seq}
        rows.put(CASES, key | opened | {"initiator": change.event.by.account})
    if change.last:
        place = {"version": stored.version, "seq": stored.seq, "changed_at": at}
        rows.put(CASES, key | _state(case) | place)


def _state(case: Case) -> Row:
    return {
        "kind": case.KIND,
        "unit": unit_of(case),
        "enterprise": case.enterprise,
        "parent": case.parent,
        "title": case.subject,
        "number": case.number,
        "step": case.step,
        "stage": case.stage,
        "outcome": case.ending,
        "ended": case.terminal,
        "handlers": case.handlers,
        "hidden": case.hidden,
        "next_due": min((d.due.due for d in case.open_deadlines()), default=None),
        "content": case.content(),
    }


PROJECTION = Projection("cases", 3, (CASES,), on)
