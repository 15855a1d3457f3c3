"""Signing in and out of machines (机器登录); the pages have their own form."""

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from api.auth.sessions import IDLE, LONGEST, Attempt
from api.doors import address_of, doors_of, signed, token_of
from api.problems import Unauthorized
from api.reading import json
from domain.facts import Frozen

routes = APIRouter(prefix="/api/v1", tags=["登录"])
WRONG = "账号或口令不正确，请核对后再试。"


class Credentials(Frozen):
    """Account and password (账号和口令)."""

    account: str = Field(max_length=64, description="账号")
    password: str = Field(max_length=256, description="口令")
    device: str | None = Field(
        default=None,
        max_length=64,
        description="上次登录取得的 device；带上它，他人的猜测不妨碍登录",
    )


@routes.post("/session", status_code=201, operation_id="sign_in", summary="登录，取得令牌")
async def sign_in(request: Request, body: Credentials) -> Response:
    """A bearer token; it ends when idle for long, or after a working day."""
    attempt = Attempt(body.account, body.password, "machine", address_of(request), body.device)
    opened = await doors_of(request).sessions.open_in_line(attempt)
    if opened is None:
        raise Unauthorized("SIGN-IN-FAILED", WRONG)
    content = {
        "token": opened.token,
        "device": opened.device,
        "token_type": "Bearer",
        "idle_seconds": int(IDLE.total_seconds()),
        "longest_seconds": int(LONGEST.total_seconds()),
    }
    return json(content, 201)


@routes.delete("/session", status_code=204, operation_id="sign_out", summary="退出登录")
def sign_out(request: Request) -> Response:
    """The token is worth nothing from now on."""
    signed(request)
    if token := token_of(request):
        doors_of(request).sessions.end(token)
    return Response(status_code=204)
