"""Commands by HTTP (操作接口): one route per command, made from the registry."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from api.command_route import CommandRoute
from api.doors import case_url, doors_of, etag, person
from api.problems import BadRequest, Precondition
from domain import registry
from domain.application import Receipt
from domain.command import COMMANDS, Command
from domain.identity import named
from domain.organisation import ORGANISATION_ID

LONGEST_KEY = 255
LARGEST_IMPORT = 8 * 1024 * 1024
"""Bytes of a register with as many rows as an import may have."""
Key = Annotated[
    str | None, Header(alias="Idempotency-Key", description="幂等键：同一操作重试时保持不变")
]
Match = Annotated[str | None, Header(alias="If-Match", description='案件版本，如 "v12"')]
assert registry.KINDS  # noqa: S101 - importing the registry fills COMMANDS


def router(largest: int) -> APIRouter:
    """Routes of all commands; none but an import may have more than ``largest`` bytes."""
    routes = APIRouter(prefix="/api/v1", route_class=CommandRoute)
    for (family, name), command in sorted(COMMANDS.items()):
        on_one = not command.CREATES and not command.FAMILY.alone
        routes.add_api_route(
            f"/{family}/{{target}}/{name}" if on_one else f"/{family}/{name}",
            _on_one(command) if on_one else _on_new(command),
            methods=["POST"],
            status_code=201 if command.CREATES else 200,
            tags=[command.FAMILY.title],
            summary=command.TITLE,
            description=_described(command),
            operation_id=f"{family}_{name.replace('-', '_')}",
            max_body_size=LARGEST_IMPORT if name.startswith("import-") else largest,
        )
    return routes


def _described(command: type[Command]) -> str:
    roles = "、".join(sorted(role.chinese for role in command.ROLES))
    return f"{command.TITLE}。角色：{roles}。"


def _on_one(command: type[Command]) -> Callable[..., Response]:
    def handle(
        request: Request,
        target: UUID,
        body: command,  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        key: Key = None,
        match: Match = None,
    ) -> Response:
        version = seen_version(match, command)
        return execute(request, body, target, key, version)  # pyright: ignore[reportUnknownArgumentType]

    return handle  # pyright: ignore[reportUnknownVariableType]


def _on_new(command: type[Command]) -> Callable[..., Response]:
    def handle(
        request: Request,
        body: command,  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        key: Key = None,
    ) -> Response:
        target = ORGANISATION_ID if command.FAMILY.alone else None
        return execute(request, body, target, key, None)  # pyright: ignore[reportUnknownArgumentType]

    return handle  # pyright: ignore[reportUnknownVariableType]


def execute(
    request: Request, body: Command, target: UUID | None, key: str | None, version: int | None
) -> Response:
    """Carry out a command and answer with its receipt."""
    return _answer(carry_out(request, body, target, key, version), body)


def carry_out(
    request: Request, body: Command, target: UUID | None, key: str | None, version: int | None
) -> Receipt:
    """Carry out a command for whoever is signed in."""
    who = person(request)
    if not key or len(key) > LONGEST_KEY:
        raise BadRequest(
            "IDEMPOTENCY-KEY", "请在 Idempotency-Key 请求头中给出不超过255字的幂等键。"
        )
    asked = f"{body.FAMILY.name}/{body.NAME}/{target}{body.model_dump_json()}"
    return doors_of(request).bihuan.execute(
        body,
        person=who,
        target=target,
        command_id=named("command", who.account, key),
        request_hash=sha256(asked.encode()).digest(),
        expected_version=version,
    )


def _answer(receipt: Receipt, body: Command) -> Response:
    headers = {"ETag": etag(receipt.version)}
    if body.CREATES and body.FAMILY.readable:
        headers["Location"] = case_url(body.FAMILY.name, receipt.id)
    content: dict[str, Any] = {
        "id": receipt.id,
        "version": receipt.version,
        "seq": receipt.seq,
        "hash": receipt.hash,
        "result": receipt.result,
        "repeated": receipt.repeated,
    }
    status = 201 if body.CREATES else 200
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


def seen_version(match: str | None, command: type[Command]) -> int | None:
    """The version a person decided on; commands that only add need none."""
    if match is None:
        if command.MERGES:
            return None
        raise Precondition("IF-MATCH", '请在 If-Match 请求头中给出您看到的案件版本，如 "v12"。')
    found = re.fullmatch(r'(?:W/)?"v(\d{1,9})"', match.strip())
    if found is None:
        raise BadRequest("IF-MATCH", 'If-Match 应为带引号的版本，如 "v12"。')
    return int(found.group(1))
