"""What a projection is (读模型): a name, a version, tables, and what each event does to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.clocked import Clocked
from domain.facts import Event
from domain.inspection.inspection import Inspection
from domain.penalty import PenaltyCase
from domain.store import Stored
from domain.transfer import Transfer
from projections.rows import Rows
from projections.tables import Table


@dataclass(frozen=True, slots=True)
class Change:
    """One event, and the case as it stands after it."""

    stored: Stored
    event: Event
    case: Clocked | None
    last: bool
    """Whether the page holds no later event of this stream: what depends only on the state of the
    case is written once per page."""


@dataclass(frozen=True)
class Projection:
    """Rows computed from the log.

    ``on`` reads nothing but the change and depends on no other stream, so that a parked stream can
    be taken up again at any time. Whoever changes what it writes raises ``version``: the next start
    rebuilds it.
    """

    name: str
    version: int
    tables: Sequence[Table]
    on: Callable[[Change, Rows], None]


def officers_of(case: Clocked) -> tuple[str, ...]:
    """Accounts of those who handle the case (承办人)."""
    match case:
        case Inspection():
            return tuple(o.account for o in case.officers)
        case PenaltyCase():
            return case.handlers
        case Transfer():
            return case.team
        case _:
            return ()
