"""Every name that stands in a stored history; changing one loses the running cases."""

from temporalio.activity import _Definition as ActivityDefinition
from temporalio.workflow import _Definition as WorkflowDefinition

from domain.registry import KINDS
from workflows import messages
from workflows.activities import Activities
from workflows.worker import ALL

ANY = None
"""Temporal's name of the workflow that carries all names without a class."""


def test_workflows_with_their_signals_and_queries() -> None:
    names = {}
    for kind in ALL:
        found = WorkflowDefinition.must_from_class(kind)
        names[found.name] = (sorted(map(str, found.signals)), sorted(map(str, found.queries)))
    assert names == {"InspectionWorkflow": (["sync"], ["status"]), ANY: (["sync"], ["status"])}


def test_activities() -> None:
    assert ActivityDefinition.must_from_callable(Activities.fire).name == "fire"


def test_each_kind_of_case_has_its_workflow() -> None:
    """A kind whose name is also a workflow's class follows a method of its own."""
    named = {name: kind.WORKFLOW for name, kind in KINDS.items()}
    assert named == {
        "inspection": "InspectionWorkflow",
        "penalty": "PenaltyWorkflow",
        "transfer": "TransferWorkflow",
    }


def test_ids_and_queue() -> None:
    assert messages.workflow_id("inspection", "x") == "inspection/x"
    assert messages.TASK_QUEUE == "bihuan"
