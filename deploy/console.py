"""How the command speaks (命令行输出): progress on stderr, results on stdout."""

from typing import Any

import typer
from typer.core import TyperGroup

from deploy.trouble import Trouble, disk_full, is_disk_full
from domain.errors import Refusal

REFUSED = 1
TROUBLE = 2


def say(line: str) -> None:
    """Progress and remarks."""
    typer.echo(line, err=True)


class Sentences(TyperGroup):
    """A refusal ends with exit code 1, trouble with 2, each in one sentence."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            basis = f"（{refusal.basis}）" if refusal.basis else ""
            say(f"{refusal.rule}：{refusal.detail}{basis}")
            raise typer.Exit(REFUSED) from refusal
        except Trouble as trouble:
            say(str(trouble))
            raise typer.Exit(TROUBLE) from trouble
        except OSError as error:
            if not is_disk_full(error):
                raise
            say(str(disk_full()))
            raise typer.Exit(TROUBLE) from error
