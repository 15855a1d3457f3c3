"""Connections shared out evenly among the web processes (连接均分).

Left to the system, whoever wakes first takes a connection, and browsers keep theirs: of eight that
came one by one, one process had seven or eight in 20 of 31 tries, here four in 26 of 26; with seven
of them on one process both carried 411 commands/s, with four on each 670.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from deploy.processes.protocol import Protocol
from deploy.tally import Tally

WAIT = 0.02
"""Seconds that a connection is left to a process that has fewer."""
LOOK = 0.002
"""Seconds after which a process that holds back looks again."""


class Connections(set[Any]):
    """The connections of a server, who says when one has ended."""

    def __init__(self, ended: Callable[[], None]) -> None:
        super().__init__()
        self._ended = ended

    def discard(self, connection: object, /) -> None:
        """One has ended."""
        super().discard(connection)
        self._ended()


class Reception(uvicorn.Server):
    """uvicorn, but it leaves a connection to a process that has fewer, unless that one is busy."""

    def __init__(self, config: uvicorn.Config, door: socket.socket, tally: Tally) -> None:
        super().__init__(config)
        self._door, self._tally = door, tally
        self._arriving: set[asyncio.Task[object]] = set()
        self.server_state.connections = Connections(self._count)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start without a socket of uvicorn's own, and open the door."""
        del sockets
        await super().startup(sockets=[])
        self._door.setblocking(False)  # noqa: FBT003 - the socket's own
        self._open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nobody any more, finish with those who are here."""
        asyncio.get_running_loop().remove_reader(self._door)
        self._door.close()
        await super().shutdown(sockets)

    def _open(self) -> None:
        asyncio.get_running_loop().add_reader(self._door, self._somebody_comes)

    def _somebody_comes(self) -> None:
        if self._tally.leads() or not self._take():
            self._hold_back()

    def _hold_back(self) -> None:
        """Leave it to whoever has fewer; if that one is busy, or gone, we do take it after all."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._door)
        until = loop.time() + WAIT

        def look() -> None:
            if self.should_exit:
                return
            if loop.time() < until and self._tally.leads():
                loop.call_later(LOOK, look)
                return
            self._take()
            self._open()

        loop.call_later(LOOK, look)

    def _take(self) -> bool:
        """Take who stands there, unless another process did; False where it cannot be had."""
        try:
            client, _ = self._door.accept()
        except BlockingIOError:
            return True
        except OSError:  # it is gone, or there are too many open files
            return False
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.create_task(self._welcome(client))
        self._arriving.add(task)
        task.add_done_callback(self._arrived)
        self._count()
        return True

    async def _welcome(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(self._protocol, client)

    def _protocol(self) -> asyncio.Protocol:
        state, app_state = self.server_state, self.lifespan.state
        return Protocol(config=self.config, server_state=state, app_state=app_state)

    def _arrived(self, task: asyncio.Task[object]) -> None:
        self._arriving.discard(task)
        self._count()

    def _count(self) -> None:
        self._tally.set(len(self.server_state.connections) + len(self._arriving))
