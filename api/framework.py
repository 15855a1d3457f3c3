"""FastAPI as we use it (框架): what the API says of itself, and what stands before everything."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

_TEXTS = ("type", "title", "detail", "rule", "trace_id", "basis")
_PROBLEM: dict[str, Any] = {
    "title": "错误说明",
    "description": "RFC 9457。rule 是规则名，basis 是法律依据；其余字段因规则而异",
    "type": "object",
    "required": ["type", "title", "status", "detail", "rule", "trace_id"],
    "properties": {name: {"type": "string"} for name in _TEXTS}
    | {
        "status": {"type": "integer"},
        "errors": {
            "description": "填写有误的字段",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "current": {"type": "integer", "description": "版本冲突：案件现在的版本"},
        "since": {
            "description": "版本冲突：此后发生了什么",
            "type": "array",
            "items": {"type": "object"},
        },
    },
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "不予受理：规则见 rule，原因和办法见 detail",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
}


class App(FastAPI):
    """FastAPI that describes our refusals instead of its own."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - FastAPI's own
        self._outermost: list[Callable[[ASGIApp], ASGIApp]] = []
        super().__init__(**settings)

    def put_before_all(self, layer: Callable[[ASGIApp], ASGIApp]) -> None:
        """Put a layer before the framework's own, which ``add_middleware`` cannot."""
        self._outermost.append(layer)

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's layers, then ours, the last one outermost."""
        app = super().build_middleware_stack()
        for layer in self._outermost:
            app = layer(app)
        return app

    def openapi(self) -> dict[str, Any]:
        """The description of the API."""
        described = super().openapi()
        described["components"]["schemas"]["Problem"] = _PROBLEM
        return described
