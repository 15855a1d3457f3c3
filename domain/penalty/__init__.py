"""The penalty case (行政处罚案件), so far from the proposal to file to its decision."""

from domain.penalty import filing
from domain.penalty.penalty import PenaltyCase

__all__ = ["PenaltyCase", "filing"]
