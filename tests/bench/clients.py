"""Clients that carry whole inspections by HTTP, from processes of their own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from deploy.demo.world import enterprises
from tests.bench.crowd import CLIENTS, Done, Round, at_the_start, together
from tests.bench.machine import Client

BOTH = ["insp1", "insp2"]
Life = Callable[[Client, str], int]
"""Carries one inspection with a client and its uploaded photo; gives the number of commands."""


class Case:
    """An inspection in progress."""

    def __init__(self, client: Client) -> None:
        self.today = datetime.now(UTC).date()
        self._client = client
        told = client.command(
            "insp1",
            "plan-inspection",
            enterprise=str(enterprises()[0][1]),
            source="年度计划",
            visit_from=self.today.isoformat(),
            visit_to=(self.today + timedelta(days=3)).isoformat(),
            officers=BOTH,
            items=[{"no": "1", "title": "消防通道"}],
            basis="年度监督检查计划",
            cap_checked=True,
        )
        self._id, self._version, self.commands = told["id"], told["version"], 1
        self.said: dict = {}

    def do(self, account: str, name: str, **body: object) -> None:
        told = self._client.command(account, f"{self._id}/{name}", self._version, **body)
        self._version, self.commands = told["version"], self.commands + 1
        self.said.update(told["result"])

    def begin(self) -> None:
        """Up to the checklist."""
        self.do("insp1", "submit-plan")
        self.do("appr1", "approve-plan")
        self.do(
            "insp1",
            "show-certificates",
            officers=BOTH,
            recorder="01",
            rights_told=True,
            person_in_charge="演示员",
        )
        self.do("insp1", "hear-briefing", summary="介绍")
        self.do("insp1", "assign-items", officer_of={"1": "insp1"})

    def record(self, findings: str) -> None:
        """From the checklist to the signed record."""
        self.do("insp1", "finish-visit")
        self.do("insp1", "make-record", findings=findings, signature={"signed": True})

    def end(self) -> None:
        """Close the loop."""
        self.do("insp1", "publish-result", place="网站")
        self.do("appr1", "close-inspection")


def nothing_found(client: Client, _photo: str) -> int:
    """One inspection that finds no hazard, from plan to closing."""
    case = Case(client)
    case.begin()
    case.do("insp1", "answer-item", item="1", result="合格", note="")
    case.record("未发现隐患")
    case.end()
    return case.commands


def inspection(client: Client, photo: str) -> int:
    """One inspection with a hazard that is ordered away, from plan to closing."""
    case = Case(client)
    case.begin()
    case.do("insp1", "answer-item", item="1", result="不合格", note="堆物")
    case.do(
        "insp1",
        "add-evidence",
        kind="视听资料",
        sha256=photo,
        title="照片",
        place="车间",
        taken_at=datetime.now(UTC).isoformat(),
        taken_by="insp1",
    )
    case.do(
        "insp1",
        "record-hazard",
        item="1",
        description="堵塞",
        grade="一般",
        evidence=[case.said["evidence"]],
    )
    case.record("一项")
    due = (case.today + timedelta(days=30)).isoformat()
    case.do("insp1", "issue-order", items=[{"hazard": "H1", "due": due}])
    serve = {"method": "直接送达", "receiver": "演示员"}
    case.do("insp1", "serve-document", document=case.said["document"], **serve)
    case.do("insp1", "report-rectification", hazards=["H1"], report="已清理")
    removed = [{"hazard": "H1", "result": "已整改"}]
    case.do("insp1", "recheck", results=removed, officers=BOTH, signature={"signed": True})
    case.do("insp1", "serve-document", document=case.said["document"], **serve)
    case.end()
    return case.commands


def _work(address: str, cases: int, people: int, life: Life) -> Done:
    first, *others = clients = [Client(address) for _ in range(people)]
    with at_the_start():
        first.sign_in("insp1", "appr1")
        photo = first.upload("insp1")
        life(first, photo)
        for client in others:
            client.tokens = first.tokens
        for client in clients:
            client.connect()  # anew: by now every process of the server listens
            client.seconds.clear()

    def carry(client: Client) -> None:
        for _ in range(cases):
            life(client, photo)

    began = time.perf_counter()
    with ThreadPoolExecutor(people) as hands:
        list(hands.map(carry, clients))
    return Done(began, time.perf_counter(), [s for client in clients for s in client.seconds])


def drive(
    address: str, cases: int, clients: int = CLIENTS, people: int = 1, life: Life = inspection
) -> Round:
    """``people`` in each of ``clients`` processes carry ``cases`` inspections each."""
    return together(_work, address, cases, people, life, clients=clients)
