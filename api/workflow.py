"""What the workflow of a case waits for (工作流): asked of Temporal, told in words."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import SIGNED_IN, doors_of
from api.reading import case_in_scope, json
from domain.errors import Busy
from domain.registry import KINDS
from domain.times import SHANGHAI
from workflows.messages import CaseStatus

SILENT = "工作流没有应答：时钟服务暂时不可用，或案件刚刚建立；案件照常办理，请稍后再看。"
NONE = "本案没有工作流：已办结，或尚未投递。"


def router() -> APIRouter:
    """One read for every kind of case."""
    routes = APIRouter(prefix="/api/v1", tags=["读取"], dependencies=SIGNED_IN)
    for kind, case in KINDS.items():
        routes.add_api_route(
            f"/{case.FAMILY.name}/{{case_id}}/workflow",
            _one(kind),
            operation_id=f"{kind}_workflow",
            summary="工作流在等什么、触发过什么、为何等待",
        )
    return routes


def _one(kind: str) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def workflow(request: Request, case_id: UUID) -> Response:
        status = await asked(request, kind, case_id)
        words = [{"heading": heading, "lines": lines} for heading, lines in told_of(kind, status)]
        return json({"workflow": status and _plain(status), "words": words})

    return workflow


def _plain(status: CaseStatus) -> dict[str, Any]:
    """The answer for programs, instants in Beijing time."""
    return {
        "version": status.version,
        "closed": status.closed,
        "steps": status.steps,
        "waits": status.waits,
        "next": status.next and status.next.astimezone(SHANGHAI),
    }


def told_of(kind: str, status: CaseStatus | None) -> list[tuple[str, list[str]]]:
    """The answer in words, by heading."""
    if status is None:
        return [("说明", [NONE])]
    from workflows.asking import in_words  # noqa: PLC0415 - see asked

    return in_words(kind, status)


async def asked(request: Request, kind: str, case_id: UUID) -> CaseStatus | None:
    """The answer of the workflow of a case this person may see; None where it has none.

    Raises:
        NotFound: no such case, or out of sight.
        Busy: nobody answers now.
    """
    # Temporal's client makes every start of a web process half a second longer.
    from workflows.asking import SilentError, ask, connect  # noqa: PLC0415

    await run_sync(case_in_scope, request, KINDS[kind], case_id)
    try:
        return await ask(await connect(doors_of(request).temporal), kind, case_id)
    except SilentError as error:
        raise Busy("WORKFLOW-SILENT", SILENT) from error
