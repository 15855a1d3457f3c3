"""By which names the system may be called."""

import socket
from urllib.parse import urlsplit

import pytest

from api.app import create_app
from deploy.front import Front
from tests.api.client import Office
from tests.api.conftest import served


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "a@localhost", "[", ""]
)
def test_another_name_than_ours_is_refused(office: Office, host: str) -> None:
    """A browser that another site leads here by a name of its own (DNS rebinding)."""
    for path in ("/login", "/api/v1/me", "/healthz", "/static/app.css"):
        answer = office.client.get(path, headers={"host": host})
        assert (answer.status_code, answer.json()["rule"]) == (421, "HOST"), path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "主机名" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["localhost:1", "LOCALHOST", "127.0.0.1", "[::1]:8000"])
def test_this_machine_has_its_usual_names(office: Office, host: str) -> None:
    assert office.client.get("/healthz", headers={"host": host}).status_code == 200


def test_two_names_are_none(office: Office) -> None:
    at = urlsplit(str(office.client.base_url))
    with socket.create_connection((at.hostname, at.port), timeout=10) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 4")


def test_the_public_name_counts_and_its_cookies_are_bound(office: Office) -> None:
    front = Front("https://Bihuan.example.cn", names="inside.example, other.example")
    database = office.database
    app = create_app(
        office.bihuan,
        command=database.command,
        reader=database.reader,
        secure=front.secure,
        hosts=front.hosts("0.0.0.0"),  # noqa: S104 - a name of nobody
    )
    with served(app) as address:
        told = {
            name: office.client.get(f"{address}/healthz", headers={"host": name})
            for name in ("bihuan.example.cn", "other.example:8443", "localhost", "0.0.0.0")  # noqa: S104
        }
    assert [a.status_code for a in told.values()] == [200, 200, 200, 421]
    assert "strict-transport-security" in told["bihuan.example.cn"].headers
