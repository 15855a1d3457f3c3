"""What reads share (读取公共部件): answers as JSON, and the gate before any case."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Header, Query, Request
from psycopg import Connection
from psycopg.rows import TupleRow
from starlette.responses import Response

from api.doors import Doors, doors_of, signed
from api.problems import BadRequest
from domain.case import Case
from domain.errors import Busy, NotFound, Refusal
from domain.organisation import ORGANISATION_ID
from domain.times import day
from projections.reads import Horizon, Page, Scope, grants_of, scope_of
from projections.waiting import reached, wait_for

Limit = Annotated[int, Query(ge=1, le=200, description="每页条数")]
After = Annotated[str | None, Query(description="上一页给出的 next")]
C = TypeVar("C", bound=Case)
T = TypeVar("T")


class Behind(Refusal):
    """The projections have not seen that event yet (读取尚未跟上)."""

    kind = "behind"


@dataclass(frozen=True)
class Reader:
    """One read: a connection, what this person may see, and what day it is."""

    doors: Doors
    connection: Connection[TupleRow]
    scope: Scope
    horizon: Horizon

    def page(self, page: Page) -> dict[str, Any]:
        """A page of a list as the API gives it."""
        return {"items": page.items, "next": page.next}


def _ask(
    request: Request,
    min_seq: Annotated[
        int | None, Header(alias="Min-Seq", description="至少读到日志的这一条（读己之写）")
    ] = None,
) -> None:
    request.state.min_seq = min_seq


READ_YOUR_WRITES = Depends(_ask)
"""Before every read: what ``reading`` waits for."""


@contextmanager
def reading(request: Request, min_seq: int | None = None) -> Generator[Reader]:
    """A reader for whoever is signed in; it has seen event ``min_seq``, or the one asked for."""
    account = signed(request).account
    doors = doors_of(request)
    min_seq = min_seq or getattr(request.state, "min_seq", None)
    with doors.reader.connection() as connection:
        if min_seq is not None and not reached(connection, min_seq):
            _wait(doors, connection, min_seq)
        scope = scope_of(connection, account, grants_of(connection, account))
        calendar = doors.bihuan.law.calendar
        horizon = Horizon.of(day(doors.bihuan.store.now()), calendar)
        yield Reader(doors, connection, scope, horizon)


def _wait(doors: Doors, connection: Connection[TupleRow], min_seq: int) -> None:
    """Until the projections have seen that event; who waits holds a thread and a connection."""
    if min_seq > doors.bihuan.store.head()[0]:
        raise BadRequest(
            "MIN-SEQ-AHEAD", "Min-Seq 超过了日志现有的最后一条，请使用操作回执中的 seq。"
        )
    if not doors.waiters.acquire(blocking=False):
        raise Busy("MIN-SEQ-CROWD", "等待查询结果更新的请求太多，请稍后重试。")
    try:
        if not wait_for(connection, min_seq):
            raise Behind("MIN-SEQ", "刚才的操作尚未反映到查询结果，请稍后重试。")
    finally:
        doors.waiters.release()


def found(value: T | None) -> T:
    """The value, or the same 'not found' whether it is missing or out of sight."""
    if value is None:
        raise NotFound("NOT-FOUND", "没有找到这件案卷，请核对编号。")
    return value


def case_in_scope(request: Request, kind: type[C], case_id: UUID) -> C:
    """The case as the log has it now, if this person may see it."""
    with reading(request) as reader:
        case = reader.doors.bihuan.load(kind, case_id)
        seen = case.version and reader.scope.sees(case.belongs_to or ORGANISATION_ID)
        seen = seen and case_id not in reader.scope.hidden
        seen = seen and reader.scope.account not in case.hidden
        return found(case if seen else None)


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON values
    """A JSON answer."""
    body = orjson.dumps(content, default=_plain)
    return Response(body, status, headers, media_type="application/json")


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else str(value)
