"""``bihuan deadline``: a due date with its law, its calendar and its arithmetic (期限计算)."""

import json
from typing import Annotated, Any

import typer

from domain.law import cli_deadline

app = typer.Typer()


@app.command(help="计算法定期限：到期日、依据、法律版本、日历版本和算式。")
def deadline(
    rule: Annotated[str, typer.Argument(help="规则代号，如 FIX-DUE")],
    start: Annotated[
        str, typer.Option("--from", help="起算日，如 2026-01-31（或带时刻，如 2026-01-31T09:00）")
    ],
    agreed: Annotated[str | None, typer.Option(help="商定或指定的日期")] = None,
    on: Annotated[str | None, typer.Option(help="按哪一天的法律计算；省略即起算日")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Print one due date."""
    due = cli_deadline(rule, start, agreed, on)
    typer.echo(json.dumps(due, ensure_ascii=False, indent=2) if as_json else _words(due))


def _words(due: dict[str, Any]) -> str:
    provisional = "（暂定：该年放假安排尚未公布）" if due["provisional"] else ""
    return "\n".join(
        (
            f"{due['title']}（{due['rule']}）：{due['due']} 到期{provisional}",
            f"算式：{due['arithmetic']}",
            f"依据：{due['basis']}",
        )
    )
