"""Problem documents (错误说明): RFC 9457, in Chinese, each with its rule and what to do."""

import logging
import secrets
import traceback
from collections.abc import Sequence
from typing import Any

import orjson
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.errors import Refusal
from domain.store import StoreFull, StoreUnavailable, is_full

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
    "behind": 202,
    "busy": 503,
    "full": 507,
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
    "behind": "读取尚未跟上",
    "busy": "系统暂时繁忙",
    "full": "存储空间已满",
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
    "model_attributes_type": "应为 JSON 对象",
    "datetime_parsing": "应为时间，如 2026-01-31T09:00:00+08:00",
    "datetime_from_date_parsing": "应为时间，如 2026-01-31T09:00:00+08:00",
    "int_parsing": "应为整数",
    "string_unicode": "含有无法识别的字符",
}
HTTP_WORDS = {
    400: "请求内容无法识别，请核对格式后重试。",
    404: "没有这个地址，请核对。",
    405: "不支持这种请求方法。",
    413: "内容过大：证据文件每个不超过50 MB，导入不超过8 MB，其他请求不超过1 MB。",
}
UNFIT = "内容含有无法保存的控制字符，请删除后重试。"
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
    headers = {"Retry-After": "2"} if status in {202, 429, 503} else None
    content = orjson.dumps(body | more, default=str)
    return Response(content, status, headers, media_type="application/problem+json")


def refused(refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    extra = {k: v for k, v in refusal.extra.items() if k not in {"type", "status", "retry_after"}}
    if refusal.basis:
        extra["basis"] = refusal.basis
    kind = refusal.kind
    answer = problem(STATUS[kind], refusal.rule, TITLES[kind], refusal.detail, **extra)
    answer.headers.update(retry_after(refusal))
    return answer


def retry_after(refusal: Refusal) -> dict[str, str]:
    """When to come back, where the refusal says so."""
    seconds = refusal.extra.get("retry_after")
    return {} if seconds is None else {"Retry-After": str(seconds)}


def install(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (StoreUnavailable, psycopg.OperationalError, psycopg.InterfaceError):
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(psycopg.DataError, _unfit)
    app.add_exception_handler(OSError, _full)
    app.add_exception_handler(Exception, _defect)


async def answer_to(request: Request, error: Exception) -> Response:
    """The app's answer to an error raised outside its routes; a defect goes on."""
    for kind in type(error).__mro__:
        if handler := request.app.exception_handlers.get(kind):
            return await handler(request, error)
    raise error


async def _refusal(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Refusal)  # noqa: S101 - registered for it
    return refused(error)


async def _invalid(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    errors = [{"pointer": _pointer(e), "detail": _words(e)} for e in _details(error)]
    first = errors[0] if errors else {"pointer": "", "detail": ""}
    detail = f"{first['pointer'] or '请求'}：{first['detail']}。请改正后重试。"
    return problem(422, "VALIDATION", "填写有误", detail, errors=errors)


def _details(error: RequestValidationError) -> Sequence[dict[str, Any]]:
    return list(error.errors())


def _pointer(error: dict[str, Any]) -> str:
    """Where it stands, by RFC 6901; text that is no JSON has no places."""
    first, *rest = error["loc"]
    place = [] if error["type"] == "json_invalid" else rest if first == "body" else [first, *rest]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


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
        return f"只能是 {str(context.get('expected')).replace(' or ', '、')}"
    return "内容不合要求"


async def _http(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    detail = HTTP_WORDS.get(error.status_code, "请求无法处理，请核对后重试。")
    answer = problem(error.status_code, f"HTTP-{error.status_code}", "请求无法处理", detail)
    answer.headers.update(error.headers or {})
    return answer


async def _unfit(request: Request, error: Exception) -> Response:
    del request, error
    return problem(400, "BAD-TEXT", TITLES["bad-request"], UNFIT)


async def _unavailable(request: Request, error: Exception) -> Response:
    del request
    _LOG.warning("store unavailable: %s", type(error).__name__)
    detail = "数据库暂时无法应答，请稍后用同一个幂等键重试，内容不会丢失。"
    return problem(503, "UNAVAILABLE", TITLES["busy"], detail)


async def _full(request: Request, error: Exception) -> Response:
    """A disk without room, wherever it shows: an upload waits in a file before it is stored."""
    if isinstance(error, OSError) and is_full(error):
        return await _refusal(request, StoreFull())
    raise error


async def _defect(request: Request, error: Exception) -> Response:
    """Left to the outermost layer: the framework would answer with plain text."""
    del request
    raise error


def unexpected(method: str, path: str, error: Exception) -> Response:
    """The answer to a defect; the log gets its kind and place, not its text: it may be personal."""
    trace = secrets.token_hex(8)
    place = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("%s %s %r: %s\n%s", trace, method, path, type(error).__qualname__, place)
    detail = f"系统出错，请把编号 {trace} 告知管理员。"
    return problem(500, "UNEXPECTED", "系统出错", detail, trace_id=trace)
