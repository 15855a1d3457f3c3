"""People of the bureau (人员): certificates (行政执法证), and roles granted by others."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Refusal
from domain.facts import Aggregate, Event, Fact, Frozen, Remembered, Role, takes
from domain.identity import named
from domain.personal import Personal

ADMIN = frozenset({Role.ADMINISTRATOR})
RESERVED = frozenset({"clock", "setup", "system", "root"})
"""The log names the clock and the first set-up by these; nobody is to pass for them."""
PEOPLE = Family("people", "人员", "person", readable=True)


def person_id(account: str) -> UUID:
    """Id of the person who signs in as ``account``."""
    return named("person", account)


class Certificate(Frozen):
    """An enforcement certificate (行政执法证)."""

    number: str = Field(min_length=3, description="执法证号")
    valid_from: date = Field(description="有效期起")
    valid_to: date = Field(description="有效期止（含）")
    revoked_on: date | None = None

    def valid_on(self, on: date) -> bool:
        """Whether the certificate counts on the day ``on``."""
        alive = self.revoked_on is None or on < self.revoked_on
        return alive and self.valid_from <= on <= self.valid_to


class PersonRegistered(Fact):
    """A person was entered (人员登记)."""

    TOPIC: ClassVar[str] = "person/registered"
    TITLE: ClassVar[str] = "人员登记"
    account: str
    name: Personal
    unit: UUID


class CertificateIssued(Fact):
    """A certificate was entered (执法证登记)."""

    TOPIC: ClassVar[str] = "person/certificate-issued"
    TITLE: ClassVar[str] = "执法证登记"
    certificate: Certificate


class CertificateRevoked(Fact):
    """A certificate was withdrawn (执法证注销)."""

    TOPIC: ClassVar[str] = "person/certificate-revoked"
    TITLE: ClassVar[str] = "执法证注销"
    number: str
    on: date
    reason: str


class RoleGranted(Fact):
    """A role was given (授予角色)."""

    TOPIC: ClassVar[str] = "person/role-granted"
    TITLE: ClassVar[str] = "授予角色"
    role: Role
    unit: UUID


class RoleRevoked(Fact):
    """A role was taken back (收回角色)."""

    TOPIC: ClassVar[str] = "person/role-revoked"
    TITLE: ClassVar[str] = "收回角色"
    role: Role
    unit: UUID


class Member(Aggregate):
    """A person who works with the system (人员)."""

    KIND: ClassVar[str] = "person"
    REMEMBERED: ClassVar[Remembered] = "shared"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.account = ""
        self.unit: UUID | None = None
        self.certificates: dict[str, Certificate] = {}
        self.grants: set[tuple[Role, UUID]] = set()

    @property
    def belongs_to(self) -> UUID | None:
        """The unit the person works for."""
        return self.unit

    @takes(PersonRegistered)
    def _registered(self, fact: PersonRegistered, _: Event) -> None:
        self.account, self.unit = fact.account, fact.unit

    @takes(CertificateIssued)
    def _issued(self, fact: CertificateIssued, _: Event) -> None:
        self.certificates[fact.certificate.number] = fact.certificate

    @takes(CertificateRevoked)
    def _revoked(self, fact: CertificateRevoked, _: Event) -> None:
        known = self.certificates[fact.number]
        self.certificates[fact.number] = known.model_copy(update={"revoked_on": fact.on})

    @takes(RoleGranted)
    def _granted(self, fact: RoleGranted, _: Event) -> None:
        self.grants.add((fact.role, fact.unit))

    @takes(RoleRevoked)
    def _taken_back(self, fact: RoleRevoked, _: Event) -> None:
        self.grants.discard((fact.role, fact.unit))

    def certificate_on(self, on: date) -> Certificate | None:
        """A certificate valid on the day, the longest one first."""
        valid = [c for c in self.certificates.values() if c.valid_on(on)]
        return max(valid, key=lambda c: c.valid_to, default=None)


class _PeopleCommand(Command):
    FAMILY: ClassVar[Family] = PEOPLE
    ROLES: ClassVar[frozenset[Role]] = ADMIN


class RegisterPerson(_PeopleCommand):
    """Enter a person (登记人员)."""

    NAME: ClassVar[str] = "register-person"
    TITLE: ClassVar[str] = "登记人员"
    CREATES: ClassVar[bool] = True

    account: str = Field(pattern=r"^[a-z][a-z0-9._-]{1,31}$", description="登录账号，小写字母开头")
    name: str = Field(min_length=1, max_length=50, description="姓名")
    unit: UUID = Field(description="所在单位")

    def target_id(self, fresh: UUID) -> UUID:
        """One aggregate per account."""
        del fresh
        return person_id(self.account)

    def decide(self, case: Member, desk: Desk) -> dict[str, Any]:
        """An account is given once; those by which the system itself acts, to nobody."""
        if self.account in RESERVED:
            raise Refusal(
                "ACCOUNT-RESERVED", f"账号{self.account}为系统保留，不得登记，请换一个账号。"
            )
        if case.version:
            raise Refusal("ACCOUNT-TAKEN", f"账号{self.account}已存在，请换一个账号。")
        desk.unit(self.unit)
        desk.require_cover(self.unit)
        name = Personal(person=case.id, text=self.name)
        fact = PersonRegistered(account=self.account, name=name, unit=self.unit)
        case.record(fact, desk.act)
        return {"account": self.account}


class IssueCertificate(_PeopleCommand):
    """Enter an enforcement certificate (登记执法证)."""

    NAME: ClassVar[str] = "issue-certificate"
    TITLE: ClassVar[str] = "登记执法证"

    number: str = Field(min_length=3, description="执法证号")
    valid_from: date = Field(description="有效期起")
    valid_to: date = Field(description="有效期止（含）")

    def decide(self, case: Member, desk: Desk) -> None:
        """The term must run forward."""
        if self.valid_to < self.valid_from:
            raise Refusal("CERTIFICATE-TERM", "执法证有效期止早于有效期起，请核对日期。")
        certificate = Certificate(
            number=self.number, valid_from=self.valid_from, valid_to=self.valid_to
        )
        case.record(CertificateIssued(certificate=certificate), desk.act)


class RevokeCertificate(_PeopleCommand):
    """Withdraw an enforcement certificate (注销执法证)."""

    NAME: ClassVar[str] = "revoke-certificate"
    TITLE: ClassVar[str] = "注销执法证"

    number: str = Field(description="执法证号")
    on: date = Field(description="自何日起无效")
    reason: str = Field(min_length=1, description="原因")

    def decide(self, case: Member, desk: Desk) -> None:
        """Only a certificate that is there can be withdrawn."""
        if self.number not in case.certificates:
            raise Refusal("CERTIFICATE-UNKNOWN", f"该人员名下没有执法证{self.number}，请核对证号。")
        fact = CertificateRevoked(number=self.number, on=self.on, reason=self.reason)
        case.record(fact, desk.act)


class _Grant(_PeopleCommand):
    role: Role = Field(description="角色")
    unit: UUID = Field(description="角色所属单位")

    def _check(self, case: Member, desk: Desk) -> None:
        if case.account == desk.by.account:
            raise Refusal("GRANT-SELF", "不得为本人授予或收回角色，请由另一名管理员办理。")
        if self.role is Role.SYSTEM:
            raise Refusal("GRANT-SYSTEM", "系统时钟不是可以授予的角色。")
        desk.unit(self.unit)
        desk.require_cover(self.unit)


class GrantRole(_Grant):
    """Give a role for a unit (授予角色)."""

    NAME: ClassVar[str] = "grant-role"
    TITLE: ClassVar[str] = "授予角色"

    def decide(self, case: Member, desk: Desk) -> None:
        """Never to oneself; a repeat changes nothing."""
        self._check(case, desk)
        if (self.role, self.unit) not in case.grants:
            case.record(RoleGranted(role=self.role, unit=self.unit), desk.act)


class RevokeRole(_Grant):
    """Take a role back (收回角色)."""

    NAME: ClassVar[str] = "revoke-role"
    TITLE: ClassVar[str] = "收回角色"

    def decide(self, case: Member, desk: Desk) -> None:
        """Never from oneself; a repeat changes nothing."""
        self._check(case, desk)
        if (self.role, self.unit) in case.grants:
            case.record(RoleRevoked(role=self.role, unit=self.unit), desk.act)
