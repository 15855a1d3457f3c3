"""Problem documents (错误说明): RFC 9457, in Chinese, each with its rule and what to do."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.errors import Refusal
from domain.store import StoreUnavailable

STATUS = {
    "refused": 422,
    "forbidden": 403,
    "not-found": 404,
    "version-conflict": 409,
    "command-reused": 422,
    "too-many": 429,
    "unauthorized": 401,
    "precondition": 428,
    "bad-request": 400,
    "too-large": 413,
    "busy": 503,
}
TITLES = {
    "refused": "操作不符合规则",
    "forbidden": "无权办理",
    "not-found": "未找到",
    "version-conflict": "版本冲突",
    "command-reused": "幂等键已用于其他请求",
    "too-many": "请求过多",
    "unauthorized": "请先登录",
    "precondition": "缺少版本",
    "bad-request": "请求不完整",
    "too-large": "文件过大",
    "busy": "系统暂时繁忙",
}
_WORDS = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段，请删除",
    "uuid_parsing": "应为编号（UUID）",
    "date_from_datetime_parsing": "应为日期，如 2026-01-31",
    "date_parsing": "应为日期，如 2026-01-31",
    "timezone_aware": "时间须带时区，如 2026-01-31T09:00:00+08:00",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "json_invalid": "不是合法的 JSON",
}
_LOG = logging.getLogger(__name__)


class Unauthorized(Refusal):
    """Nobody is signed in (未登录)."""

    kind = "unauthorized"


class Precondition(Refusal):
    """The version read before is missing (缺少版本)."""

    kind = "precondition"


class BadRequest(Refusal):
    """Something every request needs is missing (请求不完整)."""

    kind = "bad-request"


def problem(
    status: int,
    rule: str,
    title: str,
    detail: str,
    **more: Any,  # noqa: ANN401 - JSON values
) -> Response:
    """A problem document."""
    body = {
        "type": f"/problems/{rule.lower()}",
        "title": title,
        "status": status,
        "detail": detail,
        "rule": rule,
        "trace_id": secrets.token_hex(8),
    }
    headers = {"Retry-After": "2"} if status in {429, 503} else None
    content = orjson.dumps(body | more, default=str)
    return Response(content, status, headers, media_type="application/problem+json")


def refused(refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    extra = {k: v for k, v in refusal.extra.items() if k not in {"type", "status"}}
    if refusal.basis:
        extra["basis"] = refusal.basis
    kind = refusal.kind
    return problem(STATUS[kind], refusal.rule, TITLES[kind], refusal.detail, **extra)


def install(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


async def _refusal(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Refusal)  # noqa: S101 - registered for it
    return refused(error)


async def _invalid(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    errors = [{"pointer": _pointer(e["loc"]), "detail": _words(e)} for e in _details(error)]
    first = errors[0] if errors else {"pointer": "", "detail": ""}
    detail = f"{first['pointer'] or '请求'}：{first['detail']}。请改正后重试。"
    return problem(422, "VALIDATION", "填写有误", detail, errors=errors)


def _details(error: RequestValidationError) -> Sequence[dict[str, Any]]:
    return list(error.errors())


def _pointer(loc: Sequence[int | str]) -> str:
    return "".join(f"/{part}" for part in loc if part != "body")


def _words(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind in _WORDS:
        return _WORDS[kind]
    context = error.get("ctx", {})
    if kind == "string_too_short":
        return f"至少{context.get('min_length')}个字"
    if kind == "string_too_long":
        return f"最多{context.get('max_length')}个字"
    if kind == "too_short":
        return f"至少{context.get('min_length')}项"
    if kind == "enum":
        return f"只能是 {context.get('expected')}"
    return "内容不合要求"


async def _http(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    words = {404: "没有这个地址，请核对。", 405: "不支持这种请求方法。"}
    detail = words.get(error.status_code, str(error.detail))
    return problem(error.status_code, f"HTTP-{error.status_code}", "请求无法处理", detail)


async def _unavailable(request: Request, error: Exception) -> Response:
    del request
    _LOG.warning("store unavailable: %s", type(error).__name__)
    detail = "数据库暂时无法应答，请稍后用同一个幂等键重试，内容不会丢失。"
    return problem(503, "UNAVAILABLE", TITLES["busy"], detail)


async def _unexpected(request: Request, error: Exception) -> Response:
    answer = problem(500, "UNEXPECTED", "系统出错", "系统出错，请把 trace_id 告知管理员。")
    # Only the kind of the error: its text may carry personal data.
    _LOG.error("%s %s: %s", request.method, request.url.path, type(error).__name__, exc_info=error)
    return answer
