import errno
from pathlib import Path

import pytest

from deploy.trouble import disk_full, is_disk_full


def test_a_full_disk_is_recognised() -> None:
    with (
        pytest.raises(OSError, match="No space left") as caught,
        Path("/dev/full").open("w") as full,
    ):
        full.write("x")
    assert caught.value.errno == errno.ENOSPC
    assert is_disk_full(caught.value)
    assert is_disk_full("PANIC: could not write to file: No space left on device")
    assert not is_disk_full(FileNotFoundError(errno.ENOENT, "no"))


def test_trouble_speaks_both_languages() -> None:
    assert "磁盘空间已满" in str(disk_full())
    assert "No space left" in str(disk_full())
