"""What every command of an inspection checks first: the case lives, the person belongs."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from domain.command import Command, Desk, day
from domain.document import Document
from domain.errors import Forbidden, Refusal
from domain.facts import Aggregate, Role
from domain.inspection.inspection import Inspection
from domain.inspection.values import (
    Officer,
)
from domain.organisation.numbers import new_document
from domain.organisation.people import Member, person_id

INSPECTORS = frozenset({Role.INSPECTOR})
APPROVERS = frozenset({Role.APPROVER})


class InspectionCommand(Command):
    """A step taken by an officer of the case, unless ``ROLES`` says otherwise."""

    FAMILY: ClassVar[str] = "inspections"
    ROLES: ClassVar[frozenset[Role]] = INSPECTORS
    TARGET: ClassVar[type[Aggregate]] = Inspection

    def decide(self, case: Inspection, desk: Desk) -> dict[str, Any] | None:
        """Common rules, then the command's own."""
        if case.terminal:
            raise Refusal(
                "CASE-TERMINAL",
                f"本检查{case.outcome}，不能再办理“{self.TITLE}”。",
                outcome=case.outcome,
            )
        if not self.CREATES:
            _require_part(case, desk)
            if not self.MERGES:
                _require_order(case, desk)
        return self.act(case, desk)

    def act(self, case: Inspection, desk: Desk) -> dict[str, Any] | None:
        """Check the command's own rules and record."""
        raise NotImplementedError(type(self))


def _require_part(case: Inspection, desk: Desk) -> None:
    on_case = any(o.account == desk.by.account for o in case.officers)
    if desk.by.role is Role.INSPECTOR and not on_case:
        raise Forbidden("NOT-OFFICER", "您不是本检查的执法人员，请由方案中的执法人员办理。")
    if desk.by.role is Role.APPROVER and on_case:
        raise Forbidden(
            "SEPARATION",
            "审批人不得同时是本检查的执法人员，请由其他审批人办理。",
            basis="《行政处罚法》第五十八条；职责分离",
        )


def _require_order(case: Inspection, desk: Desk) -> None:
    began = case.entered.get(case.step)
    if began is not None and desk.at < began:
        raise Refusal(
            "TIME-ORDER",
            f"业务发生时间早于进入第{case.step.value}步的时间（{began:%Y-%m-%d %H:%M}），请核对。",
        )


def require_officers(
    case: Inspection, accounts: list[str], on: date, desk: Desk
) -> tuple[Officer, ...]:
    """Officers with the certificate each relies on: enough of them, valid on the day ``on``."""
    rule = desk.law.threshold("OFFICERS", on)
    if len(set(accounts)) < rule.number:
        raise Refusal(
            "PLAN-OFFICERS",
            f"执法人员不得少于{rule.number}人，现有{len(set(accounts))}人，请补足持证执法人员。",
            basis=rule.basis,
        )
    return certified(case, accounts, on, desk)


def signing(case: Inspection, accounts: list[str], desk: Desk) -> tuple[Officer, ...]:
    """Officers who sign a document today: those named, else all who were on site.

    Whoever has taken another one's place after the visit signs in that place.
    """
    away = case.absent - case.replacements
    named = accounts or [o.account for o in case.officers if o.account not in away]
    return require_officers(case, named, day(desk.at), desk)


def certified(case: Inspection, accounts: list[str], on: date, desk: Desk) -> tuple[Officer, ...]:
    """Each account as an officer with a certificate valid on the day ``on``.

    Whoever has withdrawn from the case takes no further part in it (回避).
    """
    if out := [a for a in accounts if a in case.recused]:
        raise Refusal(
            "RECUSED",
            f"{'、'.join(out)}已回避本案，请由其他执法人员办理。",
            basis=desk.law.threshold("RECUSAL", day(desk.at)).basis,
        )
    desk.prefetch(person_id(a) for a in accounts)
    return tuple(_officer(account, on, desk) for account in dict.fromkeys(accounts))


def _officer(account: str, on: date, desk: Desk) -> Officer:
    member = desk.get_or_new(Member, person_id(account))
    if not member.version:
        raise Refusal("OFFICER-UNKNOWN", f"没有账号为{account}的人员，请核对或由管理员登记。")
    certificate = member.certificate_on(on)
    if certificate is None:
        raise Refusal(
            "OFFICER-CERTIFICATE",
            f"{account}在{on.isoformat()}没有有效的行政执法证，请更换执法人员或更新证件。",
            basis=desk.law.threshold("OFFICERS", on).basis,
            account=account,
        )
    return Officer(account=account, person=member.id, certificate=certificate.number)


def new_paper(case: Inspection, desk: Desk, code: str) -> Document:
    """A document of the case, see ``new_document``."""
    return new_document(desk, code, unit=unit_of(case), case=case.id)


def punishing_unit(case: Inspection, desk: Desk) -> UUID:
    """Unit that decides on penalty and transfer; a town without the power reports to it."""
    unit = desk.punishing(unit_of(case))
    if unit is None:
        raise Refusal(
            "TOWN-REPORTS",
            "承办单位没有行政处罚权，且未登记有处罚权的上级单位，请由管理员补登上级单位。",
            basis=desk.law.threshold("TOWN-POWERS", day(desk.at)).basis,
        )
    return unit


def unit_of(case: Inspection) -> UUID:
    """Unit of a planned case."""
    if case.unit is None:
        raise Refusal("CASE-UNIT", "本检查尚未确定承办单位。")
    return case.unit
