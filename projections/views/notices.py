"""Notices (通知): what the clocks say, to whom; one notice for what falls due together."""

from collections.abc import Iterator

from domain.case import Case
from domain.deadlines import ClockFired
from domain.identity import named
from domain.law import Rung
from projections.projection import Change, Projection, unit_of
from projections.rows import Row, Rows
from projections.tables import Column, Table, columns

# ``subjects`` are the deadlines that the notice is about: subject, number and name of each.
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
# An address is "handler:account", or "role|superior:unit of the case"; who holds
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
        case_id=Column("uuid", "first"),
    ),
    ("(address, seq)",),
)


def on(change: Change, rows: Rows) -> None:
    """One row per case, rule, rung and due date; further subjects join it."""
    fired, case, seq = change.event.fact, change.case, change.stored.seq
    if not isinstance(fired, ClockFired) or case is None:
        return
    due = case.deadlines[fired.deadlines[0]].due
    notice = named("notice", case.id, due.rule, fired.rung.name, due.due)
    rows.put(
        NOTICES,
        {
            "id": notice,
            "seq": seq,
            "case_id": case.id,
            "kind": case.KIND,
            "unit": unit_of(case),
            "rule": due.rule,
            "rung": fired.rung.name,
            "action": fired.rung.action,
            "addressee": fired.rung.to,
            "title": fired.title,
            "due": due.due,
            "at": change.event.occurred_at,
            "late_seconds": fired.late_seconds,
            "subjects": list(_subjects(case, fired)),
        },
    )
    for address in _addresses(case, fired.rung):
        row = {"address": address, "notice": notice, "seq": seq, "case_id": case.id}
        rows.put(ADDRESSES, row | {"unit": unit_of(case)})


def _subjects(case: Case, fired: ClockFired) -> Iterator[Row]:
    for key in fired.deadlines:
        name = case.name_of(key.subject)
        yield {"subject": key.subject, "number": key.number, "name": name}


def _addresses(case: Case, rung: Rung) -> Iterator[str]:
    if rung.to != "handler":
        yield f"{rung.to}:{unit_of(case)}"
    elif case.handlers:
        for account in case.handlers:
            yield f"handler:{account}"
    else:
        yield from _instead(case)


def _instead(case: Case) -> Iterator[str]:
    """Nobody handles the case: whoever may do what is to be done hears of it."""
    for todo in case.todos():
        for account in todo.accounts:
            yield f"handler:{account}"
        if not todo.accounts:
            yield f"{todo.role}:{unit_of(case)}"


PROJECTION = Projection("notices", 3, (NOTICES, ADDRESSES), on)
