"""``bihuan serve``: one process of the system, configured by its environment (进程)."""

import socket
from importlib import import_module
from typing import Annotated

import typer

from deploy.console import Sentences
from deploy.network import listen
from deploy.settings import Settings
from deploy.tally import Tally, new_tally

app = typer.Typer(
    cls=Sentences,
    help="运行系统的单个进程；配置来自环境变量。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command(help="网页和接口。")
def api(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="监听端口")] = 8000,
    door: Annotated[
        int | None, typer.Option(help="上级进程已打开的监听套接字的描述符；给出后不再自行监听")
    ] = None,
    tally: Annotated[int | None, typer.Option(help="各网页进程共用的连接计数内存的描述符")] = None,
    n: Annotated[int, typer.Option(min=1, help="第几个网页进程")] = 1,
) -> None:
    """Serve pages and the JSON API."""
    opened = listen(host, port) if door is None else socket.socket(fileno=door)
    with new_tally(n) if tally is None else open(tally, "r+b", buffering=0) as memory:  # noqa: PTH123 - a descriptor
        counts = Tally(memory.fileno(), n)
    import_module("deploy.processes.api").main(Settings.read("api"), host, opened, counts)


@app.command(help="工作流和日志转发。")
def worker(
    feed: Annotated[bool, typer.Option(help="是否转发日志；多个工作流进程中只需一个转发")] = True,  # noqa: FBT002 - typer's way
) -> None:
    """Run workflows, activities and the feed."""
    import_module("deploy.processes.worker").main(Settings.read("worker"), feeds=feed)


@app.command(help="读模型。")
def projector() -> None:
    """Follow the log into the projections."""
    import_module("deploy.processes.projector").main(Settings.read("projector"))


if __name__ == "__main__":
    # The supervisor starts its processes here: the other commands need not be imported.
    app()
