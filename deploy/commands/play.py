"""``bihuan play`` and ``bihuan demo``: cases in fast motion (推演和演示)."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.console import REFUSED, say

app = typer.Typer()
SCENARIOS = Path(__file__).parent.parent / "demo" / "scenarios"


@app.command(
    help="推演一个脚本：逐行经真实接口办理，时钟跳到每行的时间，其间到点的提醒都真实触发。"
)
def play(
    file: Annotated[Path, typer.Argument(help="脚本，每行一条 JSON，见 docs/scenarios.md")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Play one scenario."""
    if not _play(file, as_json=as_json):
        raise typer.Exit(REFUSED)


@app.command(help="演示：按真实日期推演几件公开案例。")
def demo() -> None:
    """Play the project's own scenarios."""
    went_well = [_play(file, as_json=False) for file in sorted(SCENARIOS.glob("*.jsonl"))]
    if not all(went_well):
        raise typer.Exit(REFUSED)


def _play(file: Path, *, as_json: bool) -> bool:
    """Play and print; whether every line went as it said."""
    from deploy.play.player import play as play_lines  # noqa: PLC0415 - costs a second to import
    from deploy.play.scenario import read_scenario  # noqa: PLC0415

    lines = read_scenario(file)
    say(f"推演 {file.name}：{len(lines)} 条，自 {lines[0].at:%Y-%m-%d} 至 {lines[-1].at:%Y-%m-%d}")
    outcome = asyncio.run(play_lines(lines, say))
    if as_json:
        typer.echo(json.dumps(_json(outcome), ensure_ascii=False, indent=1))
    else:
        for row in outcome.timeline:
            typer.echo(f"{row['at'][:16].replace('T', ' ')}  {row['by']:<6} {row['what']}")
    for played in outcome.lines:
        if played.status >= 400:  # noqa: PLR2004 - HTTP
            mark = "按预期被拒绝" if played.as_expected else "被拒绝"
            refusal = (
                f"{played.answer.get('rule', played.status)} {played.answer.get('detail', '')}"
            )
            say(f"{played.line.at:%Y-%m-%d %H:%M} {played.line.do} {mark}：{refusal}")
        elif not played.as_expected:
            say(f"{played.line.at:%Y-%m-%d %H:%M} {played.line.do} 应被拒绝，却被受理。")
    return outcome.as_expected


def _json(outcome: Any) -> dict[str, Any]:  # noqa: ANN401 - imported late
    return {
        "ok": outcome.as_expected,
        "lines": [
            {
                "at": p.line.at.isoformat(),
                "by": p.line.by,
                "do": p.line.do,
                "status": p.status,
                "as_expected": p.as_expected,
                "answer": p.answer,
            }
            for p in outcome.lines
        ],
        "timeline": outcome.timeline,
    }
