"""Rendering (页面渲染): templates, the menu, Chinese dates."""

from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from domain.deadlines import Status
from domain.registry import KINDS
from domain.times import SHANGHAI

MENU = (
    ("/", "我的待办"),
    ("/inspections", "检查"),
    ("/deadlines", "期限"),
    ("/inbox", "收件箱"),
    ("/late", "补录"),
    ("/stats", "统计"),
)
TONES = {"已逾期": "late", "临期": "near", "正常": "fine"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _local(instant: datetime | str | None) -> str:
    """Minute in Asia/Shanghai; what lay in JSON comes as text."""
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if instant else ""


_TEMPLATES.filters["local"] = _local


def page(
    request: Request,
    name: str,
    account: str | None,
    status: int = 200,
    **values: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    """A page for ``account`` (None: nobody signed in)."""
    path = request.url.path
    here = next(
        (url for url, _ in reversed(MENU) if path == url or (url != "/" and path.startswith(url))),
        "",
    )
    html = _TEMPLATES.get_template(name).render(
        me={"account": account} if account else None, menu=MENU, here=here, **values
    )
    return HTMLResponse(html, status)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its urgency in the words and the tone of a page."""
    word = row.get("urgency")
    shown = word if row.get("due") else ""
    if row.get("status") == Status.SUSPENDED:
        shown = "已中止"
    return row | {
        "state": str(shown or ""),
        "remaining": row.get("remaining_text", ""),
        "tone": TONES.get(str(word), ""),
    }


def case_path(kind: str, case_id: object) -> str:
    """Where a page shows a case: below its list where the menu has one."""
    known = KINDS.get(kind)
    listed = f"/{known.FAMILY.name}" if known else ""
    return f"{listed if listed in dict(MENU) else '/cases'}/{case_id}"
