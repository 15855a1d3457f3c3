"""Document numbers (文书编号): strict when written, tolerant when read."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Literal

from domain.errors import Refusal
from domain.facts import Frozen
from domain.law.tables import read

_NAME = re.compile(r"[㐀-鿿]{1,10}")
_YEAR = r"[〔\[【(〖﹝](?P<year>\d{4})[〕\]】)〗﹞]"
_DOCUMENT = re.compile(
    rf"(?P<prefix>.+?)字?{_YEAR}(?P<infix>[㐀-鿿]*?)-?第?(?P<n>\d+|\*+(?:-\*+)*)号?"
)
_COURT = re.compile(rf"{_YEAR}(?P<abbr>[㐀-鿿]\d{{0,4}})(?P<word>[㐀-鿿]+)(?P<n>\d+)号")
_BRACKETED = re.compile(r"(?P<abbr>[㐀-鿿]*\([㐀-鿿]+\))(?P<rest>[㐀-鿿]+)")


class DocumentNumber(Frozen):
    """The parts of a number; ``n`` is None where the digits are hidden (``*``)."""

    kind: Literal["document", "court"]
    abbr: str
    organ: str
    word: str
    year: int
    infix: str
    n: int | None


@lru_cache(maxsize=1)
def _style() -> dict[str, Any]:
    data = read("documents.json")
    return {key: data[key] for key in ("organs", "other_organs", "number")}


def organ_word(year: int) -> str:
    """The organ's word in the numbers of ``year``: 安监, then 应急."""
    organs: list[dict[str, Any]] = _style()["organs"]
    return next(o["word"] for o in organs if o["until"] is None or year <= o["until"])


def format_number(abbr: str, word: str, year: int, n: int) -> str:
    """Number of a document, e.g. （鲁枣）应急检记〔2019〕1号.

    Raises:
        Refusal: NUMBER-FORM, when a part could not be read back.
    """
    if not _NAME.fullmatch(abbr) or not _NAME.fullmatch(word):
        raise Refusal(
            "NUMBER-FORM", f"文书编号的简称“{abbr}”和字“{word}”只能是汉字且不能为空，请核对。"
        )
    if n < 1 or len(str(year)) != len("2026"):
        raise Refusal(
            "NUMBER-FORM", f"文书编号的年份“{year}”应为四位、序号“{n}”应从 1 开始，请核对。"
        )
    style: str = _style()["number"]
    return style.format(abbr=abbr, organ=organ_word(year), word=word, year=year, n=n)


def parse_number(text: str) -> DocumentNumber | None:
    """The parts of a number in any of the styles seen in real documents, or None."""
    plain = unicodedata.normalize("NFKC", "".join(text.split())).replace("—", "-")
    if court := _COURT.fullmatch(plain):
        return DocumentNumber(
            kind="court",
            abbr=court["abbr"],
            organ="",
            word=court["word"],
            year=int(court["year"]),
            infix="",
            n=int(court["n"]),
        )
    found = _DOCUMENT.fullmatch(plain)
    if found is None or (parts := _split(found["prefix"])) is None:
        return None
    abbr, organ, word = parts
    n = int(found["n"]) if found["n"].isdecimal() else None
    year, infix = int(found["year"]), found["infix"]
    return DocumentNumber(
        kind="document", abbr=abbr, organ=organ, word=word, year=year, infix=infix, n=n
    )


def _split(prefix: str) -> tuple[str, str, str] | None:
    """Short name, organ and word: the organs' words are known, the rest follows from them."""
    bracketed = _BRACKETED.fullmatch(prefix)
    rest = bracketed["rest"] if bracketed else prefix
    organs = [o["word"] for o in _style()["organs"]] + _style()["other_organs"]
    for organ in sorted(organs, key=len, reverse=True):
        before, hit, word = rest.partition(organ)
        if not hit or not word or bool(before) == bool(bracketed):
            continue
        abbr = _full_width(bracketed["abbr"]) if bracketed else before
        return abbr, organ, word
    return None


def _full_width(abbr: str) -> str:
    """（鲁枣） is 鲁枣; 豫（三） keeps its brackets."""
    inner = abbr[1:-1] if abbr.startswith("(") else abbr
    return inner.replace("(", "（").replace(")", "）")
