"""The web server's protocol on a real socket."""

import queue
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from deploy.network import LOOPBACK, listen
from deploy.processes.protocol import LARGEST_HEAD, LEAST, LOOKS_AFTER, Protocol
from deploy.processes.reception import Reception
from deploy.tally import Tally, new_tally

TAKEN: queue.Queue[tuple[str, int]] = queue.Queue()
"""What the app was given, and how many bytes it has by then."""


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the size of the body."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        TAKEN.put((message["type"], size))
    told = str(size).encode()
    headers = [(b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture
def server() -> Iterator[Reception]:
    """A server that speaks our protocol."""
    TAKEN.queue.clear()
    with listen(LOOPBACK, 0) as door, new_tally(1) as memory:
        config = uvicorn.Config(echo, log_level="critical")
        server = Reception(config, door, Tally(memory.fileno(), 1))
        server.at = door.getsockname()
        serving = threading.Thread(target=server.run)
        serving.start()
        yield server
        server.should_exit = True
        serving.join()


@pytest.fixture
def line(server: Reception) -> Iterator[socket.socket]:
    """A connection to it."""
    with socket.create_connection(server.at, timeout=30) as line:
        yield line


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that no test waits for long."""
    monkeypatch.setattr(Protocol, "patience", 0.1)


def everything(line: socket.socket) -> bytes:
    """All that comes until the server closes."""
    got = b""
    while more := line.recv(65536):
        got += more
    return got


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


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n12345678",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n1234",
    ],
)
@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
def test_what_does_not_come_is_cut(line: socket.socket, sent: bytes, before: bytes) -> None:
    """On a new connection and on one that was used, which may idle as long as uvicorn lets it."""
    if before and sent:
        line.sendall(before)
        assert answer(line).startswith(b"HTTP/1.1 200")
    line.sendall(sent)
    assert everything(line).startswith(b"HTTP/1.1 408")


@pytest.mark.usefixtures("hasty")
def test_the_app_hears_that_the_rest_will_not_come(line: socket.socket) -> None:
    line.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1234")
    assert everything(line).startswith(b"HTTP/1.1 408")
    types = [TAKEN.get(timeout=30)[0], TAKEN.get(timeout=30)[0]]
    assert types == ["http.request", "http.disconnect"]


def test_a_slow_body_that_goes_on_is_taken_one_that_drips_is_cut(
    server: Reception, line: socket.socket
) -> None:
    """Time passes when the test says so."""
    assert 5 <= LOOKS_AFTER <= 10

    def time_passes() -> None:
        (protocol,) = server.server_state.connections
        passed = threading.Event()
        protocol.loop.call_soon_threadsafe(protocol._look)  # noqa: SLF001
        protocol.loop.call_soon_threadsafe(passed.set)
        assert passed.wait(30)

    line.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
    came = 0
    for piece in (LEAST, LEAST, 5 * LEAST):
        line.sendall(b"a" * piece)
        came += piece
        while TAKEN.get(timeout=30)[1] < came:
            pass
        time_passes()
    line.sendall(b"a" * 10)
    while TAKEN.get(timeout=30)[1] < came + 10:
        pass
    time_passes()
    assert everything(line).startswith(b"HTTP/1.1 408")


@pytest.mark.usefixtures("hasty")
def test_an_answer_is_not_broken_into(line: socket.socket) -> None:
    """The next request does not end while the one before is answered."""
    whole = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    line.sendall(whole + b"GET / HTTP/1.1\r\nhost")
    told = everything(line)
    assert told.startswith(b"HTTP/1.1 200")
    assert told.count(b"HTTP/1.1 408") == 1
    assert told.index(b"\r\n\r\n0") < told.index(b"HTTP/1.1 408")
