"""Whose word counts about where a request comes from, and what names the system has."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from deploy.front import Front
from deploy.network import LOOPBACK, listen
from deploy.processes import api
from deploy.processes.api import served
from deploy.processes.reception import Reception
from deploy.settings import Settings
from deploy.tally import Tally, new_tally
from deploy.trouble import Trouble


async def where(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the address the request comes from."""
    del receive
    if scope["type"] == "http":
        body = f"{scope['client'][0]} {scope['scheme']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def running(front: Front) -> Iterator[str]:
    with listen(LOOPBACK, 0) as door, new_tally(1) as memory:
        server = Reception(served(where, front), door, Tally(memory.fileno(), 1))
        serving = threading.Thread(target=server.run)
        port = door.getsockname()[1]
        serving.start()
        yield f"http://{LOOPBACK}:{port}"
        server.should_exit = True
        serving.join()


@pytest.mark.parametrize(
    ("front", "seen"),
    [
        (Front(), "127.0.0.1 http"),
        (Front(proxies="10.0.0.1"), "127.0.0.1 http"),
        (Front(proxies="127.0.0.0/8"), "203.0.113.9 https"),
    ],
)
def test_only_a_trusted_proxy_is_believed(
    front: Front, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a client itself has put before the proxy's own word counts for nothing."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own setting is not ours
    told = {"x-forwarded-for": "198.51.100.1, 203.0.113.9", "x-forwarded-proto": "https"}
    with running(front) as address:
        assert httpx.get(address, headers=told).text == seen


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.1,10.0.0.300", "10.0.0.1/24"])
def test_a_proxy_is_named_by_its_address(proxies: str) -> None:
    with pytest.raises(Trouble, match="受信任的代理应为地址或网段"):
        Front(proxies=proxies)


@pytest.mark.parametrize(
    "url",
    ["bihuan.example.cn", "ftp://x", "https://", "https://x/path", "https://a@x", "https://x:y"],
)
def test_a_public_address_is_that_of_a_site(url: str) -> None:
    with pytest.raises(Trouble, match="对外地址应如"):
        Front(url)


def test_the_names_are_those_that_were_given() -> None:
    own = {"localhost", "127.0.0.1", "::1"}
    assert Front().hosts("0.0.0.0") == own  # noqa: S104 - a name of nobody
    assert Front().hosts("10.0.0.5") == own | {"10.0.0.5"}
    assert Front("https://A.example:8443", names="b.example").hosts("::1") == own | {
        "a.example",
        "b.example",
    }
    assert [Front(url).secure for url in ("", "http://a.example", "https://a.example/")] == [
        False,
        False,
        True,
    ]


def test_a_web_process_is_told_of_its_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy that ends TLS on this machine: cookies for HTTPS only, the public name."""
    made = dict[str, object]()
    stop = RuntimeError("made")

    def create(_: object, **given: object) -> None:
        made.update(given)
        raise stop

    monkeypatch.setattr(api, "create_app", create)
    monkeypatch.setattr(api, "application", lambda _: nullcontext())
    settings = Settings(public_url="https://a.example", names="b.example")
    with listen(LOOPBACK, 0) as door, new_tally(1) as memory, pytest.raises(RuntimeError):
        api.main(settings, LOOPBACK, door, Tally(memory.fileno(), 1))
    assert made["secure"] is True
    assert made["hosts"] == settings.front.hosts(LOOPBACK)
    assert "a.example" in settings.front.hosts(LOOPBACK)
