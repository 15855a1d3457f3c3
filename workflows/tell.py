"""Telling Temporal (时钟投递): one signal per changed case, for as long as it takes."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Stop
from uuid import UUID

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.registry import kind_of
from workflows.messages import SYNC, CaseStart, CaseState, workflow_id

AT_ONCE = 16
CALL = timedelta(seconds=5)
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
LULL = timedelta(seconds=30)
"""So long the first task of a new workflow waits for the next fact, unless it has a clock: who has
planned an inspection goes on with it, and half the cost of telling is the task."""
AGAIN = WorkflowIDReusePolicy.ALLOW_DUPLICATE
NEVER_AGAIN = WorkflowIDReusePolicy.REJECT_DUPLICATE
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """A case and what its workflow is to know."""

    kind: str
    case_id: UUID
    state: CaseState
    before: bool
    """Whether the same feed has told of this case, so that it has or had a workflow."""


class StoppedError(Exception):
    """The process ends; what was not told is told after the next start."""


class Teller:
    """Signals the workflows of cases and starts those that do not run."""

    def __init__(
        self, client: Client, task_queue: str, *, task_timeout: timedelta, lull: timedelta
    ) -> None:
        self._client, self._task_queue = client, task_queue
        self._task_timeout, self._lull = task_timeout, lull

    async def tell(self, cases: list[Told], offset: timedelta, stop: Stop) -> None:
        """Tell every case; while Temporal is away, wait and try those again that failed.

        Raises:
            StoppedError: ``stop`` was set before all were told.
        """
        wait = FIRST_WAIT
        while cases := await self._all(cases, offset):
            _LOG.warning("Temporal is away: %d cases wait to be told", len(cases))
            await _pause(wait, stop)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _all(self, cases: list[Told], offset: timedelta) -> list[Told]:
        """Tell some at once; returns those that could not be told."""
        limit = asyncio.Semaphore(AT_ONCE)
        done = await asyncio.gather(*(self._try(case, offset, limit) for case in cases))
        return [case for case, told in zip(cases, done, strict=True) if not told]

    async def _try(self, case: Told, offset: timedelta, limit: asyncio.Semaphore) -> bool:
        async with limit:
            try:
                await (self._end if case.state.closed else self._sync)(case, offset)
            except RPCError as error:
                if error.status is not RPCStatusCode.INVALID_ARGUMENT:
                    return False
                # Trying again cannot help, and the other cases must not wait for this one.
                _LOG.exception("case %s %s cannot be told", case.kind, case.case_id)
            return True

    async def _sync(self, case: Told, offset: timedelta) -> None:
        """Signal with start: a workflow that runs is told, one that does not is started.

        A signal of this kind also ends the lull before a first task; a plain one does not.
        """
        await self._client.start_workflow(
            kind_of(case.kind).WORKFLOW,
            CaseStart(case.kind, str(case.case_id), offset.total_seconds()),
            id=workflow_id(case.kind, case.case_id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=NEVER_AGAIN if case.state.closed else AGAIN,
            task_timeout=self._task_timeout,
            start_delay=None if case.state.deadlines else self._lull,
            start_signal=SYNC,
            start_signal_args=[case.state],
            rpc_timeout=CALL,
        )

    async def _end(self, case: Told, offset: timedelta) -> None:
        """A closed case needs no workflow: one that runs is told to end, none is started for it."""
        if case.before:
            with suppress(WorkflowAlreadyStartedError):  # it has ended
                await self._sync(case, offset)
            return
        handle = self._client.get_workflow_handle(workflow_id(case.kind, case.case_id))
        try:
            await handle.signal(SYNC, case.state, rpc_timeout=CALL)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


async def _pause(seconds: float, stop: Stop) -> None:
    """Wait, but not for a process that is to end."""
    if await asyncio.to_thread(stop.wait, seconds):
        raise StoppedError
