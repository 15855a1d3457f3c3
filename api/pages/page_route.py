"""Errors of pages (网页的错误): whoever looks at one is led to the sign-in or reads a sentence."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.pages.render import page
from api.problems import HTTP_WORDS, STATUS, TITLES, Unauthorized
from domain.errors import Refusal

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose refusals are pages, too."""

    def get_route_handler(self) -> Handler:
        """The route's handler, its refusals shown."""
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthorized:
                return RedirectResponse(f"/login?next={quote(page_of(request))}", 303)
            except Refusal as refusal:
                title, status = TITLES[refusal.kind], STATUS[refusal.kind]
                return _sentence(request, status, title, refusal.detail)
            except RequestValidationError:
                return _sentence(request, 422, "地址或填写有误", "请核对后重试。")
            except HTTPException as error:
                detail = HTTP_WORDS.get(error.status_code, HTTP_WORDS[400])
                return _sentence(request, error.status_code, "请求无法处理", detail)

        return shown


def page_of(request: Request) -> str:
    """The page to come back to: a form has none of its own."""
    path = request.url.path
    return path if request.method == "GET" else path.partition("/do/")[0]


def _sentence(request: Request, status: int, title: str, detail: str) -> Response:
    return page(request, "problem.html", None, status, title=title, detail=detail)
