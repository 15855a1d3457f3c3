"""The account PostgreSQL runs as (运行账户): it refuses root, so root lends it another."""

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.child import tied
from deploy.trouble import Trouble

NAME = "bihuan"
REACH: tuple[str, ...] = ("", "dac_read_search", "dac_override")
"""Capabilities to reach folders below a closed one such as /root, the least first."""


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL, and the words before its command line that make it so."""

    uid: int
    gid: int
    words: tuple[str, ...] = ()

    def own(self, folder: Path) -> None:
        """Make a folder private to this account, with all in it (after a restore by root)."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)
        folder.chmod(0o700)


def account_for(folder: Path, program: Path) -> Account:
    """Ourselves, or under root an account that reaches both ``folder`` and ``program``."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), tuple(tied(signal.SIGINT)))
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Trouble(
            "以 root 运行需要 setpriv（util-linux），请安装或改用普通用户运行。", "No setpriv."
        )
    entry = _entry(folder)
    for capability in REACH:
        words = (setpriv, *_switch(entry, capability))
        if _reaches(words, folder, program):
            return Account(entry.pw_uid, entry.pw_gid, words)
    raise Trouble(
        f"PostgreSQL 不能以 root 运行，而账户 {entry.pw_name} 无法进入 {folder}；"
        "请把程序和数据放到 /opt 等公共目录，或改用普通用户运行。",
        "PostgreSQL cannot run as root and its account cannot reach the folder.",
    )


def _entry(folder: Path) -> pwd.struct_passwd:
    """The folder's owner from last time, else our own system account, made when missing."""
    if folder.exists() and folder.stat().st_uid != 0:
        with suppress(KeyError):  # a folder from another machine: its owner is nobody here
            return pwd.getpwuid(folder.stat().st_uid)
    with suppress(KeyError):
        return pwd.getpwnam(NAME)
    return _make()


def _make() -> pwd.struct_passwd:
    words = ["useradd", "--system", "--user-group", "--no-create-home", "--shell=/usr/sbin/nologin"]
    try:
        subprocess.run([*words, NAME], check=True, capture_output=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(
            f"PostgreSQL 不能以 root 运行，且无法建立系统账户 {NAME}，请改用普通用户运行。",
            "Cannot make a system account.",
        ) from error
    return pwd.getpwnam(NAME)


def _switch(entry: pwd.struct_passwd, capability: str) -> tuple[str, ...]:
    """Words for ``setpriv``: become the account, keep at most one capability, gain none."""
    limits = ("--bounding-set", "-all")
    if capability:
        limits = (
            *("--inh-caps", f"+{capability}", "--ambient-caps", f"+{capability}"),
            *("--bounding-set", f"-all,+{capability}"),
        )
    identity = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    return (*identity, *limits, "--no-new-privs", "--pdeathsig", "INT", "--")


def _reaches(words: tuple[str, ...], folder: Path, program: Path) -> bool:
    probe = subprocess.run(  # noqa: S603 - our own programs, no shell
        [*words, "sh", "-c", '"$0" --version && test -x "$1"', program, folder.parent],
        check=False,
        capture_output=True,
    )
    return probe.returncode == 0
