"""Rows a page of events changes: gathered in memory, written once per table."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

import orjson

from domain.store.pool import Connection
from domain.times import SHANGHAI
from projections.tables import Merge, Table

Row = dict[str, Any]


class Rows:
    """Changes of one page, in order, coalesced by key."""

    def __init__(self) -> None:
        self._puts: dict[Table, dict[tuple[Any, ...], Row]] = {}
        self._removed: dict[Table, dict[tuple[Any, ...], Row]] = {}
        self._replaced: dict[Table, dict[object, list[Row]]] = {}

    def put(self, table: Table, row: Row) -> None:
        """Insert or merge ``row``."""
        puts = self._puts.setdefault(table, {})
        key = tuple(row[column] for column in table.key)
        before = puts.get(key)
        puts[key] = row if before is None else _merged(table, before, row)

    def remove(self, table: Table, key: Row) -> None:
        """Remove the row of that whole key."""
        values = tuple(key[column] for column in table.key)
        self._puts.get(table, {}).pop(values, None)
        self._removed.setdefault(table, {})[values] = key

    def replace(self, table: Table, owner: object, rows: Iterable[Row]) -> None:
        """All rows whose first key column is ``owner``, and no others; such tables know no put."""
        self._replaced.setdefault(table, {})[owner] = list(rows)

    def write(self, connection: Connection, suffix: str) -> None:
        """Bring the changes into the tables of that suffix."""
        for table, owners in self._replaced.items():
            (first, *_) = table.key
            _run(connection, table.delete((first,), suffix), [{first: owner} for owner in owners])
            _run(connection, table.upsert(suffix), list(chain.from_iterable(owners.values())))
        for table, removed in self._removed.items():
            _run(connection, table.delete(table.key, suffix), list(removed.values()))
        for table, puts in self._puts.items():
            _run(connection, table.upsert(suffix), list(puts.values()))


def _run(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    if rows:
        changes = orjson.dumps(rows, _plain, orjson.OPT_PASSTHROUGH_DATETIME)
        connection.execute(statement.encode(), (changes.decode(),))


def _plain(value: object) -> str:
    """Instants inside JSON columns stand there as people read them, in +08:00."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def _merged(table: Table, before: Row, after: Row) -> Row:
    return {
        name: _value(column.merge, before.get(name), after.get(name))
        for name, column in table.columns.items()
    }


def _value(merge: Merge, before: Any, after: Any) -> Any:  # noqa: ANN401 - SQL values
    match merge:
        case "keep":
            return before if after is None else after
        case "first":
            return after if before is None else before
        case "append":
            return [*(before or []), *(after or [])]
        case _:
            return after
