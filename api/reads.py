"""Reads across cases (读取接口): straight from the projections, within what one may see."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import SIGNED_IN
from api.problems import BadRequest
from api.reading import READ_YOUR_WRITES, After, Limit, found, json, reading
from domain.command import COMMANDS
from projections.reads import (
    contributions,
    enterprises,
    inbox,
    late_entries,
    month_table,
    open_deadlines,
    units,
)

routes = APIRouter(prefix="/api/v1", tags=["读取"], dependencies=[*SIGNED_IN, READ_YOUR_WRITES])


@routes.get("/deadlines", operation_id="deadlines", summary="正在计算的期限")
def deadlines(
    request: Request,
    unit: UUID | None = None,
    officer: str | None = None,
    until: date = date.max,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Deadlines with rule, arithmetic and history, the first due first."""
    with reading(request) as reader:
        page = open_deadlines(
            reader.connection,
            reader.scope,
            reader.horizon,
            unit=unit,
            officer=officer,
            until=until,
            after=after,
            limit=limit,
        )
        return json(reader.page(page))


@routes.get("/inbox", operation_id="inbox", summary="收件箱")
def notices(request: Request, after: After = None, limit: Limit = 50) -> Response:
    """What the clocks told this person, the newest first."""
    with reading(request) as reader:
        page = inbox(reader.connection, reader.scope, after=after, limit=limit)
        return json(reader.page(page))


@routes.get("/late-entries", operation_id="late_entries", summary="补录")
def afterwards(request: Request, after: After = None, limit: Limit = 50) -> Response:
    """Acts entered on a later day than they happened, with reason and both times."""
    with reading(request) as reader:
        page = late_entries(reader.connection, reader.scope, after=after, limit=limit)
        return json(reader.page(page))


@routes.get("/stats/month", operation_id="month", summary="月度调度表")
def month(request: Request, month: str, unit: UUID) -> Response:
    """The unit and all below it, zeros printed."""
    with reading(request) as reader:
        table = month_table(reader.connection, reader.scope, month_of(month), unit)
        return json(found(table))


@routes.get("/stats/month/events", operation_id="month_events", summary="数字的构成")
def month_events(
    request: Request,
    month: str,
    unit: UUID,
    indicator: str,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """The events that make one figure."""
    with reading(request) as reader:
        page = contributions(
            reader.connection,
            reader.scope,
            month_of(month),
            unit,
            indicator,
            after=after,
            limit=limit,
        )
        return json(reader.page(page))


@routes.get("/units", operation_id="units", summary="机构")
def all_units(request: Request) -> Response:
    """The tree of units, those above first."""
    with reading(request) as reader:
        return json({"items": units(reader.connection)})


@routes.get("/enterprises", operation_id="enterprises", summary="企业")
def all_enterprises(
    request: Request, q: str = "", after: After = None, limit: Limit = 50
) -> Response:
    """Enterprises in the person's area by name or code; contacts stay sealed."""
    with reading(request) as reader:
        within = list(reader.scope.units)
        page = enterprises(reader.connection, within, q, after=after, limit=limit)
        for row in page.items:
            del row["principal"], row["phone"]
        return json(reader.page(page))


@routes.get("/commands", operation_id="commands", summary="全部操作")
def all_commands() -> Response:
    """Every command with its roles."""
    listed = [
        {
            "family": family,
            "name": name,
            "title": command.TITLE,
            "roles": sorted(command.ROLES),
            "creates": command.CREATES,
            "merges": command.MERGES,
        }
        for (family, name), command in COMMANDS.items()
    ]
    return json({"items": listed})


def month_of(text: str) -> date:
    """First day of a month written 2026-01."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadRequest("MONTH", "月份应写成 2026-01 的形式。") from error
