"""What is mine (我的工作): account, roles, work list."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import SIGNED_IN
from api.reading import READ_YOUR_WRITES, After, Limit, json, reading
from projections.reads import Tab, my_work, work_counts

routes = APIRouter(prefix="/api/v1", tags=["读取"], dependencies=[*SIGNED_IN, READ_YOUR_WRITES])


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
