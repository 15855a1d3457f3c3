"""Ports and addresses on this machine (端口)."""

import errno
import ipaddress
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from deploy.trouble import Trouble

LOOPBACK = "127.0.0.1"
BACKLOG = 2048
"""Connections that wait while the web processes start, or start again."""


def free_ports(count: int) -> list[int]:
    """Distinct loopback ports that nobody uses now."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def wait_until_free(ports: Sequence[int], patience: float) -> bool:
    """Whether all these loopback ports are free, or become so within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not all(is_free(port) for port in ports):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
    return True


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there now."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def serves(host: str, port: int) -> bool:
    """Whether an HTTP server there answers now; a socket alone may belong to one that starts."""
    connection = HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def listen(host: str, port: int, patience: float = 0.0) -> socket.socket:
    """Our web server's socket; refuses with a sentence when there is none within ``patience``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            if time.monotonic() >= deadline:
                raise _explained(host, port, error) from error
        time.sleep(0.05)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web_address(host: str, port: int) -> str:
    """What to open in a browser."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _explained(host: str, port: int, error: OSError) -> Trouble:
    if error.errno == errno.EADDRINUSE:
        return Trouble(
            f"端口 {port} 已被其他程序占用，请换一个端口，例如 bihuan up --port {port + 1}。",
            f"Port {port} is in use.",
        )
    if error.errno == errno.EACCES:
        return Trouble(
            f"没有权限监听端口 {port}，请换用 1024 以上的端口。", f"Port {port} is not permitted."
        )
    return Trouble(f"无法在地址 {host} 的端口 {port} 上监听，请检查 --host 和 --port。", str(error))
