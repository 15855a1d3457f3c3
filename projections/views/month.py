"""Monthly figures (月度统计): the events that make every figure, by business month."""

from collections.abc import Iterator
from datetime import date

from domain import registry
from domain.clocked import Clocked
from domain.command import day
from domain.inspection import facts as f
from domain.inspection.inspection import Inspection
from domain.inspection.values import Grade
from domain.penalty import penalty as p
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.tables import Table, columns

VISITS = "visits"
ENTERPRISES = "enterprises"
"""Not stored: the enterprises of the month's visits, each counted once, see ``reads.month``."""
GENERAL = "hazards-general"
MAJOR = "hazards-major"
PROPOSED = "filings-proposed"
APPROVED = "filings-approved"

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
    ),
    ("(month, indicator, unit, seq) INCLUDE (amount, at, enterprise)",),
)

Figure = tuple[str, int, date]
"""Indicator, amount, business day."""


def on(change: Change, rows: Rows) -> None:
    """One row per event and indicator."""
    case = change.case
    if case is None:
        return
    plan = case.plan if isinstance(case, Inspection) else None
    for indicator, amount, on_day in _figures(change, case):
        rows.put(
            CONTRIBUTIONS,
            {
                "seq": change.stored.seq,
                "indicator": indicator,
                "month": on_day.replace(day=1),
                "unit": registry.unit_of(case),
                "amount": amount,
                "on_day": on_day,
                "at": change.event.occurred_at,
                "case_id": case.id,
                "enterprise": plan and plan.enterprise,
            },
        )


def _figures(change: Change, case: Clocked) -> Iterator[Figure]:
    fact, today = change.event.fact, day(change.event.occurred_at)
    match fact:
        case f.VisitFinished():
            yield VISITS, 1, day(fact.ended_at)
        case f.DocumentServed():
            for grade, indicator in ((Grade.GENERAL, GENERAL), (Grade.MAJOR, MAJOR)):
                if count := sum(h.grade is grade for h in fact.first_served):
                    yield indicator, count, fact.effective_on
        case (
            f.PlanApproved(document=document)
            | f.RecordMade(document=document)
            | f.OrderIssued(document=document)
            | f.MeasureIssued(document=document)
            | f.RecheckMade(document=document)
        ):
            yield f"document/{document.code}", 1, document.dated
        case f.DocumentVoided(document=void) if isinstance(case, Inspection):
            # A void document never counts: the month of its date is restated.
            document = case.papers[void].document
            yield f"document/{document.code}", -1, document.dated
        case p.FilingProposed():
            yield PROPOSED, 1, today
        case p.FilingApproved(document=document):
            yield f"document/{document.code}", 1, document.dated
            yield APPROVED, 1, today
        case _:
            pass


PROJECTION = Projection("month", 1, (CONTRIBUTIONS,), on)
