"""Waiting for facts: fed, shown, completed."""

import asyncio
from collections.abc import Callable, Iterable

import psycopg
from temporalio.service import RPCError, RPCStatusCode

from domain.inspection import Closed
from projections.waiting import caught_up
from tests.bench.place import Place
from workflows.feed import lag
from workflows.messages import workflow_id
from workflows.server import Server

AT_ONCE = 10


async def once(fact: Callable[[], bool], every: float = 0.1) -> None:
    """Return when ``fact`` holds."""
    while not await asyncio.to_thread(fact):  # noqa: ASYNC110 - a listener wakes at every append
        await asyncio.sleep(every)


def told(at: Place) -> bool:
    """Whether the workflows have been told everything."""
    return lag(at.bihuan, at.settings.command) == 0


def shown(at: Place) -> bool:
    """Whether the projections have taken in everything."""
    with psycopg.connect(at.settings.projector, autocommit=True) as connection:
        positions = caught_up(connection).values()
    return min(positions, default=0) >= at.bihuan.store.head()[0]


def closed(at: Place) -> list[str]:
    """Cases that are closed, in the order of the log."""
    with psycopg.connect(at.owner) as connection:
        rows = connection.execute(
            "SELECT stream::text FROM log.events WHERE topic = %s ORDER BY seq", (Closed.TOPIC,)
        )
        return [stream for (stream,) in rows]


async def completed(server: Server, cases: Iterable[str]) -> int:
    """Wait until the workflows of ``cases`` have completed; how many there were.

    A case that was closed before its first telling never gets one.
    """
    client, limit = await server.connect(), asyncio.Semaphore(AT_ONCE)

    async def ran(case: str) -> bool:
        async with limit:
            try:
                await client.get_workflow_handle(workflow_id("inspection", case)).result()
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return False
                raise
            return True

    return sum(await asyncio.gather(*map(ran, cases)))
