"""Conventions of the work list and the monthly table, as data (口径)."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from domain.facts import Frozen


class Indicator(Frozen):
    """One column of the monthly table and what it counts (指标口径)."""

    code: str
    title: str
    definition: str


def _read(name: str) -> Any:  # noqa: ANN401 - JSON; the shapes below check it
    return json.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def indicators() -> tuple[Indicator, ...]:
    """Indicators of the monthly table, in the order they are printed."""
    return tuple(Indicator.model_validate(one) for one in _read("month.json")["indicators"])


@lru_cache(maxsize=1)
def near_workdays() -> int:
    """With so many working days left or fewer, work is near its date (临期)."""
    return _read("work.json")["near_workdays"]
