"""How many connections each web process has (连接计数), in memory that all of them share."""

import mmap
import tempfile
from typing import BinaryIO

SLOT = 4
"""Bytes of a count."""


def new_tally(processes: int) -> BinaryIO:
    """A file without a name for so many counts; its descriptor is handed to the processes."""
    memory = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - the caller's to close
    memory.truncate(processes * SLOT)
    return memory


class Tally:
    """The counts, as one of the processes sees them."""

    def __init__(self, memory: int, n: int) -> None:
        """Count in ``memory``, by its descriptor, as the ``n``-th process, from 1."""
        self._counts = memoryview(mmap.mmap(memory, 0)).cast("i")
        self._own = n - 1
        self.set(0)

    def set(self, count: int) -> None:
        """Tell the others."""
        self._counts[self._own] = count

    def leads(self) -> bool:
        """Whether another process has fewer."""
        return min(self._counts) < self._counts[self._own]
