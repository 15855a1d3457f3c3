"""Numbered documents (文书), shared by all kinds of case."""

from datetime import date
from uuid import UUID

from domain.facts import Frozen


class Document(Frozen):
    """A numbered document (文书)."""

    id: UUID
    code: str
    title: str
    number: str
    dated: date
