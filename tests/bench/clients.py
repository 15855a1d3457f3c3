"""Clients that carry whole inspections by HTTP, from processes of their own."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from deploy.demo.world import enterprises
from tests.bench.crowd import CLIENTS, Done, Round, at_the_start, together
from tests.bench.machine import Client


def inspection(client: Client, photo: str) -> int:
    """One inspection from plan to closing; returns the number of commands."""
    today = datetime.now(UTC).date()
    told = client.command(
        "insp1",
        "plan-inspection",
        enterprise=str(enterprises()[0][1]),
        source="年度计划",
        visit_from=today.isoformat(),
        visit_to=(today + timedelta(days=3)).isoformat(),
        officers=["insp1", "insp2"],
        items=[{"no": "1", "title": "消防通道"}],
        basis="年度监督检查计划",
        cap_checked=True,
    )
    case, version, count = told["id"], told["version"], 1
    said: dict = {}

    def do(account: str, name: str, **body: object) -> None:
        nonlocal version, count
        told = client.command(account, f"{case}/{name}", version, **body)
        version, count = told["version"], count + 1
        said.update(told["result"])

    both = ["insp1", "insp2"]
    do("insp1", "submit-plan")
    do("appr1", "approve-plan")
    do(
        "insp1",
        "show-certificates",
        officers=both,
        recorder="01",
        rights_told=True,
        person_in_charge="演示员",
    )
    do("insp1", "hear-briefing", summary="介绍")
    do("insp1", "assign-items", officer_of={"1": "insp1"})
    do("insp1", "answer-item", item="1", result="不合格", note="堆物")
    do(
        "insp1",
        "add-evidence",
        kind="视听资料",
        sha256=photo,
        title="照片",
        place="车间",
        taken_at=datetime.now(UTC).isoformat(),
        taken_by="insp1",
    )
    do(
        "insp1",
        "record-hazard",
        item="1",
        description="堵塞",
        grade="一般",
        evidence=[said["evidence"]],
    )
    do("insp1", "finish-visit")
    do("insp1", "make-record", findings="一项", signature={"signed": True})
    due = (today + timedelta(days=30)).isoformat()
    do("insp1", "issue-order", items=[{"hazard": "H1", "due": due}])
    serve = {"method": "直接送达", "receiver": "演示员"}
    do("insp1", "serve-document", document=said["document"], **serve)
    do("insp1", "report-rectification", hazards=["H1"], report="已清理")
    removed = [{"hazard": "H1", "result": "已整改"}]
    do("insp1", "recheck", results=removed, officers=both, signature={"signed": True})
    do("insp1", "serve-document", document=said["document"], **serve)
    do("insp1", "publish-result", place="网站")
    do("appr1", "close-inspection")
    return count


def _work(address: str, cases: int, people: int) -> Done:
    first, *others = clients = [Client(address) for _ in range(people)]
    with at_the_start():
        first.sign_in("insp1", "appr1")
        photo = first.upload("insp1")
        inspection(first, photo)
        for client in others:
            client.tokens = first.tokens
        for client in clients:
            client.connect()  # anew: by now every process of the server listens
            client.seconds.clear()

    def carry(client: Client) -> None:
        for _ in range(cases):
            inspection(client, photo)

    began = time.perf_counter()
    with ThreadPoolExecutor(people) as hands:
        list(hands.map(carry, clients))
    return Done(began, time.perf_counter(), [s for client in clients for s in client.seconds])


def drive(address: str, cases: int, clients: int = CLIENTS, people: int = 1) -> Round:
    """``people`` in each of ``clients`` processes carry ``cases`` inspections each."""
    return together(_work, address, cases, people, clients=clients)
