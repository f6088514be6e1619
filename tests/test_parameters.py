"""On PostgreSQL a test whose sets say the same in other words runs once, and every other test whole."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.parameters import FIRST_ONLY, repeats

TESTS = Path(__file__).parent


def test_later_sets_of_a_marked_test_are_repeats() -> None:
    collected = [("a", True), ("a", True), ("b", False), ("b", False), ("a", True), ("c", True)]
    assert repeats(collected) == [False, True, False, False, True, False]


def test_the_mark_stands_where_it_means_something() -> None:
    """Only on parametrised tests of what people say: whatever is about the database itself keeps all its sets."""
    marked = []
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            decorators = [ast.unparse(one) for one in node.decorator_list]
            if f"pytest.mark.{FIRST_ONLY}" in decorators:
                assert any(one.startswith("pytest.mark.parametrize(") for one in decorators), node.name
                marked.append(file.relative_to(TESTS).parts[0])
    assert set(marked) == {"flows"}
