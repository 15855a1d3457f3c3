"""The table of commands in ``docs/scenarios.md``, written from the commands themselves."""

from collections.abc import Iterator
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from domain import registry
from domain.command import COMMANDS, Command

FAMILIES = {
    "inspections": "检查",
    "penalties": "立案",
    "transfers": "移送",
    "enterprises": "企业",
    "people": "人员",
    "organisation": "机构",
}
assert registry.CLOCKED  # noqa: S101 - importing the registry fills COMMANDS


def command_tables() -> str:
    """Markdown: per family every command with its roles and fields; ``*`` marks what is needed."""
    return "\n".join(_family(name, title) for name, title in FAMILIES.items())


def _family(family: str, title: str) -> str:
    rows = [_row(name, command) for (f, name), command in COMMANDS.items() if f == family]
    head = ["| do | 含义 | 角色 | with 的字段 |", "|---|---|---|---|"]
    return "\n".join([f"### {title}（{family}）", "", *head, *rows, ""])


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
