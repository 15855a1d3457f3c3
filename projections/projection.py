"""What a projection is (读模型): a name, a version, tables, and what each event does to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.case import Case
from domain.facts import Event
from domain.organisation import ORGANISATION_ID
from domain.store import Stored
from projections.rows import Rows
from projections.tables import Table


@dataclass(frozen=True, slots=True)
class Change:
    """One event, and the case as it stands after it."""

    stored: Stored
    event: Event
    case: Case | None
    last: bool
    """Whether the page holds no later event of this stream: what depends only on the state of the
    case is written once per page."""
    turned: bool
    """Whether it changed who handles the case, or ended it: all rows that tell so are due."""


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


def unit_of(case: Case) -> UUID:
    """The unit whose people see the case; what has none belongs to the whole organisation."""
    return case.belongs_to or ORGANISATION_ID
