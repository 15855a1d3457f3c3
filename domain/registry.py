"""All aggregates and commands in one place; importing it registers every fact and command."""

from uuid import UUID

import domain.penalty.filing as penalty_filing
import domain.transfer.approval as transfer_approval
from domain.clocked import Clocked
from domain.enterprise import Enterprise
from domain.facts import Aggregate
from domain.inspection import Inspection
from domain.organisation import ORGANISATION_ID
from domain.organisation.people import Member
from domain.penalty import PenaltyCase
from domain.transfer import Transfer

COMMAND_MODULES = (penalty_filing, transfer_approval)
"""Modules of commands that nothing else imports."""
CLOCKED: dict[str, type[Clocked]] = {k.KIND: k for k in (Inspection, PenaltyCase, Transfer)}
"""Kinds of case with clocks; each has a workflow."""


def clocked(kind: str) -> type[Clocked]:
    """The aggregate with clocks of that stored kind."""
    return CLOCKED[kind]


def unit_of(case: Aggregate) -> UUID:
    """The unit a case belongs to; what has none belongs to the whole organisation."""
    match case:
        case Inspection(unit=UUID() as unit) | PenaltyCase(unit=UUID() as unit):
            return unit
        case Transfer(unit=UUID() as unit) | Member(unit=UUID() as unit):
            return unit
        case Enterprise(particulars=particulars) if particulars is not None:
            return particulars.unit
        case _:
            return ORGANISATION_ID


def is_officer(case: Aggregate, account: str) -> bool:
    """Whether the account is one of the officers of a case."""
    return isinstance(case, Inspection) and case.present_or_planned(account) is not None
