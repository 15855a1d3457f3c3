"""The top level is what it should be, and no other distribution takes our package names."""

import subprocess
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    *("workflows", "domain", "api", "projections", "tests", "deploy", "docs", ".ci"),
    *("README.md", "CHANGELOG.md", "LICENSE", "Makefile"),
    *("pyproject.toml", "uv.lock", ".gitignore"),
}
OURS = {"workflows", "domain", "api", "projections", "deploy"}


def test_the_top_level_is_exactly_the_agreed_one() -> None:
    words = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, check=True, capture_output=True, text=True)
    found = {name.split("/")[0] for name in listed.stdout.split("\0") if name}
    assert found == TOP_LEVEL


def test_no_other_distribution_provides_a_package_of_our_name() -> None:
    others = [each for each in distributions() if each.metadata["Name"] != "bihuan"]
    assert others
    taken = {
        (each.metadata["Name"], path.parts[0])
        for each in others
        for path in each.files or ()
        if path.parts[0] in OURS or path.parts[0] in {f"{name}.py" for name in OURS}
    }
    assert taken == set()
