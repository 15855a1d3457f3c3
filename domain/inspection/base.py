"""What every command of an inspection checks first: the case lives, the person belongs."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.command import Command, Desk, Family, OutsideCommand
from domain.document import Document
from domain.errors import Forbidden, Refusal
from domain.facts import Role
from domain.inspection.officers import Officers
from domain.law import MONTHS, add_months
from domain.organisation.numbers import new_document
from domain.times import SHANGHAI, day

INSPECTIONS = Family("inspections", "检查", "inspection", readable=True)
INSPECTORS = frozenset({Role.INSPECTOR})
APPROVERS = frozenset({Role.APPROVER})


class InspectionCommand(Command):
    """A step taken by an officer of the case, unless ``ROLES`` says otherwise."""

    FAMILY: ClassVar[Family] = INSPECTIONS
    ROLES: ClassVar[frozenset[Role]] = INSPECTORS

    def decide(self, case: Officers, desk: Desk) -> dict[str, Any] | None:
        """Common rules, then the command's own."""
        if case.terminal:
            raise Refusal(
                "CASE-TERMINAL",
                f"本检查{case.outcome}，不能再办理“{self.TITLE}”。",
                outcome=case.outcome,
            )
        if not self.CREATES:
            _require_part(case, desk)
            _require_order(self.rests_on(case), desk)
        return self.act(case, desk)

    def rests_on(self, case: Any) -> datetime | None:  # noqa: ANN401 - each command names the parts it needs
        """The instant of what the act rests on: it cannot have happened before that."""
        return case.entered.get(case.step)

    def act(self, case: Any, desk: Desk) -> dict[str, Any] | None:  # noqa: ANN401 - each command names the parts it needs
        """Check the command's own rules and record."""
        raise NotImplementedError(type(self))


class OnSiteCommand(InspectionCommand, OutsideCommand):
    """A step taken outside the system (现场检查、送达、复查……); see ``OutsideCommand``."""


def _require_part(case: Officers, desk: Desk) -> None:
    if desk.by.role is Role.INSPECTOR and not case.is_handler(desk.by.account):
        raise Forbidden("NOT-OFFICER", "您不是本检查的执法人员，请由方案中的执法人员办理。")
    if desk.by.role is Role.APPROVER and desk.by.account in case.barred:
        raise Forbidden(
            "SEPARATION",
            "您是或曾是本检查的执法人员，不得审批本案事项，请由其他审批人办理。",
            basis="《行政处罚法》第五十八条；职责分离",
        )


def _require_order(since: datetime | None, desk: Desk) -> None:
    if since is not None and desk.at < since:
        raise Refusal(
            "TIME-ORDER",
            f"业务发生时间早于其所依据事项的时间（{since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}），"
            "请核对日期时间。",
        )


def new_paper(case: Officers, desk: Desk, code: str) -> Document:
    """A document of the case, see ``new_document``."""
    return new_document(desk, code, unit=unit_of(case), case=case.id)


def punishing_unit(case: Officers, desk: Desk) -> UUID:
    """Unit that decides on penalty and transfer; a town without the power reports to it."""
    unit = desk.punishing(unit_of(case))
    if unit is None:
        raise Refusal(
            "TOWN-REPORTS",
            "承办单位没有行政处罚权，且未登记有处罚权的上级单位，请由管理员补登上级单位。",
            basis=desk.law.threshold("TOWN-POWERS", day(desk.at)).basis,
        )
    return unit


def unit_of(case: Officers) -> UUID:
    """Unit of a planned case."""
    if case.unit is None:
        raise Refusal("CASE-UNIT", "本检查尚未确定承办单位。")
    return case.unit


def require_sane(what: str, on: date, desk: Desk) -> None:
    """Refuse a date so far ahead that it can only be a slip."""
    today = day(desk.at)
    bound = desk.law.threshold("MAX-TERM", today)
    latest = add_months(today, bound.number * MONTHS["y"])
    if on > latest:
        raise Refusal(
            "MAX-TERM",
            f"{what}{on.isoformat()}超过{bound.number}{bound.unit}上限（{latest.isoformat()}），"
            "请核对年份。",
            basis=bound.basis,
            latest=latest.isoformat(),
        )
