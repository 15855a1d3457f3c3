"""A small bureau and its cases, carried by real commands."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from domain.application import Bihuan, Grant, Person, Receipt
from domain.command import COMMANDS
from domain.deadlines import Deadline, Key
from domain.facts import Role
from domain.organisation import ORGANISATION_ID
from domain.organisation.unit import unit_id
from domain.times import day

CITY, DISTRICT = unit_id("试验市"), unit_id("试验市", "试验区")
ADMIN = Person(account="admin", grants=(Grant(role=Role.ADMINISTRATOR, unit=ORGANISATION_ID),))
INSPECTOR = Person(account="jia", grants=(Grant(role=Role.INSPECTOR, unit=DISTRICT),))
APPROVER = Person(account="shen", grants=(Grant(role=Role.APPROVER, unit=DISTRICT),))
BYTES = b"a photograph"
SHA256 = sha256(BYTES).hexdigest()


@dataclass
class Bureau:
    """Commands by name, as the API would give them."""

    bihuan: Bihuan
    enterprise: UUID = field(default_factory=uuid4)

    def do(
        self, who: Person, family: str, name: str, target: UUID | None = None, /, **fields: Any
    ) -> Receipt:
        command = COMMANDS[family, name].model_validate(fields)
        return self.bihuan.execute(
            command, person=who, target=target, command_id=uuid4(), request_hash=b"asked"
        )

    def today(self) -> date:
        return day(self.bihuan.store.now())

    def found(self) -> None:
        """Units, two officers with certificates, an enterprise, evidence bytes."""
        city = {"id": CITY, "name": "试验市应急局", "abbr": "试", "kind": "city"}
        district = {
            "id": DISTRICT,
            "name": "试验区应急局",
            "abbr": "试区",
            "kind": "district",
            "parent": CITY,
        }
        self.do(ADMIN, "organisation", "import-units", ORGANISATION_ID, units=[city, district])
        for account in ("jia", "yi"):
            person = self.do(
                ADMIN, "people", "register-person", account=account, name="试验员", unit=DISTRICT
            ).id
            self.do(
                ADMIN,
                "people",
                "issue-certificate",
                person,
                number=f"ZJ-{account}",
                valid_from=date(2000, 1, 1),
                valid_to=date(2099, 1, 1),
            )
        self.enterprise = self.do(
            ADMIN,
            "enterprises",
            "register-enterprise",
            uscc="91370400MA3C000000",
            name="试验化工有限公司",
            unit=DISTRICT,
        ).id
        self.bihuan.blobs.put(SHA256, [BYTES], 1_000)

    def plan(self) -> "Case":
        """A new inspection, planned and not yet submitted."""
        today = self.today()
        case = self.do(
            INSPECTOR,
            "inspections",
            "plan-inspection",
            enterprise=self.enterprise,
            source="年度计划",
            visit_from=today,
            visit_to=today + timedelta(days=5),
            officers=["jia", "yi"],
            items=[{"no": "1", "title": "消防通道"}],
            basis="年度执法计划",
            cap_checked=True,
        ).id
        return Case(self, case)


@dataclass
class Case:
    """An inspection in progress."""

    bureau: Bureau
    id: UUID
    order: UUID | None = None

    def do(self, name: str, who: Person = INSPECTOR, /, **fields: Any) -> dict[str, Any]:
        return self.bureau.do(who, "inspections", name, self.id, **fields).result

    def approved(self) -> "Case":
        self.do("submit-plan")
        self.do("approve-plan", APPROVER)
        return self

    def on_site(self) -> "Case":
        self.approved()
        self.do(
            "show-certificates",
            officers=["jia", "yi"],
            recorder="R1",
            rights_told=True,
            person_in_charge="试验负责人",
        )
        self.do("hear-briefing", summary="生产正常")
        self.do("assign-items", officer_of={"1": "jia"})
        return self

    def recorded(self, hazards: int, grade: str = "一般") -> "Case":
        self.on_site()
        result = "不合格" if hazards else "合格"
        self.do("answer-item", item="1", result=result, note="堆放杂物" if hazards else "")
        for _ in range(hazards):
            evidence = self.do(
                "add-evidence",
                kind="视听资料",
                sha256=SHA256,
                title="照片",
                place="一车间",
                taken_at=self.bureau.bihuan.store.now(),
                taken_by="jia",
            )["evidence"]
            self.do(
                "record-hazard",
                item="1",
                description="通道堵塞",
                grade=grade,
                standard="判定标准",
                evidence=[evidence],
            )
        self.do("finish-visit")
        self.do("make-record", findings="见隐患清单", signature={"signed": True})
        return self

    def ordered(self, days: int = 30, hazards: int = 1, grade: str = "一般") -> "Case":
        """Served with an order: each hazard is to be gone ``days`` from today."""
        self.recorded(hazards, grade)
        due = self.bureau.today() + timedelta(days=days)
        items = [{"hazard": f"H{n + 1}", "due": due} for n in range(hazards)]
        self.order = UUID(self.do("issue-order", items=items)["document"])
        self.serve(self.order)
        return self

    def deadline(self, key: str = "FIX-DUE/H1/1") -> Deadline:
        return self.bureau.bihuan.clocks("inspection", self.id).deadlines[Key.read(key)]

    def due_at(self, key: str = "FIX-DUE/H1/1") -> datetime:
        """First instant that is too late."""
        return self.deadline(key).due.due_at

    def ladder(self, key: str = "FIX-DUE/H1/1") -> str:
        """The ladder a deadline climbs, as running workflows write it."""
        return str(self.deadline(key).ladder)

    def serve(self, document: UUID) -> None:
        self.do("serve-document", document=document, method="直接送达", receiver="试验签收人")

    def recheck(self, result: str = "已整改") -> dict[str, Any]:
        told = self.do(
            "recheck",
            results=[{"hazard": "H1", "result": result}],
            officers=["jia", "yi"],
            signature={"signed": True},
        )
        self.serve(UUID(told["document"]))
        return told

    def closed(self) -> "Case":
        self.do("publish-result", place="政务网站")
        self.do("close-inspection", APPROVER)
        return self


def lifecycle(bureau: Bureau) -> Case:
    """All eight steps: one hazard, rectified in time."""
    case = bureau.plan().ordered()
    case.do("report-rectification", hazards=["H1"], report="已清理")
    case.recheck()
    return case.closed()
