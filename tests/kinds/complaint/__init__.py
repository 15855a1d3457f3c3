"""Complaints (投诉举报): a kind of case as somebody might add it, in one folder and nowhere else.

Importing the package registers it, as importing ``domain.registry`` does for the packages of
``domain``; only the fixture ``complaints`` of the tests does, which takes it away again.
"""

from tests.kinds.complaint import commands
from tests.kinds.complaint.complaint import Complaint

__all__ = ["Complaint", "commands"]
