"""Things to do (待办): the next actions of every open case, one row per person or for a role."""

from collections.abc import Iterator
from datetime import date

from domain import registry
from domain.clocked import Clocked
from domain.inspection.agenda import next_actions
from projections.projection import Change, Projection, officers_of
from projections.rows import Row, Rows
from projections.tables import Table, columns

ANYBODY = ""
"""Account of what anybody with the role for the unit may do."""

# ``rank`` is the due date, or the last of all days: work without a date comes last. ``barred`` may
# not do it although they hold the role: nobody approves what he handles (职责分离).
TODOS = Table(
    "todos",
    "待办事项",
    ("case_id", "no", "account"),
    columns(
        case_id="uuid",
        no="integer",
        account="text",
        role="text",
        unit="uuid",
        command="text",
        title="text",
        due="date",
        rank="date",
        deadline="text",
        barred="text[]",
    ),
    (
        "(account, rank, case_id, no) WHERE account <> ''",
        "(role, unit, rank, case_id, no) WHERE account = ''",
    ),
)


def on(change: Change, rows: Rows) -> None:
    """The whole list of the case anew, once per page."""
    if change.case is not None and change.last:
        rows.replace(TODOS, change.case.id, _rows(change.case))


def _rows(case: Clocked) -> Iterator[Row]:
    officers = officers_of(case)
    for no, todo in enumerate(next_actions(case)):
        for account in todo.accounts or (ANYBODY,):
            yield {
                "case_id": case.id,
                "no": no,
                "account": account,
                "role": todo.role,
                "unit": registry.unit_of(case),
                "command": todo.command,
                "title": todo.title,
                "due": todo.due,
                "rank": todo.due or date.max,
                "deadline": todo.deadline,
                "barred": () if todo.accounts else officers,
            }


PROJECTION = Projection("todos", 1, (TODOS,), on)
