"""What an inspection adds to the monthly table (月度统计口径)."""

from collections.abc import Iterator, Mapping

from domain.case import Counting, Figure, Indicator
from domain.document import Document
from domain.facts import Event, Fact
from domain.inspection.hazards import VisitFinished
from domain.inspection.measures import MeasureIssued
from domain.inspection.orders import OrderIssued
from domain.inspection.papers import DocumentVoided, Papers
from domain.inspection.plan import PlanApproved
from domain.inspection.record import RecordMade
from domain.inspection.rectification import RecheckMade
from domain.inspection.service import DocumentServed
from domain.inspection.values import Grade, Source
from domain.times import day

VISITS = "visits"
ENTERPRISES = "enterprises"
"""Not stored: the enterprises of the month's visits, each counted once, see ``reads.month``."""
GENERAL, MAJOR = "hazards-general", "hazards-major"
_PAPER = "已编号的有效文书，按文书日期归月；作废的从其日期所在月扣除。"
_SERVED = "首次随责令指令或决定送达的{}隐患，按送达生效日期归月。"

INDICATORS = (
    Indicator(
        VISITS,
        "检查企业（家次）",
        "现场检查结束的次数，按现场检查结束日期归月；复查不计入。",
    ),
    Indicator(
        ENTERPRISES,
        "检查企业（家）",
        "当月被检查的企业，一家只计一次，归当月最先结束现场检查的单位，因此各单位之和等于合计。",
    ),
    Indicator(GENERAL, "一般隐患（项）", _SERVED.format("一般")),
    Indicator(MAJOR, "重大隐患（项）", _SERVED.format("重大")),
    Indicator("document/PLAN", "现场检查方案（份）", _PAPER),
    Indicator("document/RECORD", "现场检查记录（份）", _PAPER),
    Indicator("document/ORDER", "责令限期整改指令书（份）", _PAPER),
    Indicator("document/MEASURE", "现场处理措施决定书（份）", _PAPER),
    Indicator("document/RECHECK", "整改复查意见书（份）", _PAPER),
)


def _visits(fact: VisitFinished, case: Papers, _event: Event) -> Iterator[Figure]:
    """An inspection that only rechecks another one is no visit of its own."""
    if case.drawn_up.source is not Source.RECHECK:
        yield VISITS, 1, day(fact.ended_at)


def _served(fact: DocumentServed, _case: Papers, _event: Event) -> Iterator[Figure]:
    for grade, indicator in ((Grade.GENERAL, GENERAL), (Grade.MAJOR, MAJOR)):
        if count := sum(h.grade is grade for h in fact.first_served):
            yield indicator, count, fact.effective_on


def paper(document: Document, amount: int = 1) -> Figure:
    """A document counts in the month of its date."""
    return f"document/{document.code}", amount, document.dated


Numbered = PlanApproved | RecordMade | OrderIssued | MeasureIssued | RecheckMade


def _numbered(fact: Numbered, _case: Papers, _event: Event) -> Iterator[Figure]:
    yield paper(fact.document)


def _voided(fact: DocumentVoided, case: Papers, _event: Event) -> Iterator[Figure]:
    """A void document never counts: the month of its date is restated."""
    yield paper(case.papers[fact.document].document, -1)


COUNTS: Mapping[type[Fact], Counting] = {
    VisitFinished: _visits,
    DocumentServed: _served,
    PlanApproved: _numbered,
    RecordMade: _numbered,
    OrderIssued: _numbered,
    MeasureIssued: _numbered,
    RecheckMade: _numbered,
    DocumentVoided: _voided,
}
