"""What stops a start or a command (无法执行): one clear sentence, never a traceback."""

import errno


class Trouble(Exception):  # noqa: N818 - a sentence for the user, not a program error
    """The machine or the call does not allow it (无法执行); ends the command with exit code 2.

    Args:
        chinese: the whole sentence: what is wrong and what to do.
        english: the same in a few words, for the person who searches for it.
    """

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}({english})")


def disk_full() -> Trouble:
    """The sentence for a full disk."""
    return Trouble(
        "磁盘空间已满，已写入的数据没有丢失；请腾出空间后重新启动。", "No space left on the disk."
    )


def is_disk_full(error: OSError | str) -> bool:
    """Whether an error, or what a program wrote about it, means a full disk."""
    if isinstance(error, str):
        return "no space left on device" in error.lower()
    return error.errno in {errno.ENOSPC, errno.EDQUOT}
