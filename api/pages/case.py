"""The page of one case (案件页): stepper, next actions, clocks, hazards, documents, timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from api.pages.forms import forms_of
from api.pages.render import case_path, page, told
from api.reading import Reader, found
from domain.errors import Refusal
from domain.facts import Role
from domain.registry import KINDS
from projections.reads import case_timeline, case_view

BESIDE = (6, 7)
"""Steps that run beside the others and may never be entered."""


@dataclass(frozen=True)
class Typed:
    """A form as somebody filled it in."""

    target: UUID
    command: str
    fields: Mapping[str, str]


def case_page(
    request: Request,
    reader: Reader,
    case_id: UUID,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    refused: Typed | None = None,
    after: str | None = None,
) -> Response:
    """The case for whoever may see it; a refusal is shown on it, with what was typed."""
    view = found(case_view(reader.connection, reader.scope, reader.horizon, case_id))
    events = case_timeline(reader.connection, reader.scope, case_id, after=after, limit=100)
    children = [
        child
        for row in view["children"]
        if (child := case_view(reader.connection, reader.scope, reader.horizon, row["id"]))
    ]
    active = [told(d) for c in (view, *children) for d in c["deadlines"] if d["active"]]
    url = case_path(view["kind"], case_id)
    actions = [a for c in (view, *children) for a in _actions(c, reader)]
    if refused is not None:
        _fill(actions, refused)
    return page(
        request,
        "case.html",
        reader.scope.account,
        200 if refusal is None else 422,
        case=view,
        url=url,
        steps=_steps(view),
        actions=actions,
        clocks=_together(active),
        children=[_child(child) for child in children],
        timeline=[_event(row) for row in events.items],
        older=f"{url}?after={events.next}" if events.next else "",
        said=said,
        error=refusal,
    )


def _child(view: dict[str, Any]) -> dict[str, Any]:
    """A case that this one led to: what people call its kind, and where it is shown."""
    kind = KINDS.get(view["kind"])
    url = case_path(view["kind"], view["id"])
    return view | {"url": url, "kind_title": kind.FAMILY.title if kind else view["kind"]}


def _together(deadlines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Deadlines of one rule, date and standing as one clock, the first due first."""
    clocks: dict[tuple[Any, ...], dict[str, Any]] = {}
    for deadline in sorted(deadlines, key=lambda d: (d["due"], d["deadline"])):
        key = (deadline["rule"], deadline["due"], deadline["status"])
        known = clocks.setdefault(key, deadline | {"subjects": []})
        known["subjects"].append(deadline["subject"])
    return list(clocks.values())


def _steps(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Each step as done, present, to come, or not taken."""
    steps = view["steps"]
    present = None if view["ended"] else view["step"]
    entered = [s["step"] for s in steps if s["entered_at"]]
    last = max(entered, default=0)

    def state(no: int, at: datetime | None) -> str:
        if no == present:
            return "now"
        if at:
            return "done"
        return "aside" if no < last or (no in BESIDE and view["ended"]) else "todo"

    return [
        {
            "no": s["step"],
            "title": s["title"],
            "at": s["entered_at"],
            "state": state(s["step"], s["entered_at"]),
        }
        for s in steps
    ]


def _actions(view: dict[str, Any], reader: Reader) -> list[dict[str, Any]]:
    """What is to be done, by whom; with a form where this person may do it with one."""
    mine = {role for role, unit in reader.scope.work if unit == view["unit"]}
    family = KINDS[view["kind"]].FAMILY.name if view["kind"] in KINDS else ""
    actions: list[dict[str, Any]] = []
    for todo in view["todos"]:
        accounts: list[str] = todo["accounts"] or []
        role = Role(todo["role"])
        may = reader.scope.account in accounts if accounts else role in mine
        actions.append(
            told(todo)
            | {
                "who": "、".join(accounts) or role.chinese,
                "forms": forms_of(family, todo["command"], todo["given"]) if may else [],
                "mine": may,
                "family": family,
                "target": view["id"],
                "version": view["version"],
            }
        )
    return actions


def _fill(actions: list[dict[str, Any]], refused: Typed) -> None:
    """Open the form that was refused, as it was filled in."""
    for action in actions:
        for form in action["forms"]:
            if (action["target"], form["command"]) == (refused.target, refused.command):
                form["open"] = True
                for field in form["fields"]:
                    field["value"] = refused.fields.get(field["name"], field["value"])


def _event(row: dict[str, Any]) -> dict[str, Any]:
    by_clock = row["role"] == Role.SYSTEM.value
    return row | {
        "by_clock": by_clock,
        "account": Role.SYSTEM.chinese if by_clock else row["account"],
    }
