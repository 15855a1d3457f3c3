"""Units (机构): the tree as it is now."""

from domain.organisation.unit import UnitAdded, UnitChanged
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.tables import Table, columns

UNITS = Table(
    "units",
    "机构",
    ("id",),
    columns(
        id="uuid",
        parent="uuid",
        name="text",
        abbr="text",
        kind="text",
        code="text",
        ranked="boolean",
        valid_from="date",
        valid_to="date",
        seq="bigint",
    ),
    ("(parent)",),
)


def on(change: Change, rows: Rows) -> None:
    """Newest particulars of each unit."""
    match change.event.fact:
        case UnitAdded(unit=unit) | UnitChanged(unit=unit):
            rows.put(UNITS, unit.model_dump() | {"seq": change.stored.seq})
        case _:
            pass


PROJECTION = Projection("units", 1, (UNITS,), on)
