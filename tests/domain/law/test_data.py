"""The data is complete: every row of the law reference, every threshold, every kind of document."""

import json
from datetime import date

import pytest

from domain.errors import Refusal
from domain.law import Due, law

ROWS = [
    "PUB-INSP",
    "PUB-PEN",
    "PUB-UNDO",
    "EMERG",
    "FIX-DUE",
    "FIX-EXT",
    "FIX-EXT-ANS",
    "RECHECK",
    "SUSPEND",
    "RESUME",
    "POWER",
    "DAILY",
    "CLOSE-CNT",
    "FILE",
    "FILE-LATE",
    "PRESCRIBE",
    "PRESERVE",
    "SEIZE",
    "STATE",
    "HEAR-REQ",
    "HEAR-NTC",
    "HEAR-HOLD",
    "DECIDE",
    "SERVE",
    "SERVE-PUB",
    "SIMPLE-REC",
    "CASH",
    "PAY",
    "LATEFEE",
    "DEFER",
    "URGE",
    "COURT",
    "COURT-ACC",
    "TR-TEAM",
    "TR-APPR",
    "TR-SEND",
    "TR-JUR",
    "TR-POL",
    "TR-NTC",
    "TR-RECON",
    "TR-HAND",
    "TR-PROC",
    "RECON",
    "RECON-ACC",
    "RECON-ANS",
    "RECON-DEC",
    "SUIT",
    "SUIT-2",
    "SUIT-ANS",
    "SUIT-1",
    "APPEAL",
]

PARTS = [
    "SEIZE-EXT",
    "CLOSE-CNT-1Y",
    "PRESCRIBE-HARM",
    "CASH-BANK",
    "COURT-OBJ",
    "COURT-RULE",
    "COURT-RULE-HEARD",
    "TR-POL-7",
    "TR-POL-30",
    "TR-POL-ECON",
    "TR-RECON-ANS",
    "TR-RECON-PROC",
    "TR-PROC-FILE",
    "RECON-UNTOLD",
    "RECON-ABS",
    "RECON-ANS-SIMPLE",
    "RECON-DEC-EXT",
    "RECON-DEC-SIMPLE",
    "SUIT-UNTOLD",
    "SUIT-ABS",
]

TODAY = date(2026, 11, 24)


def test_every_row_of_the_reference_is_a_rule_and_rows_with_several_numbers_are_several() -> None:
    assert {r.id for r in law().rules()} == {*ROWS, *PARTS}
    assert {r.row for r in law().rules()} == set(ROWS)


@pytest.mark.parametrize("rule", [*ROWS, *PARTS])
def test_every_rule_answers_today_and_survives_storage(rule: str) -> None:
    version = law().rule(rule, TODAY)
    agreed = TODAY if version.unit == "date" else None
    due = law().due(rule, TODAY, agreed=agreed)
    assert Due.model_validate_json(due.model_dump_json()) == due
    assert due.basis.startswith(("《", "国办发", "应急", "法释"))
    assert due.arithmetic.endswith(f"法规版本 {due.law_version}，日历版本 CN-2026.1。")
    assert [r.name for r in due.rungs].count("due") == 1


def test_rules_without_a_number_take_a_date() -> None:
    assert {r.id for r in law().rules() if r.length is None} == {
        "FILE",
        "FIX-DUE",
        "DEFER",
        "TR-TEAM",
    }
    assert all((r.length is None) == (r.unit == "date") for r in law().rules())


def test_a_date_named_in_a_document_is_not_rolled() -> None:
    """law.md FIX-DUE: only a period is rolled (民诉法第八十五条)."""
    assert not any(r.roll for r in law().rules() if r.unit == "date")


def test_a_backward_rule_counts_days() -> None:
    backward = {r.id: r.unit for r in law().rules() if r.counts == "before"}
    assert backward == {"FIX-EXT": "cd", "HEAR-NTC": "wd"}


