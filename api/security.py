"""Headers, origin checks and errors of every answer (安全响应头、跨站检查), as plain ASGI."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem, unexpected

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000")


ITSELF = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine for itself: what a browser sends that was led here by no other name."""


class Security:
    """Refuses other names than ours, and what another site makes with our cookie; adds headers."""

    def __init__(self, app: ASGIApp, *, secure: bool, hosts: frozenset[str] = ITSELF) -> None:
        self._app, self._hosts = app, hosts
        self._headers = (*HEADERS, ONLY_HTTPS) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = message["headers"]
                names = {name for name, _ in given}
                message["headers"] = [*given, *(h for h in self._headers if h[0] not in names)]
            await send(message)

        if _name(Headers(scope=scope)) not in self._hosts:
            detail = (
                "请求所用的主机名不是本系统的；请改用本系统的网址，或由管理员在启动时用"
                " --public-url 或 --name 登记这个名称。"
            )
            await problem(421, "HOST", "主机名不符", detail)(scope, receive, with_headers)
            return
        if scope["method"] not in SAFE and _crosses(Headers(scope=scope)):
            detail = "请求来自其他网站，已拒绝；请从本系统页面操作。"
            answer = problem(403, "CROSS-SITE", "跨站请求", detail)
            await answer(scope, receive, with_headers)
            return
        try:
            await self._app(scope, receive, with_headers)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:  # noqa: BLE001 - the server would log its text, maybe personal
            answer = unexpected(scope["method"], scope["path"], error)
            if begun:
                raise ConnectionError("the answer broke off") from None
            await answer(scope, receive, with_headers)


def _name(headers: Headers) -> str:
    """By which one name we are called, without the port; empty where there is none, or several."""
    (host, *more) = headers.getlist("host") or [""]
    try:
        return "" if more or "@" in host else urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _crosses(headers: Headers) -> bool:
    """Whether a browser sends this for another site; no browser sends bearer tokens by itself.

    What has neither of a browser's two headers is a machine, unless it comes with a cookie.
    """
    if headers.get("authorization", "").lower().startswith("bearer "):
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    if origin := headers.get("origin"):
        return urlsplit(origin).netloc != headers.get("host")
    return "cookie" in headers
