"""The enterprise (生产经营单位): one per unified social credit code (统一社会信用代码)."""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from domain.command import Command, Desk, Family
from domain.errors import Forbidden, Refusal
from domain.facts import Aggregate, Event, Fact, Frozen, Role, takes
from domain.identity import named
from domain.personal import Personal

ENTERPRISES = Family("enterprises", "企业", "enterprise")


def enterprise_id(uscc: str) -> UUID:
    """Id of the enterprise with that code."""
    return named("enterprise", uscc)


class Particulars(Frozen):
    """What is entered about an enterprise (企业基本信息)."""

    uscc: str = Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$", description="统一社会信用代码")
    name: str = Field(min_length=2, max_length=200, description="企业名称")
    unit: UUID = Field(description="属地单位（镇街或区）")
    industry: str = Field(default="", max_length=100, description="行业")
    address: str = Field(default="", max_length=300, description="地址")


class EnterpriseRegistered(Fact):
    """An enterprise was entered, or its particulars anew (企业登记、变更)."""

    TOPIC: ClassVar[str] = "enterprise/registered"
    TITLE: ClassVar[str] = "企业登记"
    particulars: Particulars
    principal: Personal | None
    phone: Personal | None

    def words(self) -> str:
        """Title and name."""
        return f"企业登记：{self.particulars.name}"


class Enterprise(Aggregate):
    """An enterprise (生产经营单位). Its contact is personal data, so it is not remembered."""

    KIND: ClassVar[str] = "enterprise"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.particulars: Particulars | None = None
        self.contact: tuple[str, str] = ("", "")

    @property
    def belongs_to(self) -> UUID | None:
        """The unit in whose area it lies."""
        return self.particulars.unit if self.particulars else None

    @takes(EnterpriseRegistered)
    def _newest(self, fact: EnterpriseRegistered, _: Event) -> None:
        self.particulars = fact.particulars
        self.contact = (_text(fact.principal), _text(fact.phone))

    def require_area(self, unit: UUID, desk: Desk) -> None:
        """Refuse an enterprise outside the unit's area."""
        own = self.particulars
        if own is None or not desk.covers(unit, own.unit):
            raise Forbidden(
                "ENTERPRISE-AREA", "该企业不在承办单位的辖区内，请由属地单位检查或先办理管辖变更。"
            )

    def register(self, desk: Desk, entry: "EnterpriseEntry") -> bool:
        """Record new particulars; a repeat changes nothing. Returns whether something changed."""
        particulars = Particulars(**entry.model_dump(include=set(Particulars.model_fields)))
        if self.particulars == particulars and self.contact == (entry.principal, entry.phone):
            return False
        fact = EnterpriseRegistered(
            particulars=particulars,
            principal=self._personal("principal", entry.principal),
            phone=self._personal("principal", entry.phone),
        )
        self.record(fact, desk.act)
        return True

    def _personal(self, role: str, text: str) -> Personal | None:
        return Personal(person=uuid5(self.id, role), text=text) if text else None


class EnterpriseEntry(Particulars):
    """Particulars with the personal data in clear, as a person types them."""

    principal: str = Field(default="", max_length=50, description="主要负责人姓名")
    phone: str = Field(default="", max_length=30, description="联系电话")


class _EnterpriseCommand(Command):
    FAMILY: ClassVar[Family] = ENTERPRISES
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.ADMINISTRATOR, Role.INSPECTOR})


class RegisterEnterprise(_EnterpriseCommand, EnterpriseEntry):
    """Enter an enterprise or change its particulars (登记企业)."""

    NAME: ClassVar[str] = "register-enterprise"
    TITLE: ClassVar[str] = "登记企业"
    CREATES: ClassVar[bool] = True

    def target_id(self, fresh: UUID) -> UUID:
        """One aggregate per code."""
        del fresh
        return enterprise_id(self.uscc)

    def decide(self, case: Enterprise, desk: Desk) -> dict[str, Any]:
        """In the actor's area, before and after."""
        _require_place(case, self, desk)
        return {"changed": case.register(desk, self)}


class EnterprisesImported(Fact):
    """A sheet of enterprises was imported (批量导入企业)."""

    TOPIC: ClassVar[str] = "enterprise/imported"
    TITLE: ClassVar[str] = "批量导入企业"
    source: str
    rows: int
    changed: int


class EnterpriseImport(Aggregate):
    """One import of a sheet (导入批次); the batch only stands in the history."""

    KIND: ClassVar[str] = "enterprise-import"


class ImportEnterprises(_EnterpriseCommand):
    """Enter many enterprises (批量导入企业): all rows or none."""

    NAME: ClassVar[str] = "import-enterprises"
    TITLE: ClassVar[str] = "批量导入企业"
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.ADMINISTRATOR})
    KIND: ClassVar[str] = EnterpriseImport.KIND
    CREATES: ClassVar[bool] = True

    source: str = Field(min_length=1, max_length=200, description="来源文件名")
    rows: list[EnterpriseEntry] = Field(min_length=1, max_length=20_000, description="企业")

    def decide(self, case: EnterpriseImport, desk: Desk) -> dict[str, Any]:
        """Every row in the actor's area, no code twice."""
        codes = [row.uscc for row in self.rows]
        if len(set(codes)) != len(codes):
            twice = sorted({c for c in codes if codes.count(c) > 1})
            raise Refusal("IMPORT-TWICE", f"统一社会信用代码重复：{'、'.join(twice[:5])}，请合并。")
        # Not in ``reads``: nobody who may not import has the log asked for thousands of streams.
        desk.prefetch(enterprise_id(c) for c in codes)
        changed = 0
        for row in self.rows:
            enterprise = desk.get_or_new(Enterprise, enterprise_id(row.uscc))
            _require_place(enterprise, row, desk)
            changed += enterprise.register(desk, row)
        fact = EnterprisesImported(source=self.source, rows=len(self.rows), changed=changed)
        case.record(fact, desk.act)
        return {"rows": len(self.rows), "changed": changed}


def _require_place(case: Enterprise, entry: EnterpriseEntry, desk: Desk) -> None:
    desk.require_cover(entry.unit)
    if case.particulars is not None:
        desk.require_cover(case.particulars.unit)


def _text(personal: Personal | None) -> str:
    return personal.text if personal else ""
