"""``bihuan backup`` and ``bihuan restore``: the system in a folder, and back (备份和恢复)."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.backup.manifest import Manifest
from deploy.backup.restoring import restore as restore_from
from deploy.backup.taking import take
from deploy.console import say
from deploy.folder import DEFAULT, existing
from deploy.source import log_source

app = typer.Typer()


@app.command(help="备份到一个新目录：数据库、证据、主密钥和设置；系统运行或停止时都可以。")
def backup(
    directory: Annotated[Path, typer.Argument(help="新目录；含主密钥，请妥善保管")],
    data: Annotated[Path, typer.Option(help="数据目录")] = DEFAULT,
) -> None:
    """Back up everything that cannot be computed."""
    folder = existing(data)
    with log_source(folder.path) as source:
        made = take(folder, source.owner, directory, say)
    typer.echo(f"备份完成并已核验：{_words(made)}。目录 {directory} 含主密钥，请妥善保管。")


@app.command(help="从备份恢复到空的数据目录；时钟在下次启动时由日志重建。")
def restore(
    directory: Annotated[Path, typer.Argument(help="备份所在目录")],
    data: Annotated[Path, typer.Option(help="数据目录；必须为空或不存在")] = DEFAULT,
) -> None:
    """Restore a backup."""
    made = restore_from(directory, data, say)
    typer.echo(f"恢复完成并已核验：{_words(made)}。用 bihuan up --data {data} 启动。")


def _words(made: Manifest) -> str:
    evidence = sum(1 for _ in made.blobs)
    return f"日志至第 {made.head.seq} 条，末端哈希 {made.head.hash[:16]}，证据 {evidence} 份"
