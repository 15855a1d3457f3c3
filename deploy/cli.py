"""The ``bihuan`` command (命令行入口): English names, Chinese help, exit codes 0, 1 and 2."""

import typer

from deploy.commands import (
    backup,
    calendar,
    imports,
    law,
    log,
    play,
    rebuild,
    serve,
    setup,
    up,
    workflow,
)
from deploy.console import Sentences

app = typer.Typer(
    cls=Sentences,
    help="闭环：安全生产执法检查全流程闭环管理系统。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_GROUPS = (up, setup, law, log, workflow, rebuild, backup, play)
for group in (module.app for module in _GROUPS):
    app.registered_commands.extend(group.registered_commands)
app.add_typer(imports.app, name="import")
app.add_typer(calendar.app, name="calendar")
app.add_typer(serve.app, name="serve")

if __name__ == "__main__":
    app()
