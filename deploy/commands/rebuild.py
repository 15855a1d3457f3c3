"""``bihuan rebuild``: projections made anew from the log, or only compared with it (重建读模型)."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.console import REFUSED
from deploy.source import log_source
from deploy.trouble import Trouble
from projections.catalog import PROJECTIONS
from projections.rebuild import RebuildRunningError, Rebuilt
from projections.rebuild import rebuild as rebuild_from_log

app = typer.Typer()


@app.command(help="从日志重建读模型并与现用的比对；--compare 只比对，不一致时退出码为 1。")
def rebuild(
    projection: Annotated[str | None, typer.Argument(help="读模型名称；省略即全部")] = None,
    data: Annotated[Path | None, typer.Option(help="数据目录；系统运行或停止时都可以")] = None,
    *,
    compare: Annotated[bool, typer.Option("--compare", help="只比对，不替换")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Rebuild projections."""
    known = [each.name for each in PROJECTIONS]
    if projection is not None and projection not in known:
        raise Trouble(
            f"没有名为 {projection} 的读模型，现有：{'、'.join(known)}。", "Unknown projection."
        )
    with log_source(data) as source:
        done = _rebuild(source.projector, projection, compare=compare)
    if as_json:
        typer.echo(json.dumps([asdict(one) | {"same": one.same} for one in done]))
    else:
        for one in done:
            typer.echo(_words(one))
    if compare and not all(one.same for one in done):
        raise typer.Exit(REFUSED)


def _rebuild(dsn: str, name: str | None, *, compare: bool) -> list[Rebuilt]:
    if not dsn:
        raise Trouble("缺少环境变量 BIHUAN_DSN_PROJECTOR。", "BIHUAN_DSN_PROJECTOR is missing.")
    try:
        return rebuild_from_log(dsn, name, compare=compare)
    except RebuildRunningError as error:
        raise Trouble(str(error), "Another rebuild is at work.") from error


def _words(one: Rebuilt) -> str:
    rows = sum(table.rows for table in one.tables)
    verdict = "与现用一致" if one.same else "与现用不一致"
    replaced = "，已替换" if one.swapped else ""
    length = f"至第 {one.seq} 条，{rows} 行，用时 {one.seconds:.1f} 秒"
    lines = [f"{one.name}：{verdict}{replaced}（{length}）"]
    lines += [f"  {table.table} {text}" for table in one.tables for text in table.examples]
    return "\n".join(lines)
