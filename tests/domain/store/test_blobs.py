import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from domain.errors import Refusal
from domain.store import Blobs, StoreFull

BYTES = "现场照片".encode() * 1000
NAME = sha256(BYTES).hexdigest()
LIMIT = 1 << 20


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "evidence")


def left_behind(blobs: Blobs) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_bytes_are_kept_under_their_hash(blobs: Blobs) -> None:
    assert not blobs.has(NAME)
    assert blobs.put(NAME, [BYTES[:7], BYTES[7:]], LIMIT) == "created"
    assert blobs.has(NAME)
    assert blobs.size(NAME) == len(BYTES)
    with blobs.open(NAME) as file:
        assert file.read() == BYTES


def test_a_file_can_be_put_as_it_is(blobs: Blobs) -> None:
    assert blobs.put(NAME, io.BytesIO(BYTES), LIMIT) == "created"
    assert blobs.size(NAME) == len(BYTES)


def test_the_same_bytes_again_are_known(blobs: Blobs) -> None:
    blobs.put(NAME, [BYTES], LIMIT)
    assert blobs.put(NAME, [BYTES], LIMIT) == "known"
    assert len(left_behind(blobs)) == 1


def test_wrong_bytes_are_refused_and_leave_nothing(blobs: Blobs) -> None:
    with pytest.raises(Refusal) as refused:
        blobs.put(NAME, [BYTES, b"!"], LIMIT)
    assert refused.value.rule == "BLOB-MISMATCH"
    assert refused.value.extra["actual"] == sha256(BYTES + b"!").hexdigest()
    assert not blobs.has(NAME)
    assert left_behind(blobs) == []


def test_too_many_bytes_stop_the_reading(blobs: Blobs) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield bytes(1000)

    with pytest.raises(Refusal) as refused:
        blobs.put(NAME, endless(), 3500)
    assert refused.value.rule == "BLOB-TOO-LARGE"
    assert len(taken) == 4
    assert left_behind(blobs) == []


def test_a_broken_upload_leaves_nothing(blobs: Blobs) -> None:
    def broken() -> Iterator[bytes]:
        yield BYTES[:10]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.put(NAME, broken(), LIMIT)
    assert left_behind(blobs) == []


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", NAME.upper(), NAME[:-1], NAME + "0", NAME + "\n", "/" * 64]
)
def test_only_a_hash_is_a_name(blobs: Blobs, name: str) -> None:
    for act in (blobs.has, blobs.open, blobs.size, lambda n: blobs.put(n, [BYTES], LIMIT)):
        with pytest.raises(Refusal) as refused:
            act(name)
        assert refused.value.rule == "BLOB-NAME"


def test_eight_uploads_of_one_photo_make_one_file(blobs: Blobs) -> None:
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: blobs.put(NAME, [BYTES], LIMIT), range(8)))
    assert set(outcomes) <= {"created", "known"}
    assert "created" in outcomes
    assert len(left_behind(blobs)) == 1


def test_a_full_disk_is_told_and_leaves_nothing(small_disk: Path) -> None:
    blobs = Blobs(small_disk / "evidence")
    large = bytes(100_000)
    with pytest.raises(StoreFull) as full:
        blobs.put(sha256(large).hexdigest(), [large], LIMIT)
    assert full.value.rule == "STORE-FULL"
    assert left_behind(blobs) == []
    assert blobs.put(NAME, [BYTES], LIMIT) == "created"


def test_what_is_not_here_cannot_be_opened(blobs: Blobs) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.open(NAME)
