"""All of the domain in one place (登记处): importing it registers every kind, fact and command.

A package of ``domain`` registers what it declares when it is imported; nothing is listed twice.
"""

from importlib import import_module
from pkgutil import iter_modules

import domain
from domain.case import KINDS, Case

for _found in iter_modules(domain.__path__):
    if _found.ispkg:
        import_module(f"domain.{_found.name}")


def kind_of(name: str) -> type[Case]:
    """The kind of case of that stored name."""
    return KINDS[name]
