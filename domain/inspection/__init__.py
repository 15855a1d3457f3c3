"""The closed-loop inspection (执法检查): a module per part: facts, state, commands."""

from domain.inspection.checklist import ItemAnswered, ItemsAssigned
from domain.inspection.closing import Closed
from domain.inspection.evidence import EvidenceAdded
from domain.inspection.extension import ExtensionGranted, ExtensionRefused, ExtensionRequested
from domain.inspection.hazards import EvidenceLinked, HazardFound, VisitFinished
from domain.inspection.inspection import Inspection
from domain.inspection.measures import MeasureIssued
from domain.inspection.orders import OrderIssued, OrderItem
from domain.inspection.papers import DocumentVoided
from domain.inspection.plan import (
    Cancelled,
    PlanApproved,
    Planned,
    PlanRefused,
    PlanRevised,
    PlanSubmitted,
)
from domain.inspection.proposals import (
    FilingDecided,
    FilingProposed,
    TransferDecided,
    TransferProposed,
)
from domain.inspection.record import RecordMade, ResultPublished
from domain.inspection.rectification import Rechecked, RecheckMade, RectificationReported
from domain.inspection.recusal import (
    OfficerReplaced,
    RecusalGranted,
    RecusalRefused,
    RecusalRequested,
)
from domain.inspection.referral import OrderRefused
from domain.inspection.resumption import (
    ResumptionAgreed,
    ResumptionRefused,
    ResumptionRequested,
)
from domain.inspection.service import DocumentServed, ServedHazard
from domain.inspection.shutdown import EnterpriseShutDown
from domain.inspection.steps import StepEntered
from domain.inspection.values import Step
from domain.inspection.visit import BriefingHeard, CertificatesShown, EntryRefused

__all__ = [
    "BriefingHeard",
    "Cancelled",
    "CertificatesShown",
    "Closed",
    "DocumentServed",
    "DocumentVoided",
    "EnterpriseShutDown",
    "EntryRefused",
    "EvidenceAdded",
    "EvidenceLinked",
    "ExtensionGranted",
    "ExtensionRefused",
    "ExtensionRequested",
    "FilingDecided",
    "FilingProposed",
    "HazardFound",
    "Inspection",
    "ItemAnswered",
    "ItemsAssigned",
    "MeasureIssued",
    "OfficerReplaced",
    "OrderIssued",
    "OrderItem",
    "OrderRefused",
    "PlanApproved",
    "PlanRefused",
    "PlanRevised",
    "PlanSubmitted",
    "Planned",
    "RecheckMade",
    "Rechecked",
    "RecordMade",
    "RectificationReported",
    "RecusalGranted",
    "RecusalRefused",
    "RecusalRequested",
    "ResultPublished",
    "ResumptionAgreed",
    "ResumptionRefused",
    "ResumptionRequested",
    "ServedHazard",
    "Step",
    "StepEntered",
    "TransferDecided",
    "TransferProposed",
    "VisitFinished",
]
