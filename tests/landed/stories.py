"""The stories of the recording: cases that together hold every kind of fact, up to one afternoon.

``END`` is where the recording stops: some cases are over, the others wait, each in another way,
their clocks running. Only ``record.py`` reads this module; once its commit has moved on, it is kept
to be read, not to be run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from domain.application import Bihuan, Strike
from domain.clocked import RungRef
from domain.command import SHANGHAI, day
from tests.domain import walk, world
from tests.domain.given import Play, moment
from tests.projections.helpers import OTHER, inspected

BEGIN = moment("2026-03-02T09:00")
END = moment("2026-04-16T15:00")
"""A Thursday: in the case of forty the reminder of three days before has gone out to all."""
FORTY = 40
LATE_SERVICE = datetime(2026, 3, 3, 16, tzinfo=SHANGHAI)
MORE_PEOPLE = [
    ("sup0", "季督", world.CITY, ("supervisor",), None),
    ("aud0", "季审", world.CITY, ("auditor",), None),
]
"""Beside those of the tests' world: who reads everything, and who hears of what goes up."""
IMPORTED = [
    {"uscc": "91370400MA3ABCDE1X", "name": "青禾示例木业有限公司", "principal": "万木春"},
    {"uscc": "91370400MA3ABCDE2Y", "name": "青禾示例陶瓷有限公司", "phone": "0632-0000000"},
]


class Worker(Protocol):
    """The worker's process and the time; who plays it is told when each begins and ends."""

    async def to(self, text: str) -> None:
        """Let time pass up to a moment, every clock on the way."""
        ...

    async def forget(self, case: UUID) -> None:
        """Temporal loses the workflow of an inspection."""
        ...

    async def refeed(self, so: Callable[[], bool]) -> None:
        """Feed Temporal from zero and wait until it is ``so``."""
        ...

    async def stop(self) -> None:
        """The worker ends: from now on no clock fires and no workflow is told."""
        ...


class Clock:
    """Stands where ``Play`` expects the log in memory: its time is the database's."""

    def __init__(self, bihuan: Bihuan) -> None:
        self._bihuan = bihuan
        self.newest: list[Any] = []

    @property
    def now(self) -> datetime:
        return self._bihuan.store.now().astimezone(SHANGHAI)

    @now.setter
    def now(self, _: datetime) -> None:
        """A command takes no minute here: the database's clock goes by itself."""


class Live(Play):
    """The tests' way to tell a story, on the real log."""

    done: set[str] = set()  # noqa: RUF012 - all stories add to it

    def __init__(self, bihuan: Bihuan) -> None:
        self.log = Clock(bihuan)  # pyright: ignore[reportAttributeAccessIssue]
        self.app = bihuan
        self.said = {}

    def upload(self, text: str) -> str:
        content = text.encode()
        name = sha256(content).hexdigest()
        self.app.blobs.put(name, [content], len(content))
        return name

    def does(self, account: str, name: str, /, **fields: Any) -> "Live":
        self.done.add(name)
        return super().does(account, name, **fields)

    def unneeded(self, deadline: str, rung: str, due_version: int = 1) -> None:
        """A timer goes off for what has been settled meanwhile: it was on its way already."""
        ref = RungRef(deadline=deadline, due_version=due_version, rung=rung)
        (struck,) = self.app.fire([Strike("inspection", self.case, (ref,), self.log.now)])
        assert struck.outcomes == ["not-needed"], struck.outcomes


