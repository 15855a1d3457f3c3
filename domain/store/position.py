"""Position of a follower whose rows live outside PostgreSQL (跟随位置): the workflow feed."""

from typing import Self

from domain.store.follow import PositionMovedError
from domain.store.pool import open_pool, run

_READ = b"SELECT seq FROM feed.positions WHERE name = %s"
_BEGIN = b"INSERT INTO feed.positions (name, seq) VALUES (%s, 0) ON CONFLICT DO NOTHING"
_MOVE = b"UPDATE feed.positions SET seq = %s WHERE name = %s AND seq = %s"
_RESET = b"UPDATE feed.positions SET seq = 0 WHERE name = %s"


class Position:
    """How far a named follower has come; moved by compare-and-swap."""

    def __init__(self, dsn: str, name: str) -> None:
        self._pool = open_pool(dsn, 1)
        self._name = name
        run(self._pool, lambda connection: connection.execute(_BEGIN, (name,)))

    def read(self) -> int:
        """Newest seq that has been dealt with."""
        row = run(self._pool, lambda c: c.execute(_READ, (self._name,)).fetchone())
        return row[0] if row else 0

    def move(self, old: int, new: int) -> None:
        """Go on from ``old`` to ``new``.

        Raises:
            PositionMovedError: it is no longer at ``old``.
        """
        moved = run(self._pool, lambda c: c.execute(_MOVE, (new, self._name, old)).rowcount)
        if not moved:
            raise PositionMovedError(self._name)

    def reset(self) -> None:
        """Begin again from zero; a running follower notices."""
        run(self._pool, lambda connection: connection.execute(_RESET, (self._name,)))

    def close(self) -> None:
        """Give the connection back."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
