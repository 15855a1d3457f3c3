"""The web server's protocol on a real socket."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from deploy.network import LOOPBACK, listen
from deploy.processes.protocol import LARGEST_HEAD
from deploy.processes.reception import Reception
from deploy.tally import Tally, new_tally


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the size of the body."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    told = str(size).encode()
    headers = [(b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture
def line() -> Iterator[socket.socket]:
    """A connection to a server that speaks our protocol."""
    with listen(LOOPBACK, 0) as door, new_tally(1) as memory:
        config = uvicorn.Config(echo, log_level="critical")
        server = Reception(config, door, Tally(memory.fileno(), 1))
        serving = threading.Thread(target=server.run)
        serving.start()
        with socket.create_connection(door.getsockname(), timeout=10) as line:
            yield line
        server.should_exit = True
        serving.join()


def answer(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got or not got.split(b"\r\n\r\n", 1)[1]:
        got += line.recv(65536)
    return got


def test_headers_that_do_not_end_are_refused(line: socket.socket) -> None:
    line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nx-long: " + b"a" * 4 * LARGEST_HEAD)
    try:
        told = line.recv(65536)
    except ConnectionResetError:  # closed with bytes unread, the refusal may be lost
        return
    assert told.startswith(b"HTTP/1.1 400")


def test_a_large_body_is_no_large_head(line: socket.socket) -> None:
    size = 4 * LARGEST_HEAD
    for _ in range(2):  # on one connection, each counted anew
        head = f"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {size}\r\n\r\n".encode()
        line.sendall(head + b"b" * size)
        told = answer(line)
        assert told.startswith(b"HTTP/1.1 200")
        assert told.endswith(str(size).encode())


def test_headers_of_a_usual_size_may_come_in_pieces(line: socket.socket) -> None:
    line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n")
    for n in range(40):
        line.sendall(f"x-{n}: {'a' * 1000}\r\n".encode())
    line.sendall(b"\r\n")
    assert answer(line).startswith(b"HTTP/1.1 200")
