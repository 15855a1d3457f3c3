from datetime import timedelta
from pathlib import Path

import pytest

from deploy.embedded import certificates
from deploy.embedded.certificates import Certificates


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path / "tls")
    made.ensure()
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_they_are_made_once_and_kept(made: Certificates) -> None:
    before = contents(made.folder)
    made.ensure()
    assert contents(made.folder) == before
    assert [path.name for path in made.folder.parent.iterdir()] == ["tls"]


def test_the_authority_s_key_is_nowhere(made: Certificates) -> None:
    keys = [name for name, text in contents(made.folder).items() if b"PRIVATE KEY" in text]
    assert sorted(keys) == ["client.key", "server.key"]


@pytest.mark.parametrize("lost", ["ca.pem", "server.key", "client.pem"])
def test_when_one_is_lost_all_are_made_anew(made: Certificates, lost: str) -> None:
    before = contents(made.folder)
    (made.folder / lost).unlink()
    made.ensure()
    after = contents(made.folder)
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)


def test_they_are_renewed_long_before_they_end(
    made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(made.folder)
    monkeypatch.setattr(certificates, "RENEWED_BEFORE", certificates.LIFE - timedelta(hours=1))
    made.ensure()
    assert contents(made.folder) == before
    monkeypatch.setattr(certificates, "RENEWED_BEFORE", certificates.LIFE)
    made.ensure()
    assert contents(made.folder) != before


def test_a_making_that_was_broken_off_begins_again(made: Certificates) -> None:
    half = made.folder.rename(made.folder.with_suffix(".new"))
    (half / "server.key").unlink()
    made.ensure()
    assert not half.exists()
    assert (made.folder / "server.key").exists()
