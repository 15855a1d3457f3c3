"""Enterprises from an Excel sheet with Chinese headers (企业导入): all rows or none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from python_calamine import CalamineWorkbook
from stdnum.cn import uscc as social_credit
from stdnum.exceptions import ValidationError as NumberError

from deploy.trouble import Trouble
from domain.enterprise.enterprise import EnterpriseEntry
from domain.organisation import Unit

HEADER_WITHIN = 10
ALIASES: Mapping[str, tuple[str, ...]] = {
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码"),
    "name": ("企业名称", "单位名称", "生产经营单位", "名称"),
    "unit": ("属地", "所属镇街", "镇街", "所属单位", "监管单位"),
    "industry": ("行业", "行业类别", "所属行业", "行业领域"),
    "address": ("地址", "详细地址", "生产经营地址", "注册地址"),
    "principal": ("主要负责人", "负责人", "法定代表人", "法人"),
    "phone": ("联系电话", "电话", "手机", "手机号码"),
}
NEEDED = ("uscc", "name", "unit")
TOTALS = ("合计", "总计", "小计")
Cell = object
Row = list[Cell]


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row, by its number in the sheet (行错误)."""

    row: int
    reason: str


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: the header's row number, headers, good entries, bad rows."""

    headers: tuple[str, ...]
    entries: tuple[EnterpriseEntry, ...]
    errors: tuple[RowError, ...]
    rows: tuple[tuple[int, Row], ...]


def read_sheet(path: Path, units: Mapping[UUID, Unit]) -> Sheet:
    """Read the first sheet of ``path`` against the known ``units``.

    Raises:
        Trouble: no sheet, or no header row with the needed columns in its first rows.
    """
    lines = _lines(path)
    start, columns = _header(lines)
    rows = [(n, row) for n, row in enumerate(lines[start + 1 :], start + 2) if _is_data(row)]
    names = _unit_names(units)
    entries: list[EnterpriseEntry] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        try:
            entry = _entry(row, columns, names)
            if entry.uscc in seen:
                raise ValueError(f"统一社会信用代码与第{seen[entry.uscc]}行重复")
            seen[entry.uscc] = number
            entries.append(entry)
        except ValueError as error:
            errors.append(RowError(number, _words(error)))
    headers = tuple(_text(c) for c in lines[start])
    return Sheet(headers, tuple(entries), tuple(errors), tuple(rows))


def _lines(path: Path) -> list[Row]:
    try:
        book = CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType]
        return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except Exception as error:
        raise Trouble(f"无法读取 {path}：请用 .xlsx、.xls 或 .ods 文件。", repr(error)) from error


def _header(lines: list[Row]) -> tuple[int, dict[str, int]]:
    """The row among the first ones that names most columns."""
    found = [(n, _columns(row)) for n, row in enumerate(lines[:HEADER_WITHIN])]
    start, columns = max(found, key=lambda f: len(f[1])) if found else (0, _columns([]))
    if missing := [ALIASES[n][0] for n in NEEDED if n not in columns]:
        raise Trouble(
            f"表头缺少“{'、'.join(missing)}”列，前{HEADER_WITHIN}行内应有一行中文表头。",
            "A needed column is missing.",
        )
    return start, columns


def _columns(row: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(row):
        bare = re.sub(r"[\s　*＊]|[(（].*?[)）]|\d", "", _text(cell))
        for name, aliases in ALIASES.items():
            if bare in aliases and name not in columns:
                columns[name] = place
    return columns


def _is_data(row: Row) -> bool:
    texts = [_text(c) for c in row]
    return any(texts) and not any(t.startswith(TOTALS) for t in texts[:2])


def _entry(
    row: Row, columns: Mapping[str, int], units: Mapping[str, list[UUID]]
) -> EnterpriseEntry:
    raw = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    if isinstance(raw["uscc"], int | float):
        raise ValueError("统一社会信用代码是数字格式，已丢失精度，请将该列设为文本后重新填写")  # noqa: TRY004 - a row error
    fields = {name: _text(cell) for name, cell in raw.items()}
    try:
        fields["uscc"] = social_credit.validate(fields["uscc"])
    except NumberError as error:
        raise ValueError(f"统一社会信用代码“{fields['uscc']}”校验不通过，请核对") from error
    return EnterpriseEntry(**fields | {"unit": _unit(fields["unit"], units)})  # pyright: ignore[reportArgumentType]


def _unit(name: str, units: Mapping[str, list[UUID]]) -> UUID:
    found = units.get(name, [])
    if not found:
        raise ValueError(f"属地“{name}”不在机构名单中，请填写镇街或区的全称")
    if len(found) > 1:
        raise ValueError(f"属地“{name}”有重名，请写成“区市/镇街”")
    return found[0]


def _unit_names(units: Mapping[UUID, Unit]) -> dict[str, list[UUID]]:
    """Units by name, and by ``district/town``."""
    names: dict[str, list[UUID]] = {}
    for unit in units.values():
        names.setdefault(unit.name, []).append(unit.id)
        if unit.parent is not None and unit.parent in units:
            names.setdefault(f"{units[unit.parent].name}/{unit.name}", []).append(unit.id)
    return names


def _text(cell: Cell) -> str:
    """A cell as text; phones arrive as floats, full-width blanks as blanks."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).replace("　", " ").strip()


def _words(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "；".join(_field_words(e["loc"]) for e in error.errors())
    return str(error)


def _field_words(loc: tuple[int | str, ...]) -> str:
    name = str(loc[0]) if loc else ""
    title = ALIASES[name][0] if name in ALIASES else name
    return f"“{title}”的内容不合要求（为空或过长），请核对"


def error_rows(sheet: Sheet) -> Iterator[list[str]]:
    """The bad rows with a column 错误原因 at the end, header first: for the error workbook."""
    reasons = {e.row: e.reason for e in sheet.errors}
    yield [*sheet.headers, "错误原因"]
    for number, row in sheet.rows:
        if number in reasons:
            yield [*(_text(c) for c in row), reasons[number]]
