"""Pages of events into rows: decoded once, written in one transaction with all positions.

One follower for all, not one each: decoding an event and folding its case cost more than the rows
it makes, and threads of one interpreter would do that once per projection.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Self

import psycopg

from domain.store import PositionMovedError, Stored
from domain.store.pool import Connection
from projections import positions
from projections.casebook import CaseBook
from projections.positions import Parked
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.schema import connect

_LOG = logging.getLogger(__name__)


class Engine:
    """Applies events to the tables of one suffix; rows and positions move together."""

    def __init__(self, dsn: str, projections: Sequence[Projection], suffix: str = "") -> None:
        self._dsn = dsn
        self._projections = {p.name + suffix: p for p in projections}
        self._versions = {name: p.version for name, p in self._projections.items()}
        self._suffix = suffix
        self._book = CaseBook()
        self._positions: dict[str, int] = {}
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """Where the rows are written; a lost one is replaced."""
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._dsn)
        return self._connection

    def position(self) -> int:
        """Where the projection furthest behind goes on."""
        self._book.forget()
        with self.connection.transaction():
            self._positions = positions.locked(self.connection, self._versions)
        return min(self._positions.values())

    def handle(self, page: Sequence[Stored]) -> None:
        """Apply ``page`` to the projections that have not seen it, once.

        Raises:
            PositionMovedError: another runner was here.
            NewerSchemaError: another version of the program has taken over.
        """
        try:
            with self.connection.transaction():
                self._positions = self._apply(page)
        except BaseException:
            self._book.forget()  # what was folded has not been stored
            raise
        self._book.trim()

    def replay(self, name: str, events: Sequence[Stored]) -> None:
        """Apply events of one stream that ``name`` had left out, in the caller's transaction."""
        self._book.forget()
        self._write(events, {name: 0}, set())

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _apply(self, page: Sequence[Stored]) -> dict[str, int]:
        if positions.locked(self.connection, self._versions) != self._positions:
            raise PositionMovedError(", ".join(self._projections))
        self._survive(page, self._positions, positions.parked(self.connection))
        return positions.move(self.connection, self._positions, page[-1].seq)

    def _survive(self, page: Sequence[Stored], behind: Mapping[str, int], parked: Parked) -> None:
        """Write what can be written: halves of a bad page, down to the bad event."""
        error = self._attempt(page, behind, parked)
        if error is None:
            return
        self._book.forget()
        if len(page) > 1:
            middle = len(page) // 2
            self._survive(page[:middle], behind, parked)
            self._survive(page[middle:], behind, parked)
        elif len(behind) > 1:
            for name, position in behind.items():
                self._survive(page, {name: position}, parked)
        else:
            self._park(next(iter(behind)), page[0], error, parked)

    def _attempt(
        self, page: Sequence[Stored], behind: Mapping[str, int], parked: Parked
    ) -> Exception | None:
        """Write the page or nothing of it; a lost database is no fault of the page."""
        try:
            with self.connection.transaction():
                self._write(page, behind, parked)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails, it is parked and told
            return error
        return None

    def _park(self, name: str, bad: Stored, error: Exception, parked: Parked) -> None:
        _LOG.error(
            "projection %s: stream %s is parked at event %d",
            name,
            bad.stream,
            bad.seq,
            exc_info=error,
        )
        positions.park(self.connection, name, bad, error)
        parked.add((name, bad.stream))

    def _write(self, page: Sequence[Stored], behind: Mapping[str, int], parked: Parked) -> None:
        taken = [(s, w) for s in page if (w := self._wanting(s, behind, parked))]
        self._book.open(self.connection, [stored for stored, _ in taken])
        last = {stored.stream: stored.seq for stored, _ in taken}
        rows = Rows()
        for stored, wanting in taken:
            event = self._book.decode(stored)
            case, turned = self._book.take(stored, event)
            if event is not None:
                is_last = last[stored.stream] == stored.seq
                change = Change(stored, event, case, is_last, turned)
                for projection in wanting:
                    projection.on(change, rows)
        rows.write(self.connection, self._suffix)

    def _wanting(
        self, stored: Stored, behind: Mapping[str, int], parked: Parked
    ) -> list[Projection]:
        return [
            self._projections[name]
            for name, position in behind.items()
            if stored.seq > position and (name, stored.stream) not in parked
        ]
