"""Things to do (待办): the next actions of every open case, one row per person or for a role."""

from collections.abc import Iterator
from datetime import date

from domain.case import Case
from projections.projection import Change, Projection, unit_of
from projections.rows import Row, Rows
from projections.tables import Table, columns

ANYBODY = ""
"""Account of what anybody with the role for the unit may do."""

# ``duty`` and what it is ``about`` become a title when they are read; ``given`` are the fields of
# its form that are known already. ``rank`` is the due date, or the last of all days: work without a
# date comes last. ``barred`` may not do it although they hold the role (职责分离).
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
        duty="text",
        about="text[]",
        given="jsonb",
        command="text",
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


def _rows(case: Case) -> Iterator[Row]:
    for no, todo in enumerate(case.todos()):
        for account in todo.accounts or (ANYBODY,):
            yield {
                "case_id": case.id,
                "no": no,
                "account": account,
                "role": todo.role,
                "unit": unit_of(case),
                "duty": todo.duty.code,
                "about": todo.about,
                "given": todo.given or {},
                "command": todo.command,
                "due": todo.due,
                "rank": todo.due or date.max,
                "deadline": todo.deadline and str(todo.deadline),
                "barred": () if todo.accounts else case.barred,
            }


PROJECTION = Projection("todos", 2, (TODOS,), on)
