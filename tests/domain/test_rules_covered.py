"""Every rule the domain can refuse by is refused in at least one test."""

import ast
from pathlib import Path

HERE = Path(__file__).parent
DOMAIN = HERE.parents[1] / "domain"
REFUSALS = {"Refusal", "Forbidden", "NotFound", "VersionConflict", "CommandReused", "Busy"}


def test_every_rule_has_its_test() -> None:
    rules = {rule: path for path in DOMAIN.rglob("*.py") for rule in _rules(path)}
    tested = {text for path in HERE.rglob("test_*.py") for text in _texts(path)}
    assert len(rules) > 100
    assert not {rule: path.name for rule, path in rules.items() if rule not in tested}


def test_a_refusal_names_its_rule() -> None:
    """A rule that is computed could not be found by the test above."""
    computed = [
        f"{path.name}:{call.lineno}"
        for path in DOMAIN.rglob("*.py")
        for call in _calls(path)
        if not isinstance(call.args[0], ast.Constant)
    ]
    assert computed == []


def _calls(path: Path) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS
    ]


def _rules(path: Path) -> set[str]:
    return {str(c.args[0].value) for c in _calls(path) if isinstance(c.args[0], ast.Constant)}


def _texts(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
