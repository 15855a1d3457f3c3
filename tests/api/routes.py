"""Every route of the app, with who may use it."""

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from domain.command import COMMANDS

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/version"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/api/v1/session"),
}


def listed(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, path, and who: ``anybody``, ``signed-in``, or the roles of a command."""
    found = {("GET", f"{r.path}/*", "anybody") for r in app.routes if isinstance(r, Mount)}
    for route in (inner for outer in app.routes for inner in _inside(outer)):
        methods = (route.methods or set()) - {"HEAD", "OPTIONS"}
        found |= {(method, route.path, _who(method, route.path)) for method in methods}
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


def _inside(route: BaseRoute) -> list[Route]:
    router = getattr(route, "original_router", None)
    return [r for r in (router.routes if router else [route]) if isinstance(r, Route)]


def _who(method: str, path: str) -> str:
    if (method, path) in OPEN:
        return "anybody"
    command = (
        COMMANDS.get((path.split("/")[3], path.rpartition("/")[2])) if "/v1/" in path else None
    )
    if command is None or method != "POST":
        return "signed-in"
    return ",".join(sorted(command.ROLES))
