"""Units from the city's JSON, enterprises from Excel sheets as offices really send them."""

from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from deploy.demo.world import DATA
from deploy.imports.enterprises import error_rows, read_sheet
from deploy.imports.units import read_units
from deploy.trouble import Trouble

GOOD = ["91370402MA3D00001G", "演示甲有限公司", "税郭镇", "机械", "一号路", "演示员", 13800000000.0]


@pytest.fixture(scope="module")
def units():
    return {u.id: u for u in read_units(DATA / "units.json")}


def sheet(path: Path, *rows: list) -> Path:
    with Workbook(str(path)) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    return path


HEADER = ["统一社会信用代码*", "企业名称（全称）", "属地", "行业", "地址", "主要负责人", "联系电话"]


def test_the_city_s_tree_follows_the_administering_unit(units):
    by_name = {}
    for unit in units.values():
        by_name.setdefault(unit.name, unit)
    high_tech = by_name["枣庄高新区"]
    assert by_name["兴仁街道"].parent == high_tech.id
    assert by_name["税郭镇"].parent == by_name["市中区"].id
    assert by_name["市中区"].parent == by_name["枣庄市"].id
    assert by_name["枣庄市"].parent is None
    assert sum(u.kind in {"镇", "街道"} for u in units.values()) == 66
    assert sum(u.kind == "开发区" for u in units.values()) == 6


def test_units_have_their_time_and_no_two_share_an_abbreviation(units):
    by_name = {u.name: u for u in units.values()}
    assert by_name["东沙河街道"].valid_from == date(2019, 11, 1)
    assert by_name["东沙河镇"].valid_to == date(2022, 10, 30)
    assert len({u.abbr for u in units.values()}) == len(units)
    assert by_name["枣庄市"].abbr == "鲁枣"


def test_a_file_that_is_no_list_of_units_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(Trouble, match="不是机构数据"):
        read_units(tmp_path / "x.json")


def test_the_header_is_found_below_a_title_and_totals_are_skipped(tmp_path, units):
    path = sheet(
        tmp_path / "a.xlsx", ["企业名单", "", ""], HEADER, GOOD, ["", "", ""], ["合计", "1 家", ""]
    )
    read = read_sheet(path, units)
    assert read.errors == ()
    (entry,) = read.entries
    assert entry.name == "演示甲有限公司"
    assert entry.phone == "13800000000"
    assert units[entry.unit].name == "税郭镇"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({0: 913704020000000000.0}, "丢失精度"),
        ({0: "91370402MA3D000010"}, "校验不通过"),
        ({2: "无此镇"}, "不在机构名单"),
        ({1: ""}, "企业名称"),
    ],
)
def test_a_bad_row_says_what_to_do(tmp_path, units, change, reason):
    row = [change.get(n, cell) for n, cell in enumerate(GOOD)]
    read = read_sheet(sheet(tmp_path / "a.xlsx", HEADER, row), units)
    assert read.entries == ()
    (error,) = read.errors
    assert error.row == 2
    assert reason in error.reason
    header, bad = error_rows(read)
    assert header[-1] == "错误原因"
    assert bad[-1] == error.reason


def test_the_same_code_twice_names_the_first_row(tmp_path, units):
    read = read_sheet(sheet(tmp_path / "a.xlsx", HEADER, GOOD, GOOD), units)
    assert [e.reason for e in read.errors] == ["统一社会信用代码与第2行重复"]


def test_a_sheet_without_a_needed_column_is_refused(tmp_path, units):
    with pytest.raises(Trouble, match="统一社会信用代码"):
        read_sheet(sheet(tmp_path / "a.xlsx", ["企业名称", "属地"], ["甲", "税郭镇"]), units)
