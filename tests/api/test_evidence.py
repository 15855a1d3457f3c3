"""Evidence by HTTP: bytes are what their name says, come in bounded and go out harmless."""

import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from api import evidence
from tests.api.client import PHOTO, Office

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
ROOM = 40 * 1024


def files(office: Office) -> set[Path]:
    return {path for path in office.bihuan.blobs.folder.rglob("*") if path.is_file()}


def peak() -> int:
    """Most memory this process has held since the last ``CLEAR``, in KB."""
    (line,) = [n for n in STATUS.read_text().splitlines() if n.startswith("VmHWM")]
    return int(line.split()[1])


def zeros(size: int) -> Iterator[bytes]:
    chunk = b"\0" * evidence.CHUNK
    yield from (chunk for _ in range(size // len(chunk)))


def test_evidence_is_what_its_name_says(office: Office) -> None:
    headers, name = office.headers("insp1"), sha256(b"other bytes").hexdigest()
    put = office.client.put
    assert put(f"/api/v1/blobs/{name}", content=b"other bytes", headers=headers).status_code == 201
    assert put(f"/api/v1/blobs/{name}", content=b"other bytes", headers=headers).status_code == 200
    before = files(office)
    wrong = put(f"/api/v1/blobs/{'0' * 64}", content=PHOTO, headers=headers)
    assert (wrong.status_code, wrong.json()["rule"]) == (422, "BLOB-MISMATCH")
    assert wrong.json()["actual"] == sha256(PHOTO).hexdigest()
    assert files(office) == before


@pytest.mark.parametrize("place", ["store", "spool"])
def test_a_full_disk_is_told_with_what_to_do(
    office: Office, small_disk: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place == "store":
        monkeypatch.setattr(office.bihuan.blobs, "folder", small_disk)
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    large, headers = bytes(2 * evidence.IN_MEMORY), office.headers("insp1")
    path = f"/api/v1/blobs/{sha256(large).hexdigest()}"
    answer = office.client.put(path, content=large, headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (507, "STORE-FULL")
    assert "重新上传同一文件" in answer.json()["detail"]
    monkeypatch.undo()
    assert office.client.put(path, content=large, headers=headers).is_success


@pytest.mark.parametrize("name", ["..%2F..%2Fetc", "A" * 64, "0" * 63, "%00", "0" * 64 + "%0A"])
def test_a_name_is_a_hash_and_nothing_else(office: Office, name: str) -> None:
    before = files(office)
    answer = office.client.put(
        f"/api/v1/blobs/{name}", content=PHOTO, headers=office.headers("insp1")
    )
    assert answer.status_code in {404, 422}
    assert files(office) == before


def test_a_large_file_passes_without_being_held(office: Office) -> None:
    size, headers = evidence.LARGEST, office.headers("insp1")
    digest = sha256()
    for chunk in zeros(size):
        digest.update(chunk)
    CLEAR.write_text("5")
    before = peak()
    path = f"/api/v1/blobs/{digest.hexdigest()}"
    answer = office.client.put(path, content=zeros(size), headers=headers)
    assert answer.status_code == 201, answer.text
    assert peak() - before < ROOM


def test_too_much_is_cut_off_and_nothing_stays(office: Office) -> None:
    before = files(office)
    CLEAR.write_text("5")
    held = peak()
    answer = office.client.put(
        f"/api/v1/blobs/{'1' * 64}",
        content=zeros(evidence.LARGEST + 2 * evidence.CHUNK),
        headers=office.headers("insp1"),
    )
    assert (answer.status_code, answer.json()["rule"]) == (413, "HTTP-413")
    assert "50 MB" in answer.json()["detail"]
    assert files(office) == before
    assert peak() - held < ROOM


@pytest.mark.parametrize("path", ["/api/v1/session", "/login", "/api/v1/people/register-person"])
def test_other_requests_are_small(office: Office, path: str) -> None:
    kind = "application/x-www-form-urlencoded" if path == "/login" else "application/json"
    answer = office.client.post(
        path, content=zeros(2 * 1024 * 1024), headers={"content-type": kind}
    )
    assert answer.status_code == 413


def test_evidence_must_be_here_before_it_is_named(office: Office) -> None:
    case = office.planned().on_site()
    fields = {
        "kind": "视听资料",
        "sha256": "2" * 64,
        "title": "照片",
        "place": "一车间",
        "taken_at": office.now().isoformat(),
        "taken_by": "insp1",
    }
    problem = case.refused("EVIDENCE-BYTES", "insp1", "add-evidence", **fields)
    assert "上传" in problem["detail"]


def test_evidence_is_downloaded_not_shown(office: Office) -> None:
    case = office.planned().on_site()
    title = '照片"\r\nX-Evil: 1; gpj.exe'
    path = f"/inspections/{case.id}/evidence/{case.evidence(title)}"
    answer = office.get("appr1", path)
    assert answer.content == PHOTO
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''%E7%85%A7%E7%89%87%22%0D%0A")
    assert disposition.isascii()
    assert "x-evil" not in answer.headers
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for account in ("insp5", "appr5", "admin"):
        assert office.get(account, path).status_code == 404
