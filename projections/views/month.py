"""Monthly figures (月度统计): the events that make every figure, by business month."""

from projections.projection import Change, Projection, unit_of
from projections.rows import Rows
from projections.tables import Table, columns

CONTRIBUTIONS = Table(
    "month_contributions",
    "月度统计明细：构成每项数字的事件",
    ("seq", "indicator"),
    columns(
        seq="bigint",
        indicator="text",
        month="date",
        unit="uuid",
        amount="integer",
        on_day="date",
        at="timestamptz",
        case_id="uuid",
        enterprise="uuid",
        reason="text",
    ),
    ("(month, indicator, unit, seq) INCLUDE (amount, at, enterprise)",),
)


def on(change: Change, rows: Rows) -> None:
    """One row per event and indicator."""
    case, event = change.case, change.event
    counting = case.COUNTS.get(type(event.fact)) if case else None
    if case is None or counting is None:
        return
    for indicator, amount, on_day in counting(event.fact, case, event):
        rows.put(
            CONTRIBUTIONS,
            {
                "seq": change.stored.seq,
                "indicator": indicator,
                "month": on_day.replace(day=1),
                "unit": unit_of(case),
                "amount": amount,
                "on_day": on_day,
                "at": event.occurred_at,
                "case_id": case.id,
                "enterprise": case.enterprise,
                "reason": event.reason,
            },
        )


PROJECTION = Projection("month", 3, (CONTRIBUTIONS,), on)
