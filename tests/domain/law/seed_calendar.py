"""Write ``domain/law/data/calendar.json`` from ``chinesecalendar``.

In the repository's folder: ``.venv/bin/python -m tests.domain.law.seed_calendar``. Only this script
and the test of that file read the package; the run time reads the file, so a new year is data.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chinese_calendar import constants

import domain.law

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def _spans(days: dict[date, str]) -> Iterator[dict[str, str]]:
    first = last = None
    for day in sorted(days):
        if last and day == last + timedelta(days=1) and days[day] == days[last]:
            last = day
            continue
        if first and last:
            yield {"name": NAMES[days[first]], "first": first.isoformat(), "last": last.isoformat()}
        first = last = day
    if first and last:
        yield {"name": NAMES[days[first]], "first": first.isoformat(), "last": last.isoformat()}


def table() -> dict[str, Any]:
    """Every year the package knows."""
    holidays: dict[date, str] = constants.holidays
    workdays: dict[date, str] = constants.workdays
    years = sorted({d.year for d in holidays})
    return {
        "version": f"CN-{years[-1]}.1",
        "source": f"chinesecalendar {version('chinesecalendar')}（国务院办公厅历年放假通知）",
        "years": [
            {
                "year": year,
                "holidays": list(_spans({d: n for d, n in holidays.items() if d.year == year})),
                "workdays": [d.isoformat() for d in sorted(workdays) if d.year == year],
            }
            for year in years
        ],
    }


def main() -> None:
    """Write the file, one line per year."""
    seeded = table()
    years = ",\n".join(json.dumps(y, ensure_ascii=False) for y in seeded.pop("years"))
    head = json.dumps(seeded, ensure_ascii=False)[:-1]
    path = Path(domain.law.__file__).parent / "data" / "calendar.json"
    path.write_text(f'{head}, "years": [\n{years}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
