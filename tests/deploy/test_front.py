"""Whose word counts about where a request comes from, and what names the system has."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from deploy.front import Front
from deploy.network import LOOPBACK, listen
from deploy.processes.api import served
from deploy.processes.reception import Reception
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
