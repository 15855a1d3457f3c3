import pytest

from domain.store import PositionMovedError
from domain.store.position import Position
from tests.conftest import Database


def test_a_position_is_kept_and_moves_only_from_where_it_is(database: Database) -> None:
    with Position(database.command, "feed") as mine, Position(database.command, "feed") as other:
        assert mine.read() == 0
        mine.move(0, 7)
        assert other.read() == 7
        with pytest.raises(PositionMovedError):
            other.move(0, 5)
        other.reset()
        assert mine.read() == 0
