"""Playing a scenario (推演): each line by HTTP, as its account, at its time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

from deploy.demo.world import PASSWORD, enterprises
from deploy.play.scenario import WAIT, Line, resolve
from deploy.play.stage import Stage, stage
from deploy.play.traveller import Traveller
from deploy.trouble import Trouble
from domain.command import COMMANDS, Command
from domain.registry import KINDS
from domain.times import SHANGHAI


@dataclass
class Played:
    """What became of a line."""

    line: Line
    status: int
    answer: dict[str, Any]

    @property
    def as_expected(self) -> bool:
        """Accepted, or refused as the line says."""
        refused = self.status >= 400  # noqa: PLR2004 - HTTP
        if isinstance(self.line.refused, str):
            return refused and self.answer.get("rule") == self.line.refused
        return refused == self.line.refused


@dataclass
class Player:
    """Plays lines on a stage; remembers what each gave, for the lines that follow.

    The newest of each kind is known by the kind's name, e.g. ``$inspection``.
    """

    stage: Stage
    say: Callable[[str], None]
    known: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.traveller = Traveller(self.stage)
        for number, (_, own) in enumerate(enterprises(), 1):
            self.known[f"enterprise{number}"] = {"id": str(own)}

    async def play(self, line: Line) -> Played:
        """Skip to the line's time and do what it says."""
        await self.traveller.to(line.at)
        if line.do == WAIT:
            return Played(line, 200, {})
        command = _command(line.do)
        fields = resolve(line.fields, self.known)
        if line.upload is not None:
            fields["sha256"] = await self._upload(line)
        status, answer = await self._post(line, command, fields)
        if status < 300:  # noqa: PLR2004 - HTTP
            self._remember(line, command, answer)
        return Played(line, status, answer)

    async def _post(
        self, line: Line, command: type[Command], fields: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        headers = await self._headers(line.by) | {"Idempotency-Key": str(uuid4())}
        family = command.FAMILY
        path = f"/api/v1/{family.name}/{command.NAME}"
        if not command.CREATES and not family.alone:
            target = resolve(line.on or f"${family.kind}", self.known)
            path = f"/api/v1/{family.name}/{target}/{command.NAME}"
            headers["If-Match"] = f'"v{self._version(command, UUID(target))}"'
        answer = await self.stage.http.post(path, json=fields, headers=headers)
        return answer.status_code, cast("dict[str, Any]", answer.json())

    def _version(self, command: type[Command], target: UUID) -> int:
        return self.stage.bihuan.load(command.target(), target).version

    def _remember(self, line: Line, command: type[Command], answer: dict[str, Any]) -> None:
        gave = {"id": answer["id"]} | answer["result"]
        if line.label:
            self.known[line.label] = gave
        if command.CREATES:
            self.known[command.FAMILY.kind] = gave
        self.known |= {kind: {"id": gave[kind]} for kind in KINDS if kind in gave}

    async def _upload(self, line: Line) -> str:
        content = (line.upload or "").encode()
        name = sha256(content).hexdigest()
        answer = await self.stage.http.put(
            f"/api/v1/blobs/{name}", content=content, headers=await self._headers(line.by)
        )
        answer.raise_for_status()
        return name

    async def _headers(self, account: str) -> dict[str, str]:
        """Signed in as the account."""
        if account not in self.tokens:
            answer = await self.stage.http.post(
                "/api/v1/session", json={"account": account, "password": PASSWORD}
            )
            if answer.status_code >= 400:  # noqa: PLR2004 - HTTP
                raise Trouble(f"演示账号“{account}”不能登录，请核对 by。", "Unknown account.")
            self.tokens[account] = answer.json()["token"]
        return {"Authorization": f"Bearer {self.tokens[account]}"}


def _command(do: str) -> type[Command]:
    """The command of that name; ``family/name`` where two families have one of the name."""
    found = [c for (family, name), c in COMMANDS.items() if do in {name, f"{family}/{name}"}]
    if not found:
        raise Trouble(f"没有操作“{do}”，请参阅 docs/scenarios.md。", "Unknown command.")
    if len(found) > 1:
        names = "、".join(f"{c.FAMILY.name}/{c.NAME}" for c in found)
        raise Trouble(f"操作“{do}”有歧义，请写成{names}之一。", "Ambiguous command.")
    return found[0]


@dataclass(frozen=True)
class Outcome:
    """A finished play: lines, and the timeline of facts and fired clocks."""

    lines: list[Played]
    timeline: list[dict[str, Any]]

    @property
    def as_expected(self) -> bool:
        """Whether every line went as it said."""
        return all(p.as_expected for p in self.lines)


async def play(lines: list[Line], say: Callable[[str], None]) -> Outcome:
    """Play on a system of its own, up to the first line that goes otherwise than it says."""
    async with stage(lines[0].at, say) as running:
        player = Player(running, say)
        played: list[Played] = []
        for line in lines:
            played.append(await player.play(line))
            if not played[-1].as_expected:
                break
        return Outcome(played, timeline(running))


def timeline(running: Stage) -> list[dict[str, Any]]:
    """Facts and fired clocks of every case, in order."""
    store, after, rows = running.bihuan.store, 0, list[dict[str, Any]]()
    cases = cache(running.bihuan.clocks)
    while page := store.page(after, 500):
        after = page[-1].seq
        for stored in page:
            if stored.kind not in KINDS:
                continue
            event, case = store.decode(stored), cases(stored.kind, stored.stream)
            rows.append(
                {
                    "seq": stored.seq,
                    "case": str(stored.stream),
                    "kind": stored.kind,
                    "version": stored.version,
                    "topic": stored.topic,
                    "at": event.occurred_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
                    "by": event.by.account,
                    "role": event.by.role.value,
                    "what": event.fact.words_with(case.names(event.fact)),
                    "data": event.fact.model_dump(mode="json"),
                }
            )
    return rows
