import socket

import pytest

from deploy.network import LOOPBACK, answers, free_ports, is_free, is_loopback, listen, serves
from deploy.trouble import Trouble


def test_a_port_in_use_is_told_before_anything_starts() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"端口 {port} 已被其他程序占用"):
            listen(LOOPBACK, port)
        assert answers(LOOPBACK, port)
        assert not is_free(port)
    listen(LOOPBACK, port).close()
    assert is_free(port)


def test_a_socket_is_not_yet_a_server() -> None:
    with listen(LOOPBACK, 0) as door:
        port = door.getsockname()[1]
        assert answers(LOOPBACK, port)
        assert not serves(LOOPBACK, port)


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::7"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(Trouble, match="无法在地址"):
        listen(host, 8000)


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False)]
)
def test_it_is_known_whether_others_can_reach_an_address(host: str, *, own: bool) -> None:
    assert is_loopback(host) is own


def test_free_ports_are_distinct() -> None:
    assert len(set(free_ports(8))) == 8
