"""Firing together (同时到点): clocks of many cases that are due at once share one append."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from domain.application import Strike, Struck
from domain.store import StoreUnavailable

MOST = 50
"""Cases in one append: other writers wait for it."""
REST = 0.1
"""Seconds after an append: ten thousand clocks come in one by one, fast enough to find the hand
idle, and a load and an append for each would be a fifth of what a clock costs."""
Fire = Callable[[Sequence[Strike]], list[Struck]]


class Together:
    """A lone clock fires at once; what goes off while the hand works or rests, next, in one go."""

    def __init__(self, fire: Fire, hand: Executor, rest: float) -> None:
        """``rest`` is in seconds."""
        self._fire, self._hand, self._rest = fire, hand, rest
        self._waiting: list[tuple[Strike, asyncio.Future[Struck]]] = []
        self._work: asyncio.Task[None] | None = None

    async def strike(self, strike: Strike) -> Struck:
        """Fire the clocks of one case.

        Raises:
            Exception: what firing them alone has raised, or a store that is away.
        """
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((strike, answer))
        if self._work is None:
            self._work = asyncio.create_task(self._until_none_waits())
        return await answer

    async def _until_none_waits(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._strike(together)
                await asyncio.sleep(self._rest)
        finally:
            self._work = None

    async def _strike(self, together: Sequence[tuple[Strike, asyncio.Future[Struck]]]) -> None:
        loop = asyncio.get_running_loop()
        strikes = [strike for strike, _ in together]
        try:
            struck = await loop.run_in_executor(self._hand, self._fire, strikes)
        except Exception as error:  # noqa: BLE001 - each clock is told, and tried again by itself
            if len(together) > 1 and not isinstance(error, StoreUnavailable):
                # Whatever is wrong with one case is not wrong with the others.
                for each in together:
                    await self._strike([each])
                return
            for _, answer in together:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), told in zip(together, struck, strict=True):
            if not answer.done():
                answer.set_result(told)
