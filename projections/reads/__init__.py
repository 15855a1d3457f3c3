"""Reads for the API (读取): plain SQL functions over a reader's connection."""

from projections.reads.case import case_list, case_timeline, case_view
from projections.reads.deadlines import open_deadlines
from projections.reads.inbox import inbox
from projections.reads.late import late_entries
from projections.reads.month import contributions, month_table
from projections.reads.paging import Page
from projections.reads.registers import enterprises, grants_of, people, units
from projections.reads.scope import Scope, scope_of, units_covered_by
from projections.reads.urgency import Horizon, Urgency
from projections.reads.work import Tab, my_work, work_counts

__all__ = [
    "Horizon",
    "Page",
    "Scope",
    "Tab",
    "Urgency",
    "case_list",
    "case_timeline",
    "case_view",
    "contributions",
    "enterprises",
    "grants_of",
    "inbox",
    "late_entries",
    "month_table",
    "my_work",
    "open_deadlines",
    "people",
    "scope_of",
    "units",
    "units_covered_by",
    "work_counts",
]
