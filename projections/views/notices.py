"""Notices (通知): what the clocks say, to whom; one notice for what falls due together."""

from collections.abc import Iterator

from domain import registry
from domain.clocked import Clocked, ClockFired
from domain.identity import named
from domain.law import Rung
from projections.projection import Change, Projection, officers_of
from projections.rows import Rows
from projections.tables import Column, Table, columns

NOTICES = Table(
    "notices",
    "通知",
    ("id",),
    columns(
        id="uuid",
        seq=Column("bigint", "first"),
        case_id=Column("uuid", "first"),
        kind=Column("text", "first"),
        unit=Column("uuid", "first"),
        rule=Column("text", "first"),
        rung=Column("text", "first"),
        action=Column("text", "first"),
        addressee=Column("text", "first"),
        title=Column("text", "first"),
        due=Column("date", "first"),
        at=Column("timestamptz", "first"),
        late_seconds=Column("integer", "first"),
        subjects=Column("jsonb", "append"),
    ),
)
# An address is "handler:account", or "approver|supervisor|superior:unit of the case"; who holds
# it is settled when it is read, so that a successor finds what was sent to the predecessor.
ADDRESSES = Table(
    "notice_addresses",
    "通知收件人",
    ("address", "notice"),
    columns(
        address="text",
        notice="uuid",
        seq=Column("bigint", "first"),
        unit=Column("uuid", "first"),
    ),
    ("(address, seq)",),
)


def on(change: Change, rows: Rows) -> None:
    """One row per case, rule, rung and due date; further subjects join it."""
    match change.event.fact, change.case:
        case ClockFired() as fired, Clocked() as case:
            due = case.deadlines[fired.deadline].due
            notice = named("notice", case.id, due.rule, fired.rung.name, due.due)
            rows.put(
                NOTICES,
                {
                    "id": notice,
                    "seq": change.stored.seq,
                    "case_id": case.id,
                    "kind": case.KIND,
                    "unit": registry.unit_of(case),
                    "rule": due.rule,
                    "rung": fired.rung.name,
                    "action": fired.rung.action,
                    "addressee": fired.rung.to,
                    "title": fired.title,
                    "due": due.due,
                    "at": change.event.occurred_at,
                    "late_seconds": fired.late_seconds,
                    "subjects": [fired.subject],
                },
            )
            for address in _addresses(case, fired.rung):
                row = {"address": address, "notice": notice, "seq": change.stored.seq}
                rows.put(ADDRESSES, row | {"unit": registry.unit_of(case)})
        case _:
            pass


def _addresses(case: Clocked, rung: Rung) -> Iterator[str]:
    if rung.to == "handler":
        for account in officers_of(case):
            yield f"handler:{account}"
    else:
        yield f"{rung.to}:{registry.unit_of(case)}"


PROJECTION = Projection("notices", 1, (NOTICES, ADDRESSES), on)
