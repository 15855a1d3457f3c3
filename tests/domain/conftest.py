"""The invented city for the tests of the domain."""

from collections.abc import Iterator

import pytest

from tests.domain.founding import founded
from tests.domain.given import Play


@pytest.fixture
def play() -> Iterator[Play]:
    """A city, its people, one enterprise; no case yet; Monday, 2 March 2026.

    Whatever the test does, the memory may never say anything else than the log.
    """
    story = founded().at("2026-03-02")
    yield story
    assert story.remembers_what_the_log_says()
