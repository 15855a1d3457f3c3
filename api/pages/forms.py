"""Simple forms (办理表单): made from a command's fields, where plain text and dates are enough."""

from collections.abc import Mapping
from datetime import date
from types import UnionType
from typing import Any, get_args
from uuid import UUID, uuid4

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from domain.command import COMMANDS, Command
from domain.errors import Refusal

AGREES = ("approve-", "grant-", "agree-")
PLAIN = {str: "text", date: "date", UUID: "text"}


def forms_of(family: str, name: str, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The forms of a next action: to carry it out and, where it is a decision, to refuse it."""
    word = name.partition("-")[0] + "-"
    names = [name, "refuse-" + name.removeprefix(word)] if word in AGREES else [name]
    return [
        {
            "command": one,
            "opens": "办理" if one == name else COMMANDS[family, one].TITLE,
            "button": COMMANDS[family, one].TITLE,
            "key": new_key(),
            "open": False,
            "fields": fields,
        }
        for one in names
        if (family, one) in COMMANDS
        and (fields := _fields(COMMANDS[family, one], given)) is not None
    ]


def _fields(command: type[Command], given: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Fields to fill in, those ``given`` filled in, or None where a plain form does not do."""
    fields: list[dict[str, Any]] = []
    for field, info in command.model_fields.items():
        if field == "at":
            continue
        plain = _plain(info)
        if plain is None:
            if info.is_required():
                return None
            continue
        value = given.get(field, "" if info.is_required() else str(info.default or ""))
        fields.append(
            {
                "name": field,
                "label": info.description or field,
                "type": plain,
                "needed": info.is_required(),
                "value": value,
            }
        )
    return fields


def _plain(info: FieldInfo) -> str | None:
    kind = info.annotation
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    return next((PLAIN[k] for k in kinds if k in PLAIN), None)


def new_key() -> str:
    """Idempotency key of one shown form: sending it twice is one act."""
    return str(uuid4())


def command_from(family: str, name: str, given: Mapping[str, str]) -> Command:
    """The command a form was filled in for.

    Raises:
        Refusal: FORM, a field does not fit.
    """
    kind = COMMANDS.get((family, name))
    if kind is None:
        raise Refusal("FORM", "没有这种操作，请刷新页面。")
    values = {k: v for k, v in given.items() if not k.startswith("-") and v != ""}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        names = [str(e["loc"][0]) if e["loc"] else "" for e in error.errors()]
        labels = [kind.model_fields[n].description or n for n in names if n in kind.model_fields]
        raise Refusal("FORM", f"{'、'.join(labels) or '表单'}填写有误，请核对。") from error
