"""Cases by HTTP (案件接口): the same reads for every kind there is."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import SIGNED_IN, etag
from api.reading import READ_YOUR_WRITES, After, Limit, found, json, reading
from domain.registry import KINDS
from projections.reads import case_list, case_timeline, case_view


def router() -> APIRouter:
    """Reads of all kinds of case."""
    routes = APIRouter(prefix="/api/v1", tags=["读取"], dependencies=[*SIGNED_IN, READ_YOUR_WRITES])
    for kind, case in KINDS.items():
        path = f"/{case.FAMILY.name}"
        routes.add_api_route(
            path, _list(kind), operation_id=f"list_{case.FAMILY.name}", summary="案件列表"
        )
        routes.add_api_route(
            f"{path}/{{case_id}}", _one(kind), operation_id=f"get_{kind}", summary="案件"
        )
        routes.add_api_route(
            f"{path}/{{case_id}}/timeline",
            _timeline,
            operation_id=f"{kind}_timeline",
            summary="案件时间线",
        )
    return routes


def _list(kind: str) -> Callable[..., Response]:
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


def _one(kind: str) -> Callable[..., Response]:
    def case(request: Request, case_id: UUID) -> Response:
        with reading(request) as reader:
            view = case_view(reader.connection, reader.scope, reader.horizon, case_id)
            view = found(view if view and view["kind"] == kind else None)
            for todo in view["todos"]:
                del todo["given"]  # for the forms of the pages
            return json(view, headers={"ETag": etag(view["version"])})

    return case


def _timeline(request: Request, case_id: UUID, after: After = None, limit: Limit = 50) -> Response:
    """Events in order, with who, when, what and the hash."""
    with reading(request) as reader:
        found(case_view(reader.connection, reader.scope, reader.horizon, case_id))
        page = case_timeline(reader.connection, reader.scope, case_id, after=after, limit=limit)
        return json(reader.page(page))
