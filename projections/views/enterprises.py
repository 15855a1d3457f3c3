"""Enterprises (企业): particulars in clear, contact sealed."""

from typing import Any

from domain.enterprise.enterprise import EnterpriseRegistered
from domain.personal import Personal
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.tables import Table, columns

ENTERPRISES = Table(
    "enterprises",
    "企业（联系人为密文）",
    ("id",),
    columns(
        id="uuid",
        uscc="text",
        name="text",
        unit="uuid",
        industry="text",
        address="text",
        principal="jsonb",
        phone="jsonb",
        seq="bigint",
    ),
    ("(uscc)", '(unit, name COLLATE "C", id)'),
)


def on(change: Change, rows: Rows) -> None:
    """Newest particulars of each enterprise."""
    match change.event.fact:
        case EnterpriseRegistered() as f:
            contact = {"principal": _sealed(f.principal), "phone": _sealed(f.phone)}
            row = {"id": change.stored.stream, "seq": change.stored.seq} | contact
            rows.put(ENTERPRISES, row | f.particulars.model_dump())
        case _:
            pass


def _sealed(personal: Personal | None) -> dict[str, Any] | None:
    return personal.model_dump(mode="json") if personal else None


PROJECTION = Projection("enterprises", 1, (ENTERPRISES,), on)
