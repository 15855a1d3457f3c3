"""Keyset paging (分页): a page and where the next one begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import dict_row

from domain.errors import Refusal
from domain.store.pool import Connection

LIMIT = 50
MOST = 200

Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Rows in order, and the cursor after the last of them when there are more."""

    items: list[Row]
    next: str | None


def fetch(connection: Connection, query: str, params: Mapping[str, Any]) -> list[Row]:
    """Rows as dictionaries."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), params).fetchall()


def paged(rows: list[Row], limit: int, key: Sequence[str]) -> Page:
    """A page of ``rows``, which hold one more than ``limit`` where there are more."""
    items = rows[:limit]
    if len(rows) <= limit or not items:
        return Page(items, None)
    values = [items[-1][column] for column in key]
    return Page(items, urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("="))


def clamp(limit: int) -> int:
    """A page is neither empty nor endless."""
    return max(1, min(limit, MOST))


def position_of(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """Values of a cursor in their types, None for the first page.

    Raises:
        Refusal: PAGE-CURSOR, it was not made here.
    """
    if cursor is None:
        return None
    try:
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, AttributeError) as error:
        raise Refusal("PAGE-CURSOR", "翻页标记无效，请回到第一页重新查询。") from error


def _typed(value: Any, kind: type) -> Any:  # noqa: ANN401 - values of a key
    match kind:
        case _ if kind is date:
            return date.fromisoformat(value)
        case _ if kind is UUID:
            return UUID(value)
        case _ if type(value) is kind:  # true is an int to isinstance, and none to SQL
            return value
        case _:
            raise TypeError(kind)
