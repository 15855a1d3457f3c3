"""The law as versioned data: terms, thresholds, documents, and the working calendar."""

from domain.law.book import Law, law
from domain.law.calendar import WorkCalendar
from domain.law.counting import MONTHS, add_months
from domain.law.explain import cli_deadline
from domain.law.model import Due, Rung, Unit
from domain.law.numbers import DocumentNumber, format_number, organ_word, parse_number
from domain.law.rules import DocumentType, Rule, Threshold
from domain.law.tables import YearTable

__all__ = [
    "MONTHS",
    "DocumentNumber",
    "DocumentType",
    "Due",
    "Law",
    "Rule",
    "Rung",
    "Threshold",
    "Unit",
    "WorkCalendar",
    "YearTable",
    "add_months",
    "cli_deadline",
    "format_number",
    "law",
    "organ_word",
    "parse_number",
]
