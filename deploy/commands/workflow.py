"""``bihuan workflow``: what the workflow of a case waits for, and why (工作流)."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import orjson
import typer

from deploy.folder import DEFAULT, existing
from deploy.source import log_source
from deploy.trouble import Trouble
from domain.registry import KINDS
from domain.store import EventStore

if TYPE_CHECKING:
    from workflows.messages import CaseStatus
    from workflows.server import Server

app = typer.Typer()


@app.command(help="询问案件的工作流：在等什么、何时醒来、触发过哪些时钟、为何等待。")
def workflow(
    case: Annotated[UUID, typer.Argument(help="案件的编号（案卷地址中的 ID）")],
    data: Annotated[Path | None, typer.Option(help="数据目录；系统须正在运行")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Ask one workflow."""
    kind, version = _in_log(case, data)
    status = _ask(_server(data), kind, case)
    if as_json:
        told = {"kind": kind, "case": case, "version": version, "workflow": status}
        typer.echo(orjson.dumps(told).decode())
    else:
        typer.echo("\n".join(_lines(kind, version, status)))


def _in_log(case: UUID, data: Path | None) -> tuple[str, int]:
    """Kind and version of the case as the log has it."""
    with log_source(data) as source, EventStore(source.dsn, vault=None, pool_size=1) as store:
        events = list(store.stream(case))
    if not events or events[-1].kind not in KINDS:
        raise Trouble(f"没有编号为 {case} 的案件，请核对。", "No such case.")
    return events[-1].kind, events[-1].version


def _server(data: Path | None) -> "Server":
    """The Temporal server in use: the given one, else that of the data folder."""
    from deploy.embedded.temporal import remembered_server  # noqa: PLC0415 - costs a second
    from deploy.embedded.temporal_lookup import given  # noqa: PLC0415

    if server := given(os.environ):
        return server
    with suppress(OSError, ValueError):
        return remembered_server(existing(data or DEFAULT).temporal)
    raise _silent("no address is known")


def _ask(server: "Server", kind: str, case: UUID) -> "CaseStatus | None":
    from workflows.asking import SilentError, ask, connect  # noqa: PLC0415 - costs a second

    async def asked() -> "CaseStatus | None":
        return await ask(await connect(server), kind, case)

    try:
        return asyncio.run(asked())
    except SilentError as error:
        raise _silent(str(error)) from error


def _silent(why: str) -> Trouble:
    return Trouble(
        "工作流没有应答：请确认系统正在运行；新立案件满半分钟后再试。", f"No answer: {why}"
    )


def _lines(kind: str, version: int, status: "CaseStatus | None") -> list[str]:
    from workflows.asking import in_words  # noqa: PLC0415 - costs a second

    if status is None:
        return ["本案没有工作流：已办结，或尚未投递。"]
    known = f"案卷现为第 {version} 版，工作流所知为第 {status.version} 版"
    lines = [f"{KINDS[kind].TITLE}（{known}）"]
    return lines + [f"{heading}：{'；'.join(words)}" for heading, words in in_words(kind, status)]
