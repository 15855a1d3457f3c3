"""Routes of the pages (页面路由)."""

from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth.devices import LONGEST as DEVICE_LIVES
from api.auth.sessions import Attempt
from api.commands import carry_out, seen_version
from api.doors import address_of, doors_of, signed, token_of
from api.pages.case import Typed, case_page
from api.pages.forms import command_from
from api.pages.page_route import PageRoute, page_of
from api.pages.render import case_path, page, told
from api.problems import STATUS, retry_after
from api.reading import Behind, Reader, reading
from api.reading import found as seen
from api.reads import month_of
from api.signin import WRONG
from api.workflow import asked, told_of
from domain.errors import Busy, Refusal
from domain.times import day, elapsed
from projections.reads import (
    Tab,
    case_list,
    case_view,
    inbox,
    late_entries,
    month_table,
    my_work,
    open_deadlines,
    units,
    work_counts,
)

routes = APIRouter(include_in_schema=False, route_class=PageRoute)
TABS: dict[Tab, str] = {
    "todo": "待我办理",
    "near": "临期",
    "overdue": "已逾期",
    "started": "我发起",
}
Text = Annotated[str, Form()]


@routes.get("/login")
def login(request: Request, next: str = "/") -> Response:  # noqa: A002 - the word in the address
    """The sign-in form."""
    return page(request, "login.html", None, error="", given="", next=_inside(next))


@routes.post("/login")
async def sign_in(
    request: Request,
    account: Text,
    password: Text,
    next: Text = "/",  # noqa: A002 - as above
) -> Response:
    """Open a session and set its cookie."""
    doors = doors_of(request)
    device = request.cookies.get(doors.device_cookie)
    attempt = Attempt(account, password, "page", address_of(request), device)
    status, error, headers = 401, WRONG, dict[str, str]()
    try:
        opened = await doors.sessions.open_in_line(attempt)
    except Refusal as refusal:
        opened, status, error = None, STATUS[refusal.kind], refusal.detail
        headers = retry_after(refusal)
    if opened is None:
        said = {"error": error, "given": account, "next": _inside(next)}
        shown = page(request, "login.html", None, status, **said)
        shown.headers.update(headers)
        return shown
    answer = RedirectResponse(_inside(next), 303)
    long = int(DEVICE_LIVES.total_seconds())
    for name, token, age in (
        (doors.cookie, opened.token, None),
        (doors.device_cookie, opened.device, long),
    ):
        answer.set_cookie(
            name, token, age, httponly=True, secure=doors.secure, samesite="strict", path="/"
        )
    return answer


