"""``bihuan calendar``: a year's holiday notice; running deadlines follow it (工作日历)."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.imports.notices import read_notice
from deploy.writer import carry_out, writing

app = typer.Typer(help="工作日历：录入国务院办公厅的放假安排。", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the group although it has one command."""


@app.command("import", help="录入一年的放假安排（JSON），重新计算未届满的期限；可重复执行。")
def import_year(
    year: Annotated[int, typer.Argument(help="年份")],
    file: Annotated[Path, typer.Argument(help="文件：notice、holidays、workdays")],
    data: Annotated[Path | None, typer.Option(help="数据目录；系统运行或停止时都可以")] = None,
) -> None:
    """Enter a year and recompute; should it be broken off, the same again goes on."""
    notice = read_notice(year, file)
    with writing(data) as bihuan:
        told = carry_out(bihuan, notice, None)
        moved = bihuan.recompute()
    entered = "已录入" if told["entered"] else "此前已录入，内容不变"
    typer.echo(f"{year}年放假安排{entered}；{moved} 件案件的期限已重新计算。")
