"""What reads share (读取公共部件): answers as JSON, and the one gate before any case."""

from typing import Any, TypeVar
from uuid import UUID

import orjson
from fastapi import Request
from starlette.responses import Response

from api.doors import doors_of, signed
from domain import registry
from domain.application import Grant
from domain.clocked import Clocked
from domain.errors import NotFound
from domain.facts import Aggregate, Role
from domain.organisation import ORGANISATION_ID, Organisation
from domain.organisation.people import Member, person_id

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C", bound=Clocked)
READERS = frozenset({Role.INSPECTOR, Role.APPROVER, Role.SUPERVISOR, Role.AUDITOR})
"""Administrators keep accounts and units; they see no case."""


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON values
    """A JSON answer."""
    body = orjson.dumps(content, default=str)
    return Response(body, status, headers, media_type="application/json")


def reading_grants(request: Request) -> tuple[str, tuple[Grant, ...]]:
    """The account that asks, and its grants that let it read cases."""
    account = signed(request).account
    member = doors_of(request).bihuan.load(Member, person_id(account))
    grants = (Grant(role=r, unit=u) for r, u in sorted(member.grants) if r in READERS)
    return account, tuple(grants)


def case_in_scope(request: Request, kind: type[C], case_id: UUID) -> C:
    """The case, or the same 'not found' whether it is missing or out of sight."""
    _, grants = reading_grants(request)
    bihuan = doors_of(request).bihuan
    case = bihuan.load(kind, case_id)
    organisation = bihuan.load(Organisation, ORGANISATION_ID)
    unit = registry.unit_of(case)
    if not case.version or not any(organisation.covers(g.unit, unit) for g in grants):
        raise NotFound("NOT-FOUND", "没有找到这件案卷，请核对编号。")
    return case