@routes.post("/logout")
def sign_out(request: Request) -> Response:
    """End the session."""
    doors = doors_of(request)
    if token := token_of(request):
        doors.sessions.end(token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(
        doors.cookie, httponly=True, secure=doors.secure, samesite="strict", path="/"
    )
    return answer


@routes.get("/")
def work(request: Request, tab: Tab = "todo", after: str | None = None) -> Response:
    """我的待办."""
    with reading(request) as reader:
        found = my_work(reader.connection, reader.scope, reader.horizon, tab, after=after)
        counts = work_counts(reader.connection, reader.scope, reader.horizon)
        rows = [_work_row(row) for row in found.items]
        return page(
            request,
            "work.html",
            reader.scope.account,
            tab=tab,
            tabs=[(key, name, counts[key]) for key, name in TABS.items()],
            empty=TABS[tab],
            rows=rows,
            more=_more("/", found.next, tab=tab),
        )


def _work_row(row: dict[str, Any]) -> dict[str, Any]:
    return told(row) | {
        "url": case_path(row["kind"], row["case_id"]),
        "what": row["title"] or "等待",
    }


@routes.get("/inspections")
def inspections(request: Request, after: str | None = None) -> Response:
    """Cases in sight, the newest first."""
    with reading(request) as reader:
        found = case_list(reader.connection, reader.scope, after=after)
        rows = [told(row | _urgency(row, reader)) for row in found.items]
        more = _more("/inspections", found.next)
        return page(request, "cases.html", reader.scope.account, rows=rows, more=more)


def _urgency(row: dict[str, Any], reader: Reader) -> dict[str, Any]:
    return reader.horizon.tell(row["next_due"]) | {"due": row["next_due"]}


@routes.get("/inspections/{case_id}")
@routes.get("/cases/{case_id}")
def case(request: Request, case_id: UUID, said: str = "", after: str | None = None) -> Response:
    """One case."""
    with reading(request) as reader:
        return case_page(request, reader, case_id, said=said, after=after)


@routes.get("/inspections/{case_id}/workflow")
@routes.get("/cases/{case_id}/workflow")
async def case_workflow(request: Request, case_id: UUID) -> Response:
    """What the workflow of a case waits for."""
    kind = await run_sync(_kind, request, case_id)
    told = told_of(kind, await asked(request, kind, case_id))
    account = (await run_sync(signed, request)).account
    return page(request, "workflow.html", account, url=case_path(kind, case_id), told=told)


def _kind(request: Request, case_id: UUID) -> str:
    with reading(request) as reader:
        view = seen(case_view(reader.connection, reader.scope, reader.horizon, case_id))
        return view["kind"]


@routes.post("/inspections/{case_id}/do/{family}/{target}/{name}")
@routes.post("/cases/{case_id}/do/{family}/{target}/{name}")
async def act(request: Request, case_id: UUID, family: str, target: UUID, name: str) -> Response:
    """A simple next action, by the same way as the API."""
    form = await request.form()
    given = {key: str(value) for key, value in form.items()}
    return await run_sync(_act, request, case_id, (family, target, name), given)


def _act(
    request: Request, case_id: UUID, what: tuple[str, UUID, str], given: dict[str, str]
) -> Response:
    family, target, name = what
    signed(request)
    try:
        command = command_from(family, name, given)
        version = seen_version(f'"v{given.get("-version", "")}"', type(command))
        aim = None if command.CREATES else target
        receipt = carry_out(request, command, aim, given.get("-key"), version)
    except Refusal as refusal:
        with reading(request) as reader:
            typed = Typed(target, name, given)
            return case_page(request, reader, case_id, refusal=refusal, refused=typed)
    number = receipt.result.get("number", "")
    words = f"已办理：{command.TITLE}{f'（{number}）' if number else ''}"
    with suppress(Behind, Busy), reading(request, receipt.seq):
        pass  # the page shows what was just done, unless that takes too long
    return RedirectResponse(f"{page_of(request)}?said={quote(words)}", 303)


@routes.get("/deadlines")
def deadlines(request: Request, after: str | None = None) -> Response:
    """期限."""
    with reading(request) as reader:
        found = open_deadlines(reader.connection, reader.scope, reader.horizon, after=after)
        rows = [told(r) | {"url": case_path(r["kind"], r["case_id"])} for r in found.items]
        more = _more("/deadlines", found.next)
        return page(request, "deadlines.html", reader.scope.account, rows=rows, more=more)


@routes.get("/inbox")
def notices(request: Request, after: str | None = None) -> Response:
    """收件箱."""
    tones = {"remind": "near", "expire": "late", "escalate": "late"}
    with reading(request) as reader:
        found = inbox(reader.connection, reader.scope, after=after)
        rows = [
            row
            | {
                "url": case_path(row["kind"], row["case_id"]),
                "tone": tones[row["action"]],
                "late": f"（迟到 {elapsed(row['late_seconds'])}触发）"
                if row["late_seconds"]
                else "",
            }
            for row in found.items
        ]
        more = _more("/inbox", found.next)
        return page(request, "inbox.html", reader.scope.account, rows=rows, more=more)


@routes.get("/late")
def late(request: Request, after: str | None = None) -> Response:
    """补录."""
    with reading(request) as reader:
        found = late_entries(reader.connection, reader.scope, after=after)
        rows = [row | {"url": case_path(row["kind"], row["case_id"])} for row in found.items]
        more = _more("/late", found.next)
        return page(request, "late.html", reader.scope.account, rows=rows, more=more)


@routes.get("/stats")
def stats(request: Request, month: str = "", unit: UUID | None = None) -> Response:
    """统计."""
    with reading(request) as reader:
        month = month or f"{day(reader.doors.bihuan.store.now()):%Y-%m}"
        tops = _tops(reader, unit)
        tables = [
            table
            for top in tops
            if (table := month_table(reader.connection, reader.scope, month_of(month), top))
        ]
        return page(request, "stats.html", reader.scope.account, month=month, tables=tables)


def _tops(reader: Reader, unit: UUID | None) -> list[UUID]:
    """The highest units in sight, or the one asked for."""
    if unit is not None:
        return [unit]
    rows = [u for u in units(reader.connection) if reader.scope.sees(u["id"])]
    return [u["id"] for u in rows if not (u["parent"] and reader.scope.sees(u["parent"]))]


def _inside(path: str) -> str:
    """Only a path of our own: nobody is led elsewhere after signing in."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _more(path: str, cursor: str | None, **query: str) -> str:
    return f"{path}?{urlencode(query | {'after': cursor})}" if cursor else ""
