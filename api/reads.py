"""Reads (读取接口): straight from the projections, within what the person may see."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.doors import SIGNED_IN, etag
from api.problems import BadRequest
from api.reading import READ_YOUR_WRITES, found, json, reading
from domain.command import COMMANDS
from projections.reads import (
    Tab,
    case_list,
    case_timeline,
    case_view,
    contributions,
    enterprises,
    inbox,
    month_table,
    my_work,
    open_deadlines,
    units,
    work_counts,
)

routes = APIRouter(prefix="/api/v1", tags=["读取"], dependencies=[*SIGNED_IN, READ_YOUR_WRITES])
Limit = Annotated[int, Query(ge=1, le=200, description="每页条数")]
After = Annotated[str | None, Query(description="上一页给出的 next")]
KINDS = {"inspections": "inspection", "penalties": "penalty", "transfers": "transfer"}


@routes.get("/me", operation_id="me", summary="我的账号、角色和管辖单位")
def me(request: Request) -> Response:
    """Who is signed in."""
    with reading(request) as reader:
        work = [{"role": role, "unit": unit} for role, unit in reader.scope.work]
        return json({"account": reader.scope.account, "grants": work})


@routes.get("/work", operation_id="work", summary="我的待办")
def work(
    request: Request,
    tab: Tab = "todo",
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """What, by when, what next."""
    with reading(request) as reader:
        page = my_work(
            reader.connection, reader.scope, reader.horizon, tab, after=after, limit=limit
        )
        counts = work_counts(reader.connection, reader.scope, reader.horizon)
        return json(reader.page(page) | {"counts": counts})


def _list(kind: str) -> Any:  # noqa: ANN401 - a route function
    def cases(
        request: Request,
        unit: UUID | None = None,
        enterprise: UUID | None = None,
        open_only: bool | None = None,  # noqa: FBT001 - a query parameter
        after: After = None,
        limit: Limit = 50,
    ) -> Response:
        with reading(request) as reader:
            page = case_list(
                reader.connection,
                reader.scope,
                kind,
                unit=unit,
                enterprise=enterprise,
                open_only=open_only,
                after=after,
                limit=limit,
            )
            return json(reader.page(page))

    return cases


def _one(kind: str) -> Any:  # noqa: ANN401 - a route function
    def case(request: Request, case_id: UUID) -> Response:
        with reading(request) as reader:
            view = case_view(reader.connection, reader.scope, reader.horizon, case_id)
            view = found(view if view and view["kind"] == kind else None)
            return json(view, headers={"ETag": etag(view["version"])})

    return case


def _timeline(request: Request, case_id: UUID, after: After = None, limit: Limit = 50) -> Response:
    """Events in order, with who, when, what and the hash."""
    with reading(request) as reader:
        found(case_view(reader.connection, reader.scope, reader.horizon, case_id))
        page = case_timeline(reader.connection, reader.scope, case_id, after=after, limit=limit)
        return json(reader.page(page))


for _family, _kind in KINDS.items():
    routes.add_api_route(
        f"/{_family}", _list(_kind), operation_id=f"list_{_family}", summary="案件列表"
    )
    routes.add_api_route(
        f"/{_family}/{{case_id}}", _one(_kind), operation_id=f"get_{_kind}", summary="案件"
    )
    routes.add_api_route(
        f"/{_family}/{{case_id}}/timeline",
        _timeline,
        operation_id=f"{_kind}_timeline",
        summary="案件时间线",
    )


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
