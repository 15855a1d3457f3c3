"""``bihuan setup``: gets what the system needs besides its Python packages (准备)."""

import os

import typer

from deploy.console import say
from deploy.embedded.postgres import MAJOR, programs

app = typer.Typer()


@app.command(help="准备运行环境：检查内置数据库，查找、下载或编译时钟服务。")
def setup() -> None:
    """Prepare this machine."""
    from deploy.embedded.temporal_lookup import find  # noqa: PLC0415 - see commands/up.py
    from deploy.embedded.temporal_program import Remote  # noqa: PLC0415

    say(f"内置数据库：PostgreSQL {MAJOR}（{programs()}）")
    address = os.environ.get("TEMPORAL_ADDRESS")
    if address:
        say(f"运行时使用 TEMPORAL_ADDRESS 指定的时钟服务：{address}")
    # Tests and the simulator skip time, so what is prepared must be able to.
    found = find(skipping=True, say=say)
    if not isinstance(found, Remote):
        version = ".".join(map(str, found.version))
        say(f"时钟服务：Temporal {version}（{found.path}）")
    typer.echo("准备完成。")
