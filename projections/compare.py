"""Whether two tables hold the same bytes, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from domain.store.pool import Connection
from projections.tables import Table

_FETCHED = 2_000
EXAMPLES = 5
"""Differing rows shown of each side."""


@dataclass
class Difference:
    """Rows of one table that only one side has."""

    table: str
    rows: int = 0
    digest: str = ""
    only_live: int = 0
    only_rebuilt: int = 0
    examples: list[str] = field(default_factory=list[str])

    @property
    def same(self) -> bool:
        """Whether both sides hold the same bytes."""
        return not self.only_live and not self.only_rebuilt


def difference(live: Connection, rebuilt: Connection, table: Table, suffix: str) -> Difference:
    """Walk both sides in order; little is held in memory."""
    found, total = Difference(table.name), sha256()
    for old, new in _pairs(_lines(live, table, ""), _lines(rebuilt, table, suffix)):
        if new is not None:
            found.rows += 1
            total.update(new)
        if old is not None and new is None:
            found.only_live += 1
            _example(found, "仅现用", old)
        elif new is not None and old is None:
            found.only_rebuilt += 1
            _example(found, "仅重建", new)
    found.digest = total.hexdigest()
    return found


def _pairs(
    left: Iterator[bytes], right: Iterator[bytes]
) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Merge two ordered streams: what is equal comes as a pair."""
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if a is not None and b is not None and a == b:
            yield a, b
            a, b = next(left, None), next(right, None)
        elif a is not None and (b is None or a < b):
            yield a, None
            a = next(left, None)
        elif b is not None:
            yield None, b
            b = next(right, None)


def _example(found: Difference, side: str, line: bytes) -> None:
    if sum(example.startswith(side) for example in found.examples) < EXAMPLES:
        found.examples.append(f"{side}：{line.decode()}")


def _lines(connection: Connection, table: Table, suffix: str) -> Iterator[bytes]:
    """Rows as text in the order of their bytes."""
    query = f'SELECT t::text COLLATE "C" AS line FROM {table.live(suffix)} t ORDER BY line'  # noqa: S608 - names are ours
    with connection.transaction(), connection.cursor(name="lines") as cursor:
        cursor.itersize = _FETCHED
        for (line,) in cursor.execute(query.encode()):
            yield line.encode()
