"""Officers on the case (执法人员): who belongs to it, and the certificate each relies on."""

from datetime import date
from uuid import UUID

from domain.command import Desk
from domain.errors import Refusal
from domain.facts import Event, Role
from domain.inspection.steps import Steps
from domain.inspection.values import Officer
from domain.organisation.people import Member, person_id
from domain.times import day


class Officers(Steps):
    """The part that knows who inspects, who is on site, and who has withdrawn."""

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.officers: tuple[Officer, ...] = ()
        """With the certificates they rely on."""
        self.present: tuple[Officer, ...] = ()
        """Those who have shown their certificates on site."""
        self.recused: set[str] = set()
        """Accounts that have withdrawn from the case (已回避)."""
        self.replacements: set[str] = set()
        """Accounts that have taken somebody's place."""
        self.involved: dict[str, None] = {}
        """Accounts of whoever ever handled the case: planned, present, replaced, recused."""

    def apply(self, event: Event) -> None:
        """Whoever acts as an officer has handled the case for good, and so has whoever was one."""
        super().apply(event)
        if event.by.role is Role.INSPECTOR:
            self.involved[event.by.account] = None
        self.involved |= dict.fromkeys(self.handlers)

    @property
    def barred(self) -> tuple[str, ...]:
        """Whoever ever handled it (职责分离): who was replaced or withdrew approves nothing."""
        return tuple(self.involved)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Who has withdrawn sees nothing more of it (回避)."""
        return tuple(sorted(self.recused))

    @property
    def handlers(self) -> tuple[str, ...]:
        """Accounts of the officers."""
        return tuple(o.account for o in self.officers)

    @property
    def absent(self) -> set[str]:
        """Accounts of officers who have not shown their certificates on site."""
        return {o.account for o in self.officers} - {o.account for o in self.present}

    def present_or_planned(self, account: str) -> Officer | None:
        """The officer of that account on this case."""
        return next((o for o in self.officers if o.account == account), None)


def require_officers(
    case: Officers, accounts: list[str], on: date, desk: Desk
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


def signing(case: Officers, accounts: list[str], desk: Desk) -> tuple[Officer, ...]:
    """Officers who sign a document today: those named, else all who were on site.

    Whoever has taken another one's place after the visit signs in that place.
    """
    away = case.absent - case.replacements
    if absent := [a for a in accounts if a in away]:
        raise Refusal(
            "SIGNER-ABSENT",
            f"{'、'.join(absent)}未到场亮证，不能签字；请由到场的执法人员签字。",
            basis=desk.law.threshold("OFFICERS", day(desk.at)).basis,
        )
    named = accounts or [o.account for o in case.officers if o.account not in away]
    return own_officers(case, named, desk)


def own_officers(case: Officers, accounts: list[str], desk: Desk) -> tuple[Officer, ...]:
    """Enough officers of the case, valid today: strangers to it sign and recheck nothing."""
    on = day(desk.at)
    out = [a for a in accounts if case.present_or_planned(a) is None and a not in case.recused]
    if out:
        raise Refusal(
            "SIGNER-STRANGER",
            f"{'、'.join(out)}不是本检查的执法人员；请由本检查的执法人员办理，"
            "确需换人的先办理更换执法人员。",
            basis=desk.law.threshold("OFFICERS", on).basis,
        )
    return require_officers(case, accounts, on, desk)


def certified(case: Officers, accounts: list[str], on: date, desk: Desk) -> tuple[Officer, ...]:
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
