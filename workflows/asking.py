"""Asking a workflow (询问工作流): what it waits for, what has gone off, and why it sleeps."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.case import DUTIES, KINDS
from domain.deadlines import Key, LadderKey
from domain.law import law
from domain.law.words import UNITS
from domain.times import SHANGHAI
from workflows.messages import STATUS, CaseStatus, DeadlineClock, FiredClock, workflow_id
from workflows.payloads import CONVERTER
from workflows.server import Server

PATIENCE = timedelta(seconds=5)
_RUNG = re.compile(r"([+-])(\d+)([a-z]+)")
_OUTCOMES = {"not-needed": "（无需触发）"}


class SilentError(Exception):
    """No answer: Temporal or the workers are away, or the case is younger than half a minute."""


async def connect(server: Server) -> Client:
    """A client that asks that Temporal server.

    Raises:
        SilentError: nobody answers there.
    """
    try:
        return await server.connect(data_converter=CONVERTER)
    except (RuntimeError, RPCError, OSError) as error:
        raise SilentError(str(error)) from error


async def ask(client: Client, kind: str, case_id: UUID) -> CaseStatus | None:
    """What the workflow of a case answers; None when it has none: not yet, or no more.

    Raises:
        SilentError: there is no answer now.
    """
    handle = client.get_workflow_handle(workflow_id(kind, case_id))
    try:
        return await handle.query(STATUS, result_type=CaseStatus, rpc_timeout=PATIENCE)
    except WorkflowQueryFailedError as error:
        raise SilentError(str(error)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise SilentError(str(error)) from error


def in_words(kind: str, status: CaseStatus) -> list[tuple[str, list[str]]]:
    """The answer for people, by heading; headings without content are left out."""
    steps = [f"第{n}步“{KINDS[kind].STAGES[str(n)]}”，至" for n in status.steps]
    until = [f"{at}{words}" for at, words in zip(steps or [""], status.until, strict=False)]
    found = [
        ("当前", [status.where]),
        ("等到", until),
        ("待办", [_duty(code) for code in status.waits]),
        ("下次唤醒", [_minute(status.next)] if status.next else []),
        ("届时触发", [line for clock in status.due for line in _due(clock)]),
        ("已触发", [_fired(clock) for clock in status.fired]),
        ("说明", [status.why]),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def _duty(code: str) -> str:
    duty = DUTIES.get(code)
    return duty.title(["……"]).removesuffix("：……") if duty else code


def _due(clock: DeadlineClock) -> list[str]:
    return [f"{_rule(clock.key)}：{rung_in_words(rung.name)}" for rung in clock.rungs]


def _fired(clock: FiredClock) -> str:
    what = f"{_rule(clock.key)}：{rung_in_words(clock.rung)}"
    return f"{_minute(clock.at)} {what}{_OUTCOMES.get(clock.outcome, '')}"


def _rule(key: str) -> str:
    ladder = LadderKey.read(key)
    return law().title(ladder.rule if ladder else Key.read(key).rule)


def rung_in_words(name: str) -> str:
    """When a rung goes off, e.g. 届满前3个工作日; ``due`` is the expiry itself."""
    found = _RUNG.fullmatch(name)
    if found is None:
        return "届满"
    units: dict[str, str] = {**UNITS}
    return f"届满{'前' if found[1] == '-' else '后'}{found[2]}{units[found[3]]}"


def _minute(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