@dataclass
class Stories:
    """All of them, by name."""

    bihuan: Bihuan
    worker: Worker
    cases: dict[str, Live] = field(default_factory=dict[str, Live])

    def new(self, name: str) -> Live:
        self.cases[name] = Live(self.bihuan)
        return self.cases[name]

    def __getitem__(self, name: str) -> Live:
        return self.cases[name]

    async def play(self) -> None:
        """From founding to the stop of the worker shortly before the end."""
        found(Live(self.bihuan))
        await self._first_week()
        await self._second_week()
        await self._rest_of_march()
        await self._april()

    async def _first_week(self) -> None:
        await self.worker.to("2026-03-03T10:00")
        walk.served(self.new("closed"), "一般", "一般", due="2026-03-20")
        link(self["closed"])
        walk.served(self.new("forty"), *["一般"] * FORTY, due="2026-04-20")
        mixed(self.new("mixed"))
        left = walk.recorded(self.new("announced"))
        left.said["order"] = walk.order(left, H1="2026-05-29")

        await self.worker.to("2026-03-04T09:30")
        public = {"method": "公告送达", "note": "区政府门户网站公告"}
        document = left.said["order"]
        # Entered on the next morning: what happened and what was written down are two instants.
        left.does("insp1", "serve-document", document=document, at=LATE_SERVICE, **public)
        walk.served(self.new("extended"), "一般", "一般", "一般", due="2026-04-10")
        walk.served(self.new("overdue"), "一般", "一般", due="2026-04-10")
        walk.served(self.new("forgotten"), "重大", due="2026-03-20")
        walk.served(self.new("suspended"), "一般", "一般", "一般", due="2026-04-10")
        for name, signal in (("transferred", "alarms"), ("not-transferred", "unlicensed")):
            crime(self.new(name), signal)

        await self.worker.to("2026-03-05T09:30")
        walk.served(self.new("resumed"), "一般", "一般", due="2026-03-25")
        walk.served(self.new("reordered"), due="2026-03-12")
        stopped(self.new("stopped"))

        await self.worker.to("2026-03-06T09:30")
        walk.stopped(self.new("halted"))
        self["halted"].said["stop"] = self["halted"].said["document"]
        walk.served(self.new("shut"), "一般", "一般", due="2026-04-10")
        recused(self.new("recused"))
        self["transferred"].does("appr1", "approve-transfer")

    async def _second_week(self) -> None:
        await self.worker.to("2026-03-09T09:30")
        refused_entry(self.new("no-entry"))
        urgent = walk.on_site(self.new("filed-late"))
        proposal = {"cause": "特种作业人员无证上岗", "facts_seen": "焊工未持证"}
        urgent.does("insp1", "propose-filing", urgent=True, **proposal)
        again = self["stopped"]
        request = {"document": again.said["stop"], "request": "申请恢复生产"}
        again.does("insp1", "request-resumption", **request)

        await self.worker.to("2026-03-10T09:30")
        self["no-entry"].does("appr1", "refuse-filing", reason="当事人已主动改正")
        self["no-entry"].does("appr1", "close-inspection")
        walk.publish(self["forty"])
        suspend(self["resumed"], "H1", "H2")
        walk.served(self.new("late"), due="2026-03-20")
        disobeyed = walk.served(self.new("disobeyed"), "重大", "一般", due="2026-04-17")
        walk.approved(self.new("cancelled"))
        walk.submitted(self.new("plan-refused"))
        other_district(self.new("other"))

        await self.worker.to("2026-03-11T09:30")
        refuse = {"document": again.said["stop"], "reason": "隐患尚未复查"}
        again.does("appr1", "refuse-resumption", **refuse)
        # A day after they began: what ends before the feed has told of it gets no workflow.
        self["cancelled"].does("insp1", "cancel-inspection", reason="企业停电检修")
        self["plan-refused"].does("appr1", "refuse-plan", reason="与上月检查重复")
        await self.worker.forget(self["late"].case)

        await self.worker.to("2026-03-12T09:30")
        refusal = {"document": disobeyed.said["order"], "facts_seen": "仍在组织生产"}
        disobeyed.does("insp1", "record-order-refusal", **refusal)

    async def _rest_of_march(self) -> None:
        await self.worker.to("2026-03-16T09:30")
        reordered = walk.recheck(self["reordered"], "未整改", "H1")
        extend(self["extended"], "H1", due="2026-04-30")
        again = walk.report(self["stopped"], "H1", "H2")

        await self.worker.to("2026-03-17T09:30")
        said = self["extended"].said
        grant = {"extension": said["extension"], "due": "2026-04-24"}
        self["extended"].does("appr1", "grant-extension", **grant)
        walk.serve(reordered, walk.order(reordered, H1="2026-03-30"))
        walk.recheck(again, "已整改", "H1", "H2")
        request = {"document": again.said["stop"], "request": "已整改，再次申请恢复"}
        again.does("insp1", "request-resumption", **request)
        self["disobeyed"].does("appr1", "approve-transfer", opinion="同意移送公安机关")
        self["disobeyed"].does("appr1", "refuse-filing", reason="一并移送")

        await self.worker.to("2026-03-18T09:30")
        reordered.does("appr1", "approve-filing")
        extend(self["extended"], "H2", due="2026-04-30")
        resume(self["resumed"], "H1", "H2")
        closed = walk.report(self["closed"], "H1", "H2")
        walk.recheck(closed, "已整改", "H1", "H2")

        await self.worker.to("2026-03-19T09:30")
        closed.unneeded("FIX-DUE/H1/1", "-1wd")
        walk.close(walk.publish(closed))
        again.does("appr1", "agree-resumption", document=again.said["stop"])
        walk.close(walk.publish(again))

        await self.worker.to("2026-03-20T09:30")
        self["resumed"].unneeded("FIX-DUE/H2/1", "-3wd")
        said = self["extended"].said
        refusal = {"extension": said["extension"], "reason": "不属于不可抗力"}
        self["extended"].does("appr1", "refuse-extension", **refusal)
        self["filed-late"].does("appr1", "approve-filing", opinion="情况紧急，准予补办")
        self["not-transferred"].does("appr1", "refuse-transfer", reason="没有现实危险")
        for name in ("overdue", "forgotten", "suspended"):
            walk.publish(self[name])
        shut_down(self["shut"])

        await self.worker.to("2026-03-25T09:30")
        suspend(self["suspended"], "H1", "H2")

        await self.worker.to("2026-03-26T11:00")
        late = self["late"]
        await self.worker.refeed(lambda: "RECHECK/H1/1" in late.inspection.deadlines)

    async def _april(self) -> None:
        await self.worker.to("2026-04-01T09:30")
        resumed = walk.report(self["resumed"], "H1", "H2")
        walk.recheck(resumed, "已整改", "H1", "H2")
        walk.close(walk.publish(resumed))
        suspend(self["mixed"], "H2")
        in_town(self.new("town"))

        await self.worker.to("2026-04-03T09:30")
        resume(self["mixed"], "H2")

        await self.worker.to("2026-04-07T09:30")
        extend(self["mixed"], "H5", due="2026-04-20")
        self["extended"].unneeded("FIX-DUE/H1/1", "-3wd")
        reordered = walk.recheck(self["reordered"], "未整改", "H1")

        await self.worker.to("2026-04-08T09:30")
        self["suspended"].unneeded("FIX-DUE/H1/1", "-3wd")
        walk.serve(reordered, walk.order(reordered, H1="2026-04-24"))

        await self.worker.to("2026-04-10T09:30")
        walk.recheck(walk.report(self["mixed"], "H1"), "已整改", "H1")
        halted = self["halted"]
        request = {"document": halted.said["stop"], "request": "申请恢复生产"}
        halted.does("insp1", "request-resumption", **request)

        await self.worker.to("2026-04-13T09:30")
        clean = walk.answered(self.new("clean"))
        clean.does("insp1", "finish-visit")
        clean.does("insp1", "make-record", findings="未发现隐患", signature=walk.SIGNED)

        await self.worker.to("2026-04-14T09:30")
        urgent = walk.on_site(self.new("urgent"))
        proposal = {"cause": "未按规定设置警示标志", "facts_seen": "先行取证"}
        urgent.does("insp1", "propose-filing", urgent=True, **proposal)

        await self.worker.to("2026-04-15T09:30")
        walk.report(self["mixed"], "H3")
        crime(self.new("transfer"), "alarms")

        await self.worker.to("2026-04-16T10:00")
        walk.found(self.new("visiting"))
        walk.submitted(self.new("submitted"))
        walk.planned(self.new("drafted"))
        other_title = [{"no": "1", "title": "有限空间作业"}, *walk.ITEMS[1:]]
        self["drafted"].does(
            "insp1", "revise-plan", **walk.plan_fields(self["drafted"], items=other_title)
        )

        await self.worker.to("2026-04-16T14:00")
        await self.worker.stop()
        # Nobody hears of it before the recording ends: the first reminder of the new date is
        # overdue in the log, those of H3 and H4 with the same date have gone out.
        said = self["mixed"].said
        grant = {"extension": said["extension"], "due": "2026-04-20"}
        self["mixed"].does("appr1", "grant-extension", **grant)


