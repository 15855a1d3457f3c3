"""The table of commands in ``docs/scenarios.md``, written from the commands themselves."""

from collections.abc import Iterator
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from domain.command import COMMANDS, FAMILIES, Command, Family
from domain.registry import KINDS


def command_tables() -> str:
    """Markdown: per family every command with its roles and fields; ``*`` marks what is needed.

    The kinds of case come first.
    """
    families = sorted(FAMILIES.values(), key=lambda f: (f.kind not in KINDS, f.name))
    return "\n".join(map(_family, families))


def _family(family: Family) -> str:
    rows = [_row(name, command) for (f, name), command in COMMANDS.items() if f == family.name]
    head = ["| do | 含义 | 角色 | with 的字段 |", "|---|---|---|---|"]
    return "\n".join([f"### {family.title}（{family.name}）", "", *head, *rows, ""])


def _row(name: str, command: type[Command]) -> str:
    roles = "、".join(sorted(role.chinese for role in command.ROLES))
    return f"| `{name}` | {command.TITLE} | {roles} | {'；'.join(_fields(command))} |"


def _fields(command: type[Command]) -> Iterator[str]:
    for name, field in command.model_fields.items():
        if name != "at":
            needed = "*" if field.is_required() else ""
            words = f"：{field.description}" if field.description else ""
            yield f"`{name}`{needed}{words}{_choices(field)}"


def _choices(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is not None:
        kind = next((a for a in get_args(kind) if isinstance(a, type)), None)
    values = [str(member.value) for member in getattr(kind, "__members__", {}).values()]
    return f"（{'、'.join(values)}）" if values else ""
