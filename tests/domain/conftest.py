"""The invented city for the tests of the domain."""

import pytest

from tests.domain.founding import founded
from tests.domain.given import Play


@pytest.fixture
def play() -> Play:
    """A city, its people, one enterprise; no case yet; Monday, 2 March 2026."""
    return founded().at("2026-03-02")
