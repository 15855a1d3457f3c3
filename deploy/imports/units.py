"""Units from a JSON file of division codes (机构导入): districts, towns and streets, zones.

The tree follows the administering unit, which is not always the one of the code.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.trouble import Trouble
from domain.organisation import Unit, unit_id

PROVINCE = "鲁"
_ENDINGS = re.compile(r"(街道|镇|乡|区|市|县)$")


def read_units(path: Path) -> list[Unit]:
    """Units of ``path``, superiors first.

    Raises:
        Trouble: the file cannot be read or lacks what a unit needs.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return list(_units(data))
    except OSError as error:
        raise Trouble(f"无法读取 {path}，请检查路径。", str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            f"{path} 不是机构数据：应含 city、units（name、kind、towns）。", repr(error)
        ) from error


def _units(data: dict[str, Any]) -> Iterator[Unit]:
    city = data["city"]
    root = unit_id(city["name"])
    abbr = city.get("abbr") or PROVINCE + _short(city["name"], city=True)
    yield Unit(
        id=root, name=city["name"], abbr=abbr, kind="市", code=city.get("code"), ranked=False
    )
    districts = {d["name"]: unit_id(city["name"], d["name"]) for d in data["units"]}
    for district in data["units"]:
        yield _unit(district, districts[district["name"]], root, abbr)
    known = set(districts)
    for name, parent in _zones(data.get("development_zones", []), districts):
        if name not in known:
            zone = {"name": name, "kind": "开发区"}
            yield _unit(zone, unit_id(city["name"], name), parent, abbr)
    for district in data["units"]:
        for town in district["towns"]:
            parent = districts[town.get("administered_by") or district["name"]]
            own = unit_id(city["name"], district["name"], town["name"])
            yield _unit(town, own, parent, abbr + _short(district["name"]))


def _unit(entry: dict[str, Any], own: UUID, parent: UUID, abbr: str) -> Unit:
    until = entry.get("until")
    return Unit(
        id=own,
        name=entry["name"],
        # A unit that was renamed and the one that followed it must not share their numbers.
        abbr=entry.get("abbr") or abbr + (entry["name"] if until else _short(entry["name"])),
        kind=entry["kind"],
        parent=parent,
        code=entry.get("code"),
        ranked=bool(entry.get("ranked", False)),
        delegated=bool(entry.get("delegated", False)),
        valid_from=_day(entry.get("from")),
        valid_to=_day(until),
    )


def _zones(entries: list[dict[str, Any]], districts: dict[str, UUID]) -> Iterator[tuple[str, UUID]]:
    """Zones by name, under the district in brackets or the one whose name they begin with."""
    for entry in entries:
        for text in re.split(r"[,，、]", entry["name"]):
            found = re.match(r"\s*(\S+?)\s*(?:[(（](.+?)[)）])?\s*$", text)
            if not found:
                continue
            name, named = found.groups()
            parent = next(
                (i for d, i in districts.items() if d == named or name.startswith(_short(d))), None
            )
            if parent is not None:
                yield name, parent


def _day(text: str | None) -> date | None:
    """A day; ``after`` and ``before`` a list's day mean the next and the last one."""
    if not text:
        return None
    word, _, day = text.rpartition(" ")
    shift = {"": 0, "after": 1, "before": -1}[word]
    return date.fromordinal(date.fromisoformat(day).toordinal() + shift)


def _short(name: str, *, city: bool = False) -> str:
    short = _ENDINGS.sub("", re.sub(r"经济(技术)?开发区$", "经开", name))
    return short[:1] if city else short.removeprefix("枣庄")
