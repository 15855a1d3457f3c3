"""Skipping time (快进) in a throw-away system: the log's clock and every running workflow together.

For the simulator and the tests. It needs a server with time skipping on and the owner's connection
to the database; production has neither.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from domain.application import Bihuan
from domain.case import KINDS
from domain.store import skip_clock
from domain.store.follow import PAGE
from domain.store.position import Position
from workflows.feed import NAME
from workflows.messages import workflow_id

POLL = 0.01


class Skipper:
    """Moves a whole system forward; every clock in between fires at its own business time."""

    def __init__(self, client: Client, bihuan: Bihuan, *, dsn: str, admin_dsn: str) -> None:
        self._bihuan, self._dsn, self._admin_dsn = bihuan, dsn, admin_dsn
        self._client = client
        self._times = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        self._seen = 0
        self._open: set[tuple[str, UUID]] = set()

    async def quiet(self) -> None:
        """Wait until the workflows have been told everything that is in the log."""
        await asyncio.to_thread(self._wait)

    async def skip(self, by: timedelta) -> None:
        """Let ``by`` pass. Returns when every clock up to the new time has fired."""
        await self.quiet()
        await asyncio.to_thread(self._look)
        await asyncio.to_thread(skip_clock, self._admin_dsn, by)
        await asyncio.gather(*(self._forward(kind, case, by) for kind, case in list(self._open)))
        await self.quiet()

    async def _forward(self, kind: str, case_id: UUID, by: timedelta) -> None:
        handle = self._client.get_workflow_handle(workflow_id(kind, case_id))
        try:
            running = await self._times.fast_forward(handle, by)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            running = False
        if not running:
            self._open.discard((kind, case_id))

    def _wait(self) -> None:
        with Position(self._dsn, NAME) as position:
            for _ in self._bihuan.store.listen(POLL):
                if position.read() >= self._bihuan.store.head()[0]:
                    return

    def _look(self) -> None:
        """Cases that something happened to since the last look."""
        while page := self._bihuan.store.page(self._seen, PAGE):
            self._open |= {(s.kind, s.stream) for s in page if s.kind in KINDS}
            self._seen = page[-1].seq
