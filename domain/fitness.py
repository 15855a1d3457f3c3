"""What people may write and which times they may name (内容检查), the same for every command."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from pydantic import BaseModel

from domain.errors import Refusal

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""No act, paper or term of ours is outside; a clock that was never set says 1970, a slip year 1."""
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
"""Control characters but tab and line ends, and those that turn the direction of what follows: a
paper would show something else than what was signed."""


def require_fit(given: BaseModel) -> None:
    """Look through all that is given.

    Raises:
        Refusal: TEXT-CONTROL, TIME-RANGE.
    """
    for name, value in given.__dict__.items():
        if value is not None:
            _require(value, name)


def _require(value: object, place: str) -> None:
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise Refusal(
                "TEXT-CONTROL",
                f"{place} 含有控制字符或改变文字方向的字符，请删除后重试。",
                pointer=f"/{place}",
            )
    elif isinstance(value, date):  # a time is one, too
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Refusal(
                "TIME-RANGE",
                f"{place} 应在{FIRST_YEAR}年至{LAST_YEAR}年之间，请核对日期时间。",
                pointer=f"/{place}",
            )
    else:
        for name, part in _parts(value):
            _require(part, f"{place}/{name}")


def _parts(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, BaseModel):
        return value.__dict__.items()
    if isinstance(value, dict):
        given = cast("dict[Any, object]", value)
        return [*given.items(), *(("", key) for key in given)]
    if isinstance(value, (list, tuple, set, frozenset)):
        return enumerate(cast("Iterable[object]", value))
    return ()
