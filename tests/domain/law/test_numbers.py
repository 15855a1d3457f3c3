"""Document numbers: strict when written, tolerant when read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.law import format_number, law, organ_word, parse_number

Parts = tuple[str, str, str, str, int, str, int | None]

REAL: list[tuple[str, Parts]] = [
    ("（鲁枣）应急检记〔2019〕1号", ("document", "鲁枣", "应急", "检记", 2019, "", 1)),
    ("丘应急罚〔2019〕事故-03号", ("document", "丘", "应急", "罚", 2019, "事故", 3)),
    ("（昭市）安监罚（2018）11号", ("document", "昭市", "安监", "罚", 2018, "", 11)),
    ("（宁）安监管罚（2016）1号", ("document", "宁", "安监管", "罚", 2016, "", 1)),
    ("（渝中）应急罚〔2024〕*-*号", ("document", "渝中", "应急", "罚", 2024, "", None)),
    ("（德阳）应急罚〔2019〕15号", ("document", "德阳", "应急", "罚", 2019, "", 15)),
    ("（京丰）安监罚【2018】执-19号", ("document", "京丰", "安监", "罚", 2018, "执", 19)),
    ("豫（三）煤安罚〔2025〕7号", ("document", "豫（三）", "煤安", "罚", 2025, "", 7)),
    ("珠环罚字[2018]17号", ("document", "珠", "环", "罚", 2018, "", 17)),
    ("珠环听告字[2017]146号", ("document", "珠", "环", "听告", 2017, "", 146)),
    ("璧环改〔2025〕24号", ("document", "璧", "环", "改", 2025, "", 24)),
    ("渝中府复〔2024〕377号", ("document", "渝中", "府", "复", 2024, "", 377)),
    ("（2020）云26行终110号", ("court", "云26", "", "行终", 2020, "", 110)),
    ("（2016）湘1121行初3号", ("court", "湘1121", "", "行初", 2016, "", 3)),
    (" ( 鲁枣 ) 应急罚字［２０２６］第 7 号", ("document", "鲁枣", "应急", "罚", 2026, "", 7)),
]


@pytest.mark.parametrize(("text", "parts"), REAL)
def test_reads_every_style_seen(text: str, parts: Parts) -> None:
    n = parse_number(text)
    assert n is not None
    assert (n.kind, n.abbr, n.organ, n.word, n.year, n.infix, n.n) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "号",
        "应急罚〔2019〕1号",
        "鲁枣罚〔2019〕1号",
        "鲁枣应急〔2019〕1号",
        "（鲁枣）应急罚1号",
        "（鲁）（枣）应急罚",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_the_organ_changed_its_name_in_2019() -> None:
    assert format_number("鲁枣", "检记", 2019, 1) == "（鲁枣）应急检记〔2019〕1号"
    assert format_number("鲁枣", "检记", 2018, 12) == "（鲁枣）安监检记〔2018〕12号"
    assert (organ_word(2018), organ_word(2019)) == ("安监", "应急")


@pytest.mark.parametrize(
    ("abbr", "word", "year", "n"),
    [
        ("", "罚", 2026, 1),
        ("鲁枣", "", 2026, 1),
        ("LZ", "罚", 2026, 1),
        ("鲁枣", "罚", 26, 1),
        ("鲁枣", "罚", 2026, 0),
    ],
)
def test_a_number_that_could_not_be_read_back_is_not_written(
    abbr: str, word: str, year: int, n: int
) -> None:
    with pytest.raises(Refusal) as refused:
        format_number(abbr, word, year, n)
    assert refused.value.rule == "NUMBER-FORM"


@given(
    st.sampled_from([d.word for d in law().documents() if d.word]),
    st.integers(2000, 2099),
    st.integers(1, 99_999),
)
def test_what_is_written_is_read_back(word: str, year: int, n: int) -> None:
    parsed = parse_number(format_number("鲁枣", word, year, n))
    assert parsed is not None
    assert (parsed.abbr, parsed.word, parsed.year, parsed.n) == ("鲁枣", word, year, n)
