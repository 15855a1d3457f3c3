"""Checks the whole log: the chain, its end, its order, and that the commands point to their events.

A superuser can rewrite everything consistently; that only shows against hashes kept elsewhere,
which is what ``anchors`` are for (receipts, signed checkpoints).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from domain.store.chain import GENESIS, Chained, link

_BATCH = 5000
_POSTGRES_EPOCH = 946_684_800_000_000  # 2000-01-01 in microseconds since 1970

_EVENTS = (
    "SELECT seq, stream::text, kind, version, occurred_at, recorded_at, command_id::text, topic,"
    " state, hash FROM log.events ORDER BY seq"
)
# Every command owns exactly the events between its first and last seq.
_COMMANDS = """
SELECT min(least(e.first, c.first_seq)) FROM
  (SELECT command_id, min(seq) AS first, max(seq) AS last, count(*) AS n
   FROM log.events WHERE command_id IS NOT NULL GROUP BY command_id) AS e
FULL JOIN
  (SELECT * FROM log.commands WHERE last_seq >= first_seq) AS c USING (command_id)
WHERE (e.first, e.last, e.n) IS DISTINCT FROM
      (c.first_seq, c.last_seq, c.last_seq - c.first_seq + 1)
"""
_STREAMS = """
SELECT min(seq) FROM
  (SELECT seq, version, row_number() OVER (PARTITION BY stream ORDER BY seq) AS nth
   FROM log.events) AS e
WHERE version <> nth
"""


@dataclass(frozen=True)
class VerifyReport:
    """What was found (核验报告). ``first_bad`` is the first seq that is not as it was recorded."""

    ok: bool
    checked: int
    head_seq: int
    head_hash: bytes
    first_bad: int | None = None
    reason: str = "日志完整：逐条哈希、顺序、末端与操作登记均相符。"


@dataclass
class _End:
    """How far the walk came."""

    seq: int = 0
    hash: bytes = GENESIS


class _Broken(Exception):  # noqa: N818 - a finding, caught below
    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq = seq
        self.reason = reason


class _Micros(Loader):
    """Instants as the integers they are: exact, fast, and 'infinity' is no error."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> int:
        return int.from_bytes(bytes(data), "big", signed=True) + _POSTGRES_EPOCH


def verify(
    connection: psycopg.Connection[Any], *, anchors: Mapping[int, bytes] | None = None
) -> VerifyReport:
    """Read the log from the first event to the last and recompute everything.

    Args:
        connection: an idle connection that may read schema ``log``.
        anchors: seq → hash as known from receipts or checkpoints outside this database.
    """
    known, end = anchors or {}, _End()
    with connection.transaction(), connection.cursor() as cursor:
        # One snapshot for events, head and commands, while others go on appending.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try:
            _walk(connection, known, end)
            _check_end(cursor, end, known)
            _check_sets(cursor)
        except _Broken as broken:
            return VerifyReport(
                ok=False,
                checked=end.seq,
                head_seq=end.seq,
                head_hash=end.hash,
                first_bad=broken.seq,
                reason=broken.reason,
            )
    return VerifyReport(ok=True, checked=end.seq, head_seq=end.seq, head_hash=end.hash)


def _walk(connection: psycopg.Connection[Any], known: Mapping[int, bytes], end: _End) -> None:
    last_recorded = -(2**63)
    for seq, (found, *columns, stored_hash) in enumerate(_rows(connection), start=1):
        if found != seq:
            raise _Broken(seq, f"第 {seq} 条缺失，其后一条编号为 {found}。")
        event = Chained(seq, *columns)
        digest = link(end.hash, event)
        if digest != stored_hash or "\n" in event.topic or "\n" in event.kind:
            raise _Broken(seq, f"第 {seq} 条与哈希链不符：内容、表头或次序被改动。")
        if event.recorded < last_recorded:
            raise _Broken(seq, f"第 {seq} 条的记录时间早于前一条。")
        if known.get(seq, digest) != digest:
            raise _Broken(seq, f"第 {seq} 条与回执或检查点所载哈希不符：此前的日志被整体改写。")
        end.seq, end.hash, last_recorded = seq, digest, event.recorded


def _rows(connection: psycopg.Connection[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(name="verify", binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.adapters.register_loader("timestamptz", _Micros)
        cursor.execute(_EVENTS)
        yield from cursor


def _check_end(cursor: psycopg.Cursor[Any], end: _End, known: Mapping[int, bytes]) -> None:
    row = cursor.execute("SELECT seq, hash FROM log.head").fetchone()
    if row is None:
        raise _Broken(end.seq, "日志末端登记缺失。")
    seq, hash_ = row
    last = max([seq, *known])
    if last > end.seq:
        raise _Broken(end.seq + 1, f"日志尾部被截断：应有 {last} 条，实有 {end.seq} 条。")
    if (seq, hash_) != (end.seq, end.hash):
        raise _Broken(end.seq, "日志末端登记与最后一条不符。")


def _check_sets(cursor: psycopg.Cursor[Any]) -> None:
    for query, reason in (
        (_STREAMS, "第 {} 条的版本号与其案卷内次序不符。"),
        (_COMMANDS, "第 {} 条起的事件与操作登记不符：登记被改动或删除。"),
    ):
        row = cursor.execute(query.encode()).fetchone()
        if row and row[0] is not None:
            raise _Broken(row[0], reason.format(row[0]))
