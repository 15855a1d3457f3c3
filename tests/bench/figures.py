"""Figures of one run: shares, medians, ratios; printed, and kept as JSON where asked for."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROUNDS = 3


def size(full: int) -> int:
    """How much is measured: BENCH_SCALE shrinks every size for a quick look."""
    return max(int(full * float(os.environ.get("BENCH_SCALE", "1"))), 1)


def share(values: Sequence[float], part: float) -> float:
    """The value that ``part`` of all do not exceed."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


@dataclass
class Figures:
    """What was measured, by name."""

    rounds: dict[str, list[float]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, value: float, unit: str = "/s") -> None:
        """One round's figure."""
        self.rounds.setdefault(name, []).append(value)
        self.units[name] = unit
        self._say(f"  {name}: {value:,.1f} {unit}")

    def noted(self, name: str) -> bool:
        return name in self.rounds

    def of(self, name: str) -> float:
        """The median of the rounds."""
        return median(self.rounds[name])

    def ratio(self, one: str, other: str, aim: str = "") -> None:
        """``one`` against ``other``, medians of the same run."""
        self.note(
            f"{one} : {other}", self.of(one) / self.of(other), f"×{f'  (aim {aim})' * bool(aim)}"
        )

    def told(self) -> str:
        """A table of all medians."""
        width = max((len(name) for name in self.rounds), default=0)
        lines = [f"{'median':>{width + 12}}   rounds"]
        for name, values in self.rounds.items():
            each = " ".join(f"{value:,.1f}" for value in values)
            lines.append(f"{name:<{width}}{self.of(name):12,.2f} {self.units[name]}   [{each}]")
        return "\n".join(lines)

    def keep(self, path: str) -> None:
        """Write everything to ``path``."""
        kept = {
            name: {"median": self.of(name), "unit": self.units[name], "rounds": values}
            for name, values in self.rounds.items()
        }
        Path(path).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @staticmethod
    def _say(line: str) -> None:
        print(line, flush=True)  # noqa: T201 - a bench is read on the terminal
