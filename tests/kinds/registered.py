"""Kinds of case that are there for a while: what importing a package registers, and its end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from domain import case, command, deadlines, facts, registry

REGISTRIES: tuple[dict[Any, Any], ...] = (
    registry.KINDS,
    case.FOLLOWERS,
    case.DUTIES,
    command.COMMANDS,
    command.FAMILIES,
    deadlines.SUBJECTS,
    facts.FACTS,
    facts.AGGREGATES,
)


@contextmanager
def known(package: str = "") -> Iterator[None]:
    """What is registered in the body, by ``package`` or by itself, is unknown afterwards."""
    before = [_copied(each) for each in REGISTRIES]
    try:
        if package:
            import_module(package)
        yield
    finally:
        for each, old in zip(REGISTRIES, before, strict=True):
            each.clear()
            each.update(old)
        for name in [n for n in sys.modules if package and n.startswith(package)]:
            del sys.modules[name]


def _copied(each: dict[Any, Any]) -> dict[Any, Any]:
    """Followers of a fact stand in lists, which grow."""
    return {key: list(one) if isinstance(one, list) else one for key, one in each.items()}
