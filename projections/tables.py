"""Tables of projections (读模型表): declared once, made under the live name and beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Merge = Literal["set", "keep", "first", "append"]
"""What a later row of the same key does to a column: replaces it; replaces it unless it is null;
leaves the first value; adds to its JSON array."""

SCHEMA = "read"
BESIDE = "__new"
"""Suffix of tables that are rebuilt beside the live ones."""


@dataclass(frozen=True)
class Column:
    """SQL type of a column and how later rows change it."""

    type: str
    merge: Merge = "set"


@dataclass(frozen=True, eq=False)
class Table:
    """A table that one projection fills; the key comes first among the columns.

    ``indexes`` are what follows ``ON table`` in CREATE INDEX.
    """

    name: str
    comment: str
    key: Sequence[str]
    columns: Mapping[str, Column]
    indexes: Sequence[str] = ()

    def live(self, suffix: str = "") -> str:
        """Qualified name in SQL."""
        return f"{SCHEMA}.{self.name}{suffix}"

    def index_names(self, suffix: str = "") -> list[str]:
        """Names of all indexes, that of the key first."""
        numbered = [f"{self.name}{suffix}_{n}" for n in range(1, len(self.indexes) + 1)]
        return [f"{self.name}{suffix}_pkey", *numbered]

    def create(self, suffix: str = "") -> list[str]:
        """Statements that make the table where there is none."""
        key_name, *others = self.index_names(suffix)
        columns = [f"{name} {column.type}" for name, column in self.columns.items()]
        columns.append(f"CONSTRAINT {key_name} PRIMARY KEY ({', '.join(self.key)})")
        return [
            f"CREATE TABLE IF NOT EXISTS {self.live(suffix)} ({', '.join(columns)})",
            f"COMMENT ON TABLE {self.live(suffix)} IS '{self.comment}'",
            *(
                f"CREATE INDEX IF NOT EXISTS {name} ON {self.live(suffix)} {spec}"
                for name, spec in zip(others, self.indexes, strict=True)
            ),
        ]

    def drop(self, suffix: str) -> str:
        """Statement that removes the table."""
        return f"DROP TABLE IF EXISTS {self.live(suffix)}"

    def take_place(self, suffix: str) -> list[str]:
        """Statements by which the table of that suffix replaces the live one."""
        return [
            self.drop(""),
            f"ALTER TABLE {self.live(suffix)} RENAME TO {self.name}",
            *(
                f"ALTER INDEX {SCHEMA}.{old} RENAME TO {new}"
                for old, new in zip(self.index_names(suffix), self.index_names(), strict=True)
            ),
        ]

    def upsert(self, suffix: str = "") -> str:
        """Statement that takes rows as one JSON array: a page costs one round trip per table."""
        name, columns = self.live(suffix), ", ".join(self.columns)
        changes = [
            self._change(column, spec.merge)
            for column, spec in self.columns.items()
            if column not in self.key and spec.merge != "first"
        ]
        what = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
        return (
            f"INSERT INTO {name} AS t ({columns}) SELECT {columns}"  # noqa: S608 - names are ours
            f" FROM json_populate_recordset(NULL::{name}, %s::json)"
            f" ON CONFLICT ({', '.join(self.key)}) DO {what}"
        )

    def delete(self, columns: Sequence[str], suffix: str = "") -> str:
        """Statement that removes the rows whose ``columns`` stand in one JSON array."""
        name = self.live(suffix)
        same = " AND ".join(f"t.{c} = gone.{c}" for c in columns)
        return (
            f"DELETE FROM {name} AS t"  # noqa: S608 - names are ours
            f" USING json_populate_recordset(NULL::{name}, %s::json) AS gone WHERE {same}"
        )

    def _change(self, column: str, merge: Merge) -> str:
        match merge:
            case "keep":
                return f"{column} = coalesce(excluded.{column}, t.{column})"
            case "append":
                old, new = (f"coalesce({t}.{column}, '[]')" for t in ("t", "excluded"))
                return f"{column} = {old} || {new}"
            case _:
                return f"{column} = excluded.{column}"


def columns(**types: str | Column) -> dict[str, Column]:
    """Columns by name; a plain type means that later rows replace the value."""
    return {n: t if isinstance(t, Column) else Column(t) for n, t in types.items()}
