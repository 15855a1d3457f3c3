"""Values of an inspection: steps, officers, items, hazards, evidence, documents."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from pydantic import Field

from domain.facts import Frozen

Sha256 = str
SHA256 = Field(pattern=r"^[0-9a-f]{64}$", description="内容的 SHA-256，小写十六进制")


class Step(IntEnum):
    """The eight steps (八步工作法)."""

    PREPARE = 1
    SHOW_CERTIFICATES = 2
    DIVIDE_WORK = 3
    FIX_EVIDENCE = 4
    SERVE_DOCUMENTS = 5
    REFER = 6
    HANDLE_BY_LAW = 7
    CLOSE_LOOP = 8

    @property
    def title(self) -> str:
        """Chinese official term."""
        return _STEP_TITLES[self]


_STEP_TITLES = {
    Step.PREPARE: "精心准备、制定方案",
    Step.SHOW_CERTIFICATES: "亮证执法、听取介绍",
    Step.DIVIDE_WORK: "合理分工、开展检查",
    Step.FIX_EVIDENCE: "现场检查、固定证据",
    Step.SERVE_DOCUMENTS: "制作文书、下达指令",
    Step.REFER: "涉嫌违法、移交查处",
    Step.HANDLE_BY_LAW: "全程配合、依法办案",
    Step.CLOSE_LOOP: "闭环管理、执法到位",
}


class Source(StrEnum):
    """Where an inspection comes from (检查来源)."""

    PLAN = "年度计划"
    DRAW = "双随机抽查"
    COMPLAINT = "投诉举报"
    CAMPAIGN = "专项行动"
    RECHECK = "复查"
    OTHER = "其他"


class ItemResult(StrEnum):
    """Answer to a checklist item (检查结果)."""

    PASS = "合格"  # noqa: S105 - a result, not a password
    FAIL = "不合格"
    NOT_APPLICABLE = "不涉及"


class Grade(StrEnum):
    """Grade of a hazard (隐患级别)."""

    GENERAL = "一般"
    MAJOR = "重大"


class EvidenceKind(StrEnum):
    """The eight kinds of evidence (《行政处罚法》第四十六条)."""

    DOCUMENT = "书证"
    OBJECT = "物证"
    AUDIOVISUAL = "视听资料"
    ELECTRONIC = "电子数据"
    WITNESS = "证人证言"
    PARTY = "当事人的陈述"
    EXPERT = "鉴定意见"
    RECORD = "勘验笔录、现场笔录"


class ServiceMethod(StrEnum):
    """How a document reaches the party (送达方式)."""

    DIRECT = "直接送达"
    LEFT = "留置送达"
    POST = "邮寄送达"
    ELECTRONIC = "电子送达"
    PUBLIC = "公告送达"


class MeasureKind(StrEnum):
    """On-site measures (现场处理措施, 《安全生产法》第六十五条)."""

    REMOVE = "责令立即排除"
    EVACUATE = "责令撤出作业人员"
    STOP_BUSINESS = "责令暂时停产停业"
    STOP_USE = "责令停止使用相关设施设备"

    @property
    def stops(self) -> bool:
        """Whether work may resume only after review and consent (审查同意)."""
        return self in {MeasureKind.STOP_BUSINESS, MeasureKind.STOP_USE}


class RecheckResult(StrEnum):
    """Opinion per hazard of a recheck (复查意见)."""

    REMOVED = "已整改"
    NOT_REMOVED = "未整改"
    IN_PROGRESS = "尚在期限内"


class HazardStatus(StrEnum):
    """Where a hazard stands."""

    FOUND = "已发现"
    ORDERED = "已责令"
    NOT_REMOVED = "复查未整改"
    REMOVED = "已整改"
    MOOT = "无需整改"


class Officer(Frozen):
    """An officer on the case with the certificate relied on (执法人员及证号)."""

    account: str
    person: UUID
    certificate: str


class PlanItem(Frozen):
    """One item of the checklist (检查项)."""

    no: str = Field(min_length=1, max_length=20, description="项号")
    title: str = Field(min_length=1, max_length=200, description="检查内容")
    basis: str = Field(default="", max_length=200, description="依据条款")


class Plan(Frozen):
    """Inspection plan (现场检查方案)."""

    enterprise: UUID
    source: Source
    visit_from: date
    visit_to: date
    officers: tuple[Officer, ...]
    items: tuple[PlanItem, ...]
    method: str
    basis: str
    experts: tuple[str, ...] = ()
    cap_checked: bool | None = None
    """None where the log was written before this was kept."""


class Evidence(Frozen):
    """A piece of evidence; the bytes are found by their hash (证据)."""

    id: UUID
    kind: EvidenceKind
    sha256: Sha256
    title: str
    place: str
    taken_at: datetime
    taken_by: str
    handed_in: bool = False


class Signature(Frozen):
    """The party's signature or the note of its refusal (签字或拒签说明)."""

    signed: bool = Field(description="被检查单位是否签字")
    note: str = Field(
        default="", max_length=500, description="拒签时必填：拒签情况、见证人或录像编号"
    )
