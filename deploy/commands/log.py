"""``bihuan events`` and ``bihuan verify``: the log read and checked (日志)."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import psycopg
import typer

import domain.registry  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers every fact
from deploy.console import REFUSED
from deploy.source import Source, log_source
from domain.facts import FACTS
from domain.store import EventStore, PersonVault, Stored, verify

app = typer.Typer()
PAGE = 500
Data = Annotated[Path | None, typer.Option(help="数据目录；系统运行或停止时都可以")]


@app.command(help="列出日志中的事件；个人信息只显示首字。")
def events(
    case: Annotated[UUID | None, typer.Option(help="只看一个案卷（或其他对象）")] = None,
    data: Data = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每个事件一行 JSON")] = False,
) -> None:
    """List the log."""
    with ExitStack() as open_now:
        source = open_now.enter_context(log_source(data))
        store = open_now.enter_context(_store(source, open_now))
        for stored in store.stream(case) if case else _all(store):
            line = _line(store, stored)
            typer.echo(json.dumps(line, ensure_ascii=False) if jsonl else _words(line))


@app.command(name="verify", help="核验日志哈希链；不完整时指出第一条，退出码为 1。")
def check(
    data: Data = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """Check the log."""
    with log_source(data) as source, psycopg.connect(source.dsn, autocommit=True) as connection:
        report = verify(connection)
    if as_json:
        found = {"ok": report.ok, "checked": report.checked, "first_bad": report.first_bad}
        head = {"head_seq": report.head_seq, "head_hash": report.head_hash.hex()}
        typer.echo(json.dumps({**found, **head, "reason": report.reason}, ensure_ascii=False))
    else:
        typer.echo(f"已核验 {report.checked} 条。{report.reason}")
    if not report.ok:
        raise typer.Exit(REFUSED)


def _store(source: Source, open_now: ExitStack) -> EventStore:
    key = source.key()
    vault = open_now.enter_context(PersonVault(source.dsn, key)) if key else None
    return EventStore(source.dsn, vault=vault, pool_size=1)


def _all(store: EventStore) -> Iterator[Stored]:
    after = 0
    while page := store.page(after, PAGE):
        yield from page
        after = page[-1].seq


def _line(store: EventStore, stored: Stored) -> dict[str, Any]:
    """One event, its fact in the newest shape; opened with the vault and masked again."""
    envelope = orjson.loads(stored.state)
    known = stored.topic in FACTS
    fact = store.decode(stored).fact if known else None
    return {
        "seq": stored.seq,
        "stream": str(stored.stream),
        "kind": stored.kind,
        "version": stored.version,
        "topic": stored.topic,
        "title": fact.TITLE if fact else "",
        "occurred_at": stored.occurred_at.isoformat(),
        "recorded_at": stored.recorded_at.isoformat(),
        "by": envelope["by"],
        "command_id": str(stored.command_id) if stored.command_id else None,
        "hash": stored.hash.hex(),
        "data": fact.model_dump(mode="json") if fact else envelope["fact"],
    }


def _words(line: dict[str, Any]) -> str:
    title = line["title"] or line["topic"]
    return (
        f"{line['seq']}  {line['occurred_at']}  {line['by']['account']}  {title}  {line['stream']}"
    )
