"""The closed-loop inspection (执法检查): facts, state and commands, one module per step."""

from domain.inspection import (
    closing,
    evidence,
    extension,
    orders,
    prepare,
    rectification,
    recusal,
    referral,
    visit,
)
from domain.inspection.inspection import Inspection
from domain.inspection.values import Step

__all__ = [
    "Inspection",
    "Step",
    "closing",
    "evidence",
    "extension",
    "orders",
    "prepare",
    "rectification",
    "recusal",
    "referral",
    "visit",
]
