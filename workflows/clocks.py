"""The clocks of a case (时钟): one timer for the next instant, one firing of what is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.messages import FIRE, CaseStart, CaseState, DeadlineClock, Fired, FiredClock, Firing

ATTEMPT = timedelta(seconds=30)
RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""For ever: a database that is away comes back, and the clock must then fire."""
LOCAL = timedelta(seconds=1)
"""Longer waits between attempts become timers, which hold no place on the worker."""
SOONEST, LATEST = timedelta(milliseconds=100), timedelta(seconds=60)
"""Between these a timer that ran ahead of the log's clock is tried again."""
REMEMBERED = 20
"""Rungs gone off that people can ask for; the log has them all."""
NOTEWORTHY = frozenset({"fired", "not-needed", ""})


class Clocks:
    """All clocks of one case. ``learn`` moves, stops and adds them, with effect at once."""

    def __init__(self, start: CaseStart, turned: Callable[[], None]) -> None:
        """``turned`` is called whenever the clocks wait for something else."""
        self._kind, self._case_id = start.kind, start.case_id
        self._offset = timedelta(seconds=start.offset_seconds)
        self._not_before: datetime | None = None
        self._turned = turned
        self.state = start.state
        self.fired = start.fired
        self.firing = False

    def learn(self, state: CaseState) -> None:
        """Take a state that is newer than the known one; drop what has been seen."""
        if state.version > self.state.version:
            self.state = state

    def now(self) -> datetime:
        """Business time."""
        return workflow.now() + self._offset

    def next(self) -> datetime | None:
        """The instant to wake at, if any."""
        soonest = min((r.at for d in self.state.deadlines for r in d.rungs), default=None)
        if soonest is None or self._not_before is None:
            return soonest
        return max(soonest, self._not_before)

    def due(self, instant: datetime | None) -> list[DeadlineClock]:
        """What goes off up to ``instant``."""
        if instant is None:
            return []
        due = [
            DeadlineClock(d.key, d.due_version, [r for r in d.rungs if r.at <= instant])
            for d in self.state.deadlines
        ]
        return [d for d in due if d.rungs]

    def why(self) -> str:
        """Why the clocks sleep, or have ended, in words."""
        if self.state.closed:
            return "本案不再等待任何事项，工作流结束"
        if self.firing:
            return "时钟到点，正在触发"
        if self._not_before:
            return "时钟早于日志的时间，稍后再触发"
        return "等待办理或最近的时钟" if self.state.deadlines else "没有时钟在走，等待办理"

    async def run(self) -> None:
        """Wait and fire until the case is closed."""
        while not self.state.closed:
            self._turned()
            instant = self.next()
            if instant is None or instant > self.now():
                await self._wait(instant)
            else:
                await self._fire(self.due(self.now()))
        self._turned()

    async def _wait(self, instant: datetime | None) -> None:
        timeout = None if instant is None else instant - self.now()
        try:
            await workflow.wait_condition(
                lambda: self.state.closed or self.next() != instant, timeout=timeout
            )
        except TimeoutError:
            return

    async def _fire(self, due: list[DeadlineClock]) -> None:
        """One activity for all that is due. The aggregate decides; its answer is the new state."""
        self.firing, at = True, self.now()
        fired: Fired = await workflow.execute_local_activity(
            FIRE,
            Firing(self._kind, self._case_id, at, due),
            result_type=Fired,
            start_to_close_timeout=ATTEMPT,
            local_retry_threshold=LOCAL,
            retry_policy=RETRY,
        )
        self.firing = False
        self._remember(due, fired.outcomes, at)
        self.learn(fired.state)
        early = timedelta(seconds=fired.early_seconds)
        self._not_before = self.now() + min(max(early, SOONEST), LATEST) if early else None

    def _remember(self, due: list[DeadlineClock], outcomes: list[str], at: datetime) -> None:
        """An activity of the first release told no outcomes."""
        rungs = [(d.key, r.name) for d in due for r in d.rungs]
        came = zip(rungs, outcomes or [""] * len(rungs), strict=True)
        went = [FiredClock(key, rung, at, o) for (key, rung), o in came if o in NOTEWORTHY]
        self.fired = [*self.fired, *went][-REMEMBERED:]
