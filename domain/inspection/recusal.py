"""Recusal (回避): the party or the officer asks, the head decides, another officer takes over."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.case import Duty, Todo, lacks, owes
from domain.command import Desk
from domain.errors import Forbidden, Refusal
from domain.facts import Event, Fact, Role, takes
from domain.inspection.base import APPROVERS, InspectionCommand, OnSiteCommand
from domain.inspection.checklist import Checklist
from domain.inspection.officers import certified
from domain.inspection.reads import people
from domain.inspection.values import Officer
from domain.law import Law
from domain.times import day

DECIDE = Duty("grant-recusal", "grant-recusal", Role.APPROVER, "决定{}的回避申请")


class RecusalRequested(Fact):
    """An officer is asked to withdraw, or asks it himself (申请回避)."""

    TOPIC: ClassVar[str] = "inspection/recusal-requested"
    TITLE: ClassVar[str] = "申请回避"
    officer: str
    own: bool
    grounds: str

    def words(self) -> str:
        """Who asks for whom."""
        return f"{'执法人员自行' if self.own else '当事人'}申请回避：{self.officer}"


class RecusalGranted(Fact):
    """The officer withdraws, another one takes his place (同意回避)."""

    TOPIC: ClassVar[str] = "inspection/recusal-granted"
    TITLE: ClassVar[str] = "同意回避"
    officer: str
    replacement: Officer
    opinion: str

    def words(self) -> str:
        """Who goes and who comes."""
        return f"同意{self.officer}回避，由{self.replacement.account}接替"


class RecusalRefused(Fact):
    """The officer stays on the case, with reasons (驳回回避申请)."""

    TOPIC: ClassVar[str] = "inspection/recusal-refused"
    TITLE: ClassVar[str] = "驳回回避申请"
    officer: str
    reason: str

    def words(self) -> str:
        """Title and officer."""
        return f"驳回回避申请：{self.officer}"


class OfficerReplaced(Fact):
    """An officer who cannot go on is replaced (更换执法人员); this is no recusal."""

    TOPIC: ClassVar[str] = "inspection/officer-replaced"
    TITLE: ClassVar[str] = "更换执法人员"
    officer: str
    replacement: Officer
    reason: str

    def words(self) -> str:
        """Who goes and who comes."""
        return f"更换执法人员：{self.officer}由{self.replacement.account}接替"


class Recusal(Checklist):
    """The part of recusal."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.recusals: dict[str, str] = {}
        """State of the request about each account: requested, granted, refused."""

    @takes(RecusalRequested)
    def _recusal_asked(self, fact: RecusalRequested, _: Event) -> None:
        self.recusals[fact.officer] = "requested"

    @takes(RecusalGranted)
    def _recused(self, fact: RecusalGranted, _: Event) -> None:
        self.recusals[fact.officer] = "granted"
        self.recused.add(fact.officer)

    @takes(RecusalGranted, OfficerReplaced)
    def _replaced_by(self, fact: RecusalGranted | OfficerReplaced, _: Event) -> None:
        """Another officer takes the place; what the first has not answered waits for one."""
        gone, new = fact.officer, fact.replacement
        self.replacements.add(new.account)
        self.officers = (*(o for o in self.officers if o.account != gone), new)
        self.present = tuple(o for o in self.present if o.account != gone)
        for item in self.items.values():
            if item.officer == gone and item.result is None:
                item.officer = None

    @takes(RecusalRefused)
    def _recusal_refused(self, fact: RecusalRefused, _: Event) -> None:
        self.recusals[fact.officer] = "refused"

    @owes
    def _recusals(self) -> Iterator[Todo]:
        for account, state in self.recusals.items():
            if state == "requested":
                yield Todo(DECIDE, about=(account,), given={"officer": account})

    @lacks
    def _undecided_recusals(self) -> Iterator[str]:
        if "requested" in self.recusals.values():
            yield "回避申请未决定"