def found(play: Live) -> None:
    """Units, people, certificates, enterprises; some of it entered twice, some taken back."""
    first = [*world.UNITS[:-1], {**world.UNITS[-1], "abbr": "柳"}]
    play.does(world.ROOT, "import-units", units=first)
    play.does(world.ROOT, "import-units", units=world.UNITS)
    for account, name, unit, roles, term in (*world.PEOPLE, *MORE_PEOPLE):
        play.does(world.ROOT, "register-person", account=account, name=name, unit=unit)
        who = world.person(account)
        for role in roles:
            play.does(world.ROOT, "grant-role", target=who, role=role, unit=unit)
        if term:
            fields = {"valid_from": term[0], "valid_to": term[1]}
            number = world.certificate(account)
            play.does(world.ROOT, "issue-certificate", target=who, number=number, **fields)
    walk.certificate_revoked(play, "insp3")
    for change in ("grant-role", "revoke-role"):
        who = world.person("aud1")
        play.does(world.ROOT, change, target=who, role="supervisor", unit=world.DISTRICT)
    for uscc, name, unit in (
        (world.USCC, "青禾示例机械有限公司", world.TOWN),
        (world.OTHER_USCC, "云栖示例仓储有限公司", world.OTHER),
    ):
        fields = {"uscc": uscc, "name": name, "unit": unit}
        play.does(world.ROOT, "register-enterprise", **fields)
        moved = {"address": world.ADDRESS, "industry": "机械", "principal": "万一凡"}
        play.does(world.ROOT, "register-enterprise", **fields, **moved)
    rows = [{**row, "unit": world.DISTRICT} for row in IMPORTED]
    play.does(world.ROOT, "import-enterprises", source="企业.xlsx", rows=rows)