@pytest.mark.parametrize(
    ("name", "number", "unit"),
    [
        ("OFFICERS", 2, "人"),
        ("TRANSFER-TEAM", 2, "人"),
        ("SIMPLE-PERSON", 200_00, "分"),
        ("SIMPLE-ENTITY", 3_000_00, "分"),
        ("CASH-MAX", 100_00, "分"),
        ("HEARING-PERSON", 20_000_00, "分"),
        ("HEARING-ENTITY", 50_000_00, "分"),
        ("HEARING-SHARE", 50, "%"),
        ("HEARING-NOMAX-PERSON", 3_000_00, "分"),
        ("HEARING-NOMAX-ENTITY", 10_000_00, "分"),
        ("LEGAL-REVIEW-PERSON", 20_000_00, "分"),
        ("LEGAL-REVIEW-ENTITY", 50_000_00, "分"),
        ("DISCUSSION-FINE", 50_000_00, "分"),
        ("OBSTRUCT-ENTITY-MIN", 20_000_00, "分"),
        ("OBSTRUCT-ENTITY-MAX", 200_000_00, "分"),
        ("OBSTRUCT-PERSON-MIN", 10_000_00, "分"),
        ("OBSTRUCT-PERSON-MAX", 20_000_00, "分"),
        ("ACCIDENT-DEATHS", 1, "人"),
        ("ACCIDENT-INJURED", 3, "人"),
        ("ACCIDENT-LOSS", 1_000_000_00, "分"),
        ("CLOSE-180D", 3, "次"),
        ("CLOSE-1Y", 4, "次"),
        ("LATEFEE-RATE", 3, "%"),
        ("LATEFEE-CAP", 100, "%"),
        ("COPIES", 2, "份"),
        ("MAX-TERM", 5, "年"),
    ],
)
def test_thresholds_of_today(name: str, number: int, unit: str) -> None:
    found = law().threshold(name, TODAY)
    assert (found.number, found.unit) == (number, unit)


def test_lists_of_today() -> None:
    sizes = {"EVIDENCE-KINDS": 8, "CRIME-SIGNALS": 4, "NO-PENALTY": 3, "HEARING-KINDS": 5}
    assert {name: len(law().threshold(name, TODAY).choices) for name in sizes} == sizes


def test_hearings_before_the_new_law_were_for_the_kinds_of_the_old_one() -> None:
    """APL 2017 art. 42."""
    kinds = law().threshold("HEARING-KINDS", date(2021, 7, 14))
    assert set(kinds.choices.values()) == {
        "责令停产停业",
        "吊销许可证或者执照",
        "较大数额罚款",
    }
    assert "第四十二条" in kinds.basis


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("OBSTRUCT-ENTITY-MIN", 20_000_00),
        ("OBSTRUCT-ENTITY-MAX", 200_000_00),
        ("OBSTRUCT-PERSON-MIN", 10_000_00),
        ("OBSTRUCT-PERSON-MAX", 20_000_00),
    ],
)
def test_obstruction_was_punished_from_2014_on(name: str, number: int) -> None:
    """WSL 2014 art. 105; the law before it had no such fine."""
    found = law().threshold(name, date(2014, 12, 1))
    assert (found.number, found.law_version) == (number, "WSL-2014")
    assert "第一百零五条" in found.basis
    with pytest.raises(Refusal):
        law().threshold(name, date(2014, 11, 30))


def test_no_seizure_was_prolonged_under_the_law_of_2002() -> None:
    assert not law().in_force("SEIZE-EXT", date(2014, 11, 30))
    assert law().in_force("SEIZE-EXT", date(2014, 12, 1))


@pytest.mark.parametrize(
    ("on", "version", "checks", "orders"),
    [
        ("2014-11-30", "WSL-2002", False, False),
        ("2017-04-30", "WSL-2014", True, False),
        ("2017-05-01", "SD-2017", True, True),
        ("2022-02-28", "SD-2017", True, True),
        ("2022-03-01", "SD-2021", True, True),
    ],
)
def test_what_a_town_may_do_has_grown(on: str, version: str, *, checks: bool, orders: bool) -> None:
    powers = law().threshold("TOWN-POWERS", date.fromisoformat(on))
    assert powers.law_version == version
    assert ("check" in powers.choices, "limit" in powers.choices) == (checks, orders)
    if version == "SD-2017":
        assert (powers.confidence, "未读" in powers.note) == ("L", True)


def test_a_threshold_is_a_number_or_a_list() -> None:
    assert all(bool(t.number) != bool(t.choices) for t in law().thresholds())


def test_the_simple_procedure_grew_with_the_new_law() -> None:
    assert law().threshold("SIMPLE-ENTITY", date(2021, 7, 14)).number == 1_000_00


def test_documents_of_the_reference() -> None:
    words = {d.word for d in law().documents() if d.confidence == "H"}
    starred = (
        "检查 检记 询 现决 责改 复查 立 终报 处呈 罚告 听告 罚集 罚 回 缴审 缴批 执行催告 强执 结"
    )
    assert words == set(starred.split())
    assert {s for d in law().documents() for s in d.step} == set(range(1, 9))
    order = law().document("ORDER")
    assert (order.title, order.word, order.form) == ("责令限期整改指令书", "责改", "order")


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        law().document("NOTHING")
    assert refused.value.rule == "DOCUMENT-UNKNOWN"


def test_rules_are_json_for_people() -> None:
    rules = [r.model_dump(mode="json") for r in law().rules()]
    assert json.loads(json.dumps(rules, ensure_ascii=False)) == rules