class RequestRecusal(OnSiteCommand):
    """Enter a request that an officer withdraw (登记回避申请); the inspection goes on meanwhile."""

    NAME: ClassVar[str] = "request-recusal"
    TITLE: ClassVar[str] = "登记回避申请"

    officer: str = Field(description="被申请回避的执法人员账号")
    own: bool = Field(default=False, description="是否由该执法人员自行申请；否则为当事人申请")
    grounds: str = Field(min_length=1, max_length=1000, description="申请回避的理由")

    def act(self, case: Recusal, desk: Desk) -> None:
        """About an officer of the case, once."""
        basis = desk.law.threshold("RECUSAL", day(desk.at)).basis
        if case.present_or_planned(self.officer) is None:
            raise Refusal(
                "RECUSAL-OFFICER", f"{self.officer}不是本检查的执法人员，请核对账号。", basis=basis
            )
        if self.officer in case.recusals:
            raise Refusal(
                "RECUSAL-ASKED",
                f"{self.officer}的回避申请已经登记或决定，无需重复办理。",
                basis=basis,
            )
        fact = RecusalRequested(officer=self.officer, own=self.own, grounds=self.grounds)
        case.record(fact, desk.act)


class GrantRecusal(InspectionCommand):
    """The officer withdraws and is replaced (同意回避)."""

    NAME: ClassVar[str] = "grant-recusal"
    TITLE: ClassVar[str] = "同意回避"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    officer: str = Field(description="被申请回避的执法人员账号")
    replacement: str = Field(description="接替的执法人员账号")
    opinion: str = Field(default="同意回避", max_length=500, description="决定意见")

    def reads(self, case: Recusal, law: Law, on: date) -> Iterable[UUID]:
        """Who takes over."""
        del case, law, on
        return people([self.replacement])

    def act(self, case: Recusal, desk: Desk) -> None:
        """There are as many officers as before; the new one shows the certificate on site."""
        _require_asked(case, self.officer)
        officer = _replacement(case, self.replacement, desk)
        fact = RecusalGranted(officer=self.officer, replacement=officer, opinion=self.opinion)
        case.record(fact, desk.act)


class RefuseRecusal(InspectionCommand):
    """The officer stays, with reasons (驳回回避申请)."""

    NAME: ClassVar[str] = "refuse-recusal"
    TITLE: ClassVar[str] = "驳回回避申请"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    officer: str = Field(description="被申请回避的执法人员账号")
    reason: str = Field(min_length=1, max_length=1000, description="驳回的理由")

    def act(self, case: Recusal, desk: Desk) -> None:
        """The request is answered."""
        _require_asked(case, self.officer)
        fact = RecusalRefused(officer=self.officer, reason=self.reason)
        case.record(fact, desk.act)


class ReplaceOfficer(InspectionCommand):
    """An officer who is ill or moved elsewhere is replaced (更换执法人员), without a recusal."""

    NAME: ClassVar[str] = "replace-officer"
    TITLE: ClassVar[str] = "更换执法人员"
    ROLES: ClassVar[frozenset[Role]] = APPROVERS

    officer: str = Field(description="不能继续办理的执法人员账号")
    replacement: str = Field(description="接替的执法人员账号")
    reason: str = Field(min_length=1, max_length=500, description="更换的原因，如生病、调离")

    def reads(self, case: Recusal, law: Law, on: date) -> Iterable[UUID]:
        """Who takes over."""
        del case, law, on
        return people([self.replacement])

    def act(self, case: Recusal, desk: Desk) -> None:
        """As many officers as before; a request that he withdraw is decided as such first."""
        if case.present_or_planned(self.officer) is None:
            raise Refusal("REPLACE-OFFICER", f"{self.officer}不是本检查的执法人员，请核对账号。")
        if case.recusals.get(self.officer) == "requested":
            raise Refusal(
                "REPLACE-RECUSAL", f"{self.officer}的回避申请尚未决定，请先决定回避申请。"
            )
        officer = _replacement(case, self.replacement, desk)
        fact = OfficerReplaced(officer=self.officer, replacement=officer, reason=self.reason)
        case.record(fact, desk.act)


def _replacement(case: Recusal, account: str, desk: Desk) -> Officer:
    """Who takes over: another certified officer, not whoever decides it."""
    if case.present_or_planned(account) is not None:
        raise Refusal("RECUSAL-REPLACEMENT", f"{account}已是本检查的执法人员，请另行指定。")
    if account == desk.by.account:
        raise Forbidden("SEPARATION", "审批人不得指定自己接替，请另行指定。", basis="职责分离")
    (officer,) = certified(case, [account], day(desk.at), desk)
    return officer


def _require_asked(case: Recusal, account: str) -> None:
    if case.recusals.get(account) != "requested":
        raise Refusal("RECUSAL-REQUEST", f"没有待决定的{account}回避申请，请先登记。")