def link(play: Live) -> None:
    """Evidence that is brought in afterwards."""
    found_later = walk.evidence(play, "补充照片")
    play.does("insp1", "link-evidence", hazard="H1", evidence=[found_later])


def mixed(play: Live) -> None:
    """Seven hazards under one order, of three dates; the service is refused and filmed."""
    walk.recorded(play, *["一般"] * 7)
    dues = dict.fromkeys(("H1", "H2", "H3", "H4"), "2026-04-20")
    dues |= {"H5": "2026-04-17", "H6": "2026-04-17", "H7": "2026-04-13"}
    document = walk.order(play, **dues)
    film = {"method": "留置送达", "note": "拒绝签收，录像编号七"}
    play.does("insp1", "serve-document", document=document, **film)


def stopped(play: Live) -> None:
    """A stop for the one hazard, removal at once for the other, and an order that was replaced."""
    walk.recorded(play, "重大", "一般")
    play.said["stop"] = walk.measure(play, "责令暂时停产停业", "H1")
    walk.serve(play, play.said["stop"])
    walk.serve(play, walk.measure(play, "责令立即排除", "H2"))
    walk.order(play, H1="2026-03-25", H2="2026-03-25")
    walk.serve(play, walk.order(play, H1="2026-03-27", H2="2026-03-27"))


