"""Names that are stored or spoken for ever: topics of facts and names of commands."""

import subprocess
import sys
from pathlib import Path

PINNED = Path(__file__).with_name("public_names.txt")
PROGRAM = """
import domain.registry
from domain.command import COMMANDS
from domain.facts import FACTS
for topic, fact in sorted(FACTS.items()):
    print("fact", topic, fact.VERSION)
for family, name in sorted(COMMANDS):
    print("command", family, name)
"""


def test_the_registry_knows_every_name_and_no_name_changes() -> None:
    """In a process of its own: what the registry imports is what the others know."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert told.stdout == PINNED.read_text(encoding="utf-8")
