"""People who speak HTTP: sign in, command, read; what a machine client would do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from fastapi import FastAPI

from api.doors import COOKIE
from deploy.demo.world import PASSWORD, enterprises
from domain.application import Bihuan
from domain.times import SHANGHAI
from tests.conftest import Database

PHOTO = b"bytes of a photograph"


@dataclass
class Office:
    """The demo office, one token per account."""

    client: httpx.Client
    bihuan: Bihuan
    database: Database
    app: FastAPI
    tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, account: str) -> dict[str, str]:
        if account not in self.tokens:
            answer = self.client.post(
                "/api/v1/session", json={"account": account, "password": PASSWORD}
            )
            self.tokens[account] = answer.json()["token"]
        return {"Authorization": f"Bearer {self.tokens[account]}"}

    def get(self, account: str, path: str, **headers: str) -> httpx.Response:
        return self.client.get(f"/api/v1{path}", headers=self.headers(account) | headers)

    def post(self, account: str, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        given = {"Idempotency-Key": str(uuid4())} | self.headers(account)
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", json=body, headers=given)

    def upload(self, account: str, content: bytes = PHOTO) -> str:
        name = sha256(content).hexdigest()
        answer = self.client.put(
            f"/api/v1/blobs/{name}", content=content, headers=self.headers(account)
        )
        assert answer.status_code in {200, 201}, answer.text
        return name

    def cookie(self, account: str) -> dict[str, str]:
        """What a browser in which ``account`` is signed in sends along."""
        token = self.headers(account)["Authorization"].removeprefix("Bearer ")
        return {"Cookie": f"{COOKIE}={token}"}

    def page(self, account: str, path: str) -> str:
        answer = self.client.get(path, headers=self.cookie(account))
        assert answer.status_code == 200, answer.text
        return answer.text

    def pages(self, account: str, path: str, limit: int) -> Iterator[list[dict[str, Any]]]:
        """A list page by page."""
        after: str | None = ""
        while after is not None:
            joint = "&" if "?" in path else "?"
            answer = self.get(account, f"{path}{joint}limit={limit}{after and f'&after={after}'}")
            assert answer.status_code == 200, answer.text
            yield answer.json()["items"]
            after = answer.json()["next"]

    def owner(self) -> psycopg.Connection:
        """Straight into the database, where no request leads."""
        return psycopg.connect(self.database.owner, autocommit=True)

    def now(self) -> datetime:
        return self.bihuan.store.now().astimezone(SHANGHAI)

    def day(self, ahead: int) -> str:
        return (self.now().date() + timedelta(days=ahead)).isoformat()

    def plan_fields(self, **other: Any) -> dict[str, Any]:
        return {
            "enterprise": str(enterprises()[0][1]),
            "source": "年度计划",
            "visit_from": self.day(0),
            "visit_to": self.day(3),
            "officers": ["insp1", "insp2"],
            "items": [{"no": "1", "title": "消防通道"}, {"no": "2", "title": "安全培训"}],
            "basis": "年度监督检查计划",
            "cap_checked": True,
        } | other

    def planned(self, **other: Any) -> "Case":
        answer = self.post("insp1", "/inspections/plan-inspection", self.plan_fields(**other))
        assert answer.status_code == 201, answer.text
        case = Case(self, answer.json()["id"])
        case.take(answer)
        return case


@dataclass
class Case:
    """One inspection; remembers the version it saw and what it was told."""

    office: Office
    id: str
    version: int = 0
    seq: int = 0
    said: dict[str, str] = field(default_factory=dict)

    def take(self, answer: httpx.Response) -> None:
        told = answer.json()
        self.version, self.seq = told["version"], told["seq"]
        self.said |= told["result"]

    def post(self, account: str, command: str, body: dict[str, Any], **more: str) -> httpx.Response:
        headers = {"If_Match": f'"v{self.version}"'} | more
        return self.office.post(account, f"/inspections/{self.id}/{command}", body, **headers)

    def do(self, account: str, command: str, **body: Any) -> "Case":
        answer = self.post(account, command, body)
        assert answer.status_code == 200, (command, answer.text)
        self.take(answer)
        return self

    def refused(self, rule: str, account: str, command: str, **body: Any) -> dict[str, Any]:
        answer = self.post(account, command, body)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, problem["rule"]) == (422, rule), answer.text
        return problem

    def view(self, account: str = "insp1") -> dict[str, Any]:
        """The case once the projections have seen what was done here."""
        answer = self.office.get(account, f"/inspections/{self.id}", **{"Min-Seq": str(self.seq)})
        while answer.status_code == 202:
            answer = self.office.get(
                account, f"/inspections/{self.id}", **{"Min-Seq": str(self.seq)}
            )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def approved(self) -> "Case":
        return self.do("insp1", "submit-plan").do("appr1", "approve-plan")

    def on_site(self) -> "Case":
        self.approved().do(
            "insp1",
            "show-certificates",
            officers=["insp1", "insp2"],
            recorder="记录仪01",
            rights_told=True,
            person_in_charge="万一凡",
        )
        self.do("insp1", "hear-briefing", summary="介绍")
        return self.do("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})

    def evidence(self, title: str = "照片") -> str:
        self.do(
            "insp1",
            "add-evidence",
            kind="视听资料",
            sha256=self.office.upload("insp1"),
            title=title,
            place="一车间",
            taken_at=self.office.now().isoformat(),
            taken_by="insp1",
        )
        return self.said["evidence"]

    def served(self, days: int = 20) -> "Case":
        self.on_site()
        self.do("insp1", "answer-item", item="1", result="不合格", note="堆物")
        self.do("insp2", "answer-item", item="2", result="合格")
        proof = self.evidence()
        self.do(
            "insp1", "record-hazard", item="1", description="堵塞", grade="一般", evidence=[proof]
        )
        self.do("insp1", "finish-visit")
        self.do("insp1", "make-record", findings="一项", signature={"signed": True})
        self.do("insp1", "issue-order", items=[{"hazard": "H1", "due": self.office.day(days)}])
        return self.do(
            "insp1",
            "serve-document",
            document=self.said["document"],
            method="直接送达",
            receiver="万一凡",
        )
