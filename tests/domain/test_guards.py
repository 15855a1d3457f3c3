"""Guards no sequence of commands reaches: they hold where a stream is not what it should be."""

from uuid import uuid4

import pytest

from domain.errors import Refusal
from domain.inspection import Inspection
from domain.inspection.base import unit_of
from domain.penalty.filing import _known


def test_a_case_without_a_plan() -> None:
    with pytest.raises(Refusal) as refused:
        _ = Inspection(uuid4()).drawn_up
    assert refused.value.rule == "PLAN-MISSING"
    with pytest.raises(Refusal) as refused:
        unit_of(Inspection(uuid4()))
    assert refused.value.rule == "CASE-UNIT"


def test_a_penalty_without_a_proposal() -> None:
    with pytest.raises(Refusal) as refused:
        _known(None)
    assert refused.value.rule == "FILING-EMPTY"
