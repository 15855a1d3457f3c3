"""A scenario (推演脚本): one line per act, with the time at which it happens."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, Field, ValidationError

from deploy.trouble import Trouble
from domain.facts import Frozen

WAIT = "wait"
_REFERENCE = re.compile(r"\$([A-Za-z][\w-]*)(?:\.([\w-]+))?")


class Line(Frozen):
    """One line: at this time this account does this, with these fields.

    ``label`` (``as``) names the line so that later ones can use what it gave, as ``$label.field``;
    ``on`` is the case acted on, by default the newest of the command's family; ``upload`` is text
    whose bytes are uploaded first and named in the field ``sha256``; ``refused`` says that the
    line must be refused, by any rule or by the one named.
    """

    at: AwareDatetime
    by: str = ""
    do: str
    fields: dict[str, Any] = Field(default_factory=dict[str, Any], alias="with")
    label: str | None = Field(default=None, alias="as")
    on: str | None = None
    upload: str | None = None
    refused: bool | str = False
    note: str = ""


def read_scenario(path: Path) -> list[Line]:
    """Lines of a file, blank lines and ``#`` comments left out.

    Raises:
        Trouble: a line cannot be read, or the times run backward.
    """
    try:
        lines = list(_lines(path.read_text("utf-8")))
    except OSError as error:
        raise Trouble(f"无法读取 {path}，请检查路径。", str(error)) from error
    if not lines:
        raise Trouble(f"{path} 里没有任何一行，请参阅 docs/scenarios.md。", "No line.")
    for number, (before, after) in enumerate(pairwise(lines), 2):
        if after.at < before.at:
            raise Trouble(
                f"第{number}条的时间早于上一条，请按时间顺序排列。", "Times run backward."
            )
    return lines


def _lines(text: str) -> Iterator[Line]:
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        try:
            yield Line.model_validate(json.loads(raw))
        except json.JSONDecodeError as error:
            raise Trouble(f"第{number}行不是一行 JSON：{error.msg}。", "Not JSON.") from error
        except ValidationError as error:
            where = "、".join(".".join(map(str, e["loc"])) for e in error.errors())
            raise Trouble(
                f"第{number}行的 {where} 有误：at（含时区）和 do 必填，by 为账号。",
                "A line is wrong.",
            ) from error


def resolve(value: Any, known: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401 - JSON
    """Put what earlier lines gave in the place of ``$label`` and ``$label.field``."""
    if isinstance(value, dict):
        return {k: resolve(v, known) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [resolve(v, known) for v in value]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, str) or not (found := _REFERENCE.fullmatch(value)):
        return value
    label, field = found.group(1), found.group(2) or "id"
    try:
        return known[label][field]
    except KeyError:
        names = "、".join(f"${k}" for k in known)
        raise Trouble(f"没有 {value} 可用，已有：{names}。", "Unknown reference.") from None
