"""``bihuan up``: everything on this machine, until Ctrl-C (启动)."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.console import say
from deploy.demo.world import PASSWORD, accounts
from deploy.folder import DEFAULT, DataFolder, held, prepare
from deploy.front import Front
from deploy.network import is_loopback, listen, web_address

app = typer.Typer()
ORPHANS_END_WITHIN = 10.0
"""Seconds the processes of a killed start may still hold the port."""


@app.command(help="启动整个系统；按 Ctrl-C 停止，下次启动接着办理。")
def up(
    data: Annotated[Path, typer.Option(help="数据目录；第一次启动时建立")] = DEFAULT,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="网页端口")] = 8000,
    public_url: Annotated[
        str,
        typer.Option(
            envvar="BIHUAN_PUBLIC_URL", help="经反向代理访问时浏览器所用的地址，如 https://…"
        ),
    ] = "",
    proxy: Annotated[
        str,
        typer.Option(
            envvar="BIHUAN_PROXIES", help="受信任的反向代理的地址或网段，逗号分隔；默认没有"
        ),
    ] = "",
    name: Annotated[
        str,
        typer.Option(envvar="BIHUAN_NAMES", help="访问本系统还可使用的主机名，逗号分隔"),
    ] = "",
) -> None:
    """Start everything and keep it running."""
    # Temporal's client costs most of a second that the other commands need not pay.
    from deploy.embedded.supervisor import stop_signals  # noqa: PLC0415
    from deploy.embedded.system import System  # noqa: PLC0415
    from deploy.embedded.temporal_lookup import find  # noqa: PLC0415

    front = Front(public_url, proxy, name)
    folder = prepare(data)
    with (
        held(folder) as killed,
        stop_signals(),
        listen(host, port, ORPHANS_END_WITHIN if killed else 0) as door,
    ):
        try:
            clocks = find(skipping=False, say=say)
            with System(folder, clocks, door=door, host=host, say=say, front=front) as system:
                typer.echo(
                    f"系统已就绪：{public_url or web_address(host, port)} （按 Ctrl-C 停止）"
                )
                _introduce(folder)
                if not is_loopback(host) and not front.secure:
                    say(
                        "其他机器须经 HTTPS 反向代理访问，登录凭据只经加密连接发送；"
                        "代理的网址请用 --public-url 登记。"
                    )
                system.run()
        except KeyboardInterrupt:
            say("已停止，全部数据已保存；再次启动将接着办理。")


def _introduce(folder: DataFolder) -> None:
    """Who may sign in; everything of the demo is invented, the password too."""
    typer.echo(f"演示账号（人员和企业均为虚构），密码均为 {PASSWORD}：")
    for account, roles in accounts():
        typer.echo(f"  {account:<8}{roles}")
    say(f"日志在 {folder.logs}")
