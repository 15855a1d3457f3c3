"""``bihuan deadline``: for programs, for people, and when it is refused."""

import json

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app


def deadline(*words: str) -> Result:
    return CliRunner().invoke(app, ["deadline", *words])


def test_json_has_the_date_and_its_reasons() -> None:
    done = deadline("FIX-EXT-ANS", "--from", "2026-09-29", "--json")
    due = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (due["rule"], due["from"], due["due"]) == ("FIX-EXT-ANS", "2026-09-29", "2026-10-08")
    assert {"unit", "length", "basis", "provisional", "law_version", "calendar_version"} <= set(due)


def test_words_have_the_date_the_arithmetic_and_the_article() -> None:
    done = deadline("fix-ext-ans", "--from", "2026-09-29")
    assert done.exit_code == 0
    assert "2026-10-08 到期" in done.stdout
    assert "算式：起算日 2026-09-29 不计入" in done.stdout
    assert "依据：《" in done.stdout


def test_an_agreed_date_is_taken() -> None:
    done = deadline("FIX-DUE", "--from", "2026-01-05", "--agreed", "2026-02-04", "--json")
    assert json.loads(done.stdout)["due"] == "2026-02-04"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["NO-SUCH-RULE", "--from", "2026-01-05"], "RULE"),
        (["FIX-EXT-ANS", "--from", "yesterday"], "DATE-FORM"),
        (["FIX-DUE", "--from", "2026-01-05"], "RULE-DATE"),
    ],
)
def test_a_refusal_names_its_rule_in_one_line_and_exits_with_1(words: list[str], rule: str) -> None:
    done = deadline(*words)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith(rule)
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_option_is_a_usage_error_with_2() -> None:
    assert deadline("FIX-DUE").exit_code == 2
