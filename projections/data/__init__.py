"""Conventions of the work list, as data (口径)."""

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def near_workdays() -> int:
    """With so many working days left or fewer, work is near its date (临期)."""
    text = files(__name__).joinpath("work.json").read_text(encoding="utf-8")
    return json.loads(text)["near_workdays"]
