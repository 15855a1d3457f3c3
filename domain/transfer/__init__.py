"""Transfer (移送), so far from the proposal to the principal head's decision."""

from domain.transfer import approval
from domain.transfer.transfer import Transfer

__all__ = ["Transfer", "approval"]