def recused(play: Live) -> None:
    """One officer withdraws during the visit, the other stays; nobody signs."""
    walk.briefed(play)
    asked = {"officer": "insp2", "grounds": "与当事人有亲属关系"}
    play.does("insp1", "request-recusal", **asked)
    play.does("appr1", "grant-recusal", officer="insp2", replacement="insp4")
    play.does("insp1", "show-certificates", **walk.certificates(("insp1", "insp4")))
    own = {"officer": "insp1", "own": True, "grounds": "曾在该企业工作"}
    play.does("insp1", "request-recusal", **own)
    play.does("appr1", "refuse-recusal", officer="insp1", reason="已离职十年")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp4"})
    for item, result in (("1", "合格"), ("2", "不涉及")):
        play.does("insp4", "answer-item", item=item, result=result)
    play.does("insp1", "finish-visit")
    unsigned = {"signed": False, "note": "负责人拒绝签字，录像编号九"}
    play.does("insp1", "make-record", findings="未发现隐患", signature=unsigned)
    walk.publish(play)


def refused_entry(play: Live) -> None:
    """First obstructed and put right, then refused for good."""
    walk.approved(play)
    refusal = {"facts_seen": "门卫拒不开门", "ordered_to_correct": True}
    play.does("insp1", "record-entry-refusal", still_refuses=False, **refusal)
    play.does("insp1", "record-entry-refusal", still_refuses=True, **refusal)


def crime(play: Live, signal: str) -> None:
    walk.on_site(play)
    fields = {"signal": signal, "facts_seen": "报警器被拔除", "team": ["insp1", "insp2"]}
    play.does("insp1", "report-crime-signal", **fields)


def other_district(play: Live) -> None:
    """Another district with an officer of the city; what it orders comes by mail."""
    inspected(play, OTHER, "一般")
    document = walk.order(play, by="insp9", H1=day(play.log.now) + timedelta(days=18))
    mail = {"method": "电子送达", "note": "已签同意书"}
    play.does("insp9", "serve-document", document=document, **mail)


def in_town(play: Live) -> None:
    """A town inspects; what it proposes is decided by the district."""
    walk.town_on_site(play).does("insp5", "hear-briefing", summary="从业人员十二人")
    play.does("insp5", "assign-items", officer_of={"1": "insp5", "2": "insp6"})
    play.does("insp5", "answer-item", item="1", result="不合格", note="无培训记录")
    play.does("insp6", "answer-item", item="2", result="合格")
    walk.hazard(play, by="insp5", item="1")
    play.does("insp5", "finish-visit")
    play.does("insp5", "make-record", findings="详见附页", signature=walk.SIGNED)
    document = walk.order(play, by="insp5", H1="2026-04-24")
    post = {"method": "邮寄送达", "note": "单号一二三", "receiver": "万一凡"}
    play.does("insp5", "serve-document", document=document, **post)
    proposal = {"cause": "未开展安全培训", "facts_seen": "无培训记录", "hazards": ["H1"]}
    play.does("insp5", "propose-filing", **proposal)


def shut_down(play: Live) -> None:
    proof = walk.evidence(play, "注销登记")
    play.does("insp1", "record-shutdown", facts_seen="企业已注销", evidence=[proof])
    walk.close(walk.publish(play))


def extend(play: Live, *hazards: str, due: str) -> None:
    asked = {"hazards": list(hazards), "due": date.fromisoformat(due), "force_majeure": True}
    play.does("insp1", "request-extension", reason="洪水", **asked)


def suspend(play: Live, *hazards: str) -> None:
    why = {"reason": "复议停止执行", "basis": "《行政复议法》第四十二条"}
    play.does("appr1", "suspend-rectification", hazards=list(hazards), **why)


def resume(play: Live, *hazards: str) -> None:
    play.does("appr1", "resume-rectification", hazards=list(hazards), reason="恢复执行")
