"""Web processes share their connections out; here each is a thread, the socket is a real one."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.network import LOOPBACK, listen
from deploy.processes import reception
from deploy.processes.reception import Reception
from deploy.tally import Tally, new_tally


def named(name: str) -> ASGIApp:
    """An application that answers with its name."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await receive()
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": name.encode()})

    return app


@contextmanager
def serving(name: str, door: socket.socket, memory: BinaryIO, n: int) -> Iterator[None]:
    config = uvicorn.Config(named(name), log_level="critical")
    server = Reception(config, door.dup(), Tally(memory.fileno(), n))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with listen(LOOPBACK, 0) as door:
        yield door


@pytest.fixture
def memory() -> Iterator[BinaryIO]:
    with new_tally(2) as memory:
        yield memory


Come = Callable[[], tuple[str, socket.socket]]


@pytest.fixture
def come(door: socket.socket) -> Iterator[Come]:
    """Comes in and stays; gives who answered, and the connection."""
    with ExitStack() as open_ones:

        def come() -> tuple[str, socket.socket]:
            line = open_ones.enter_context(socket.create_connection(door.getsockname(), timeout=10))
            line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            return line.recv(65536).decode()[-1], line

        yield come


def test_whoever_has_fewer_takes_the_next(
    door: socket.socket, memory: BinaryIO, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "WAIT", 60)  # the other one is never too busy
    with serving("a", door, memory, 1), serving("b", door, memory, 2):
        first = [come() for _ in range(8)]
        assert Counter(name for name, _ in first) == {"a": 4, "b": 4}
        for name, line in first:
            if name == "a":
                line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                while line.recv(65536):
                    pass
        assert Counter(come()[0] for _ in range(4)) == {"a": 4}


def test_nobody_waits_for_one_that_is_gone(
    door: socket.socket, memory: BinaryIO, come: Come
) -> None:
    Tally(memory.fileno(), 2)  # has none, and takes none
    with serving("a", door, memory, 1):
        assert [come()[0] for _ in range(3)] == ["a", "a", "a"]


def test_a_process_alone_needs_no_other(door: socket.socket, come: Come) -> None:
    with new_tally(1) as memory, serving("a", door, memory, 1):
        assert come()[0] == "a"
