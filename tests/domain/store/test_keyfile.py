from pathlib import Path

import pytest

from domain.store import KeyFile, KeyFileError


def test_a_created_key_is_read_back_by_its_owner_only(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "master.key")
    key = file.create()
    assert file.read() == key
    assert len(key) == 32
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "master.key")
    key = file.create()
    with pytest.raises(FileExistsError):
        file.create()
    assert file.read() == key


def test_a_missing_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="不存在"):
        KeyFile(tmp_path / "master.key").read()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = KeyFile(tmp_path / "master.key")
    file.create()
    file.path.chmod(mode)
    with pytest.raises(KeyFileError, match="0600"):
        file.read()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_what_is_no_key_is_refused(tmp_path: Path, size: int) -> None:
    file = KeyFile(tmp_path / "master.key")
    file.create()
    file.path.write_bytes(bytes(size))
    with pytest.raises(KeyFileError, match="32"):
        file.read()
