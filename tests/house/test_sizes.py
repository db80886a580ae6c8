"""Small pieces: what outgrows a size probably holds two things. Tables of data may be as long as they are."""

import ast
import statistics

import pytest

from tests.house.tree import ROOT, code, functions, name_of, tree_of

FILE_LINES = 250
FUNCTION_LINES = 40
CONFTEST_LINES = 120
LITERALS = (ast.Dict, ast.List, ast.Tuple, ast.Set)


def table_lines(tree):
    """How many lines are a module's own tables: a name set to a literal, or to one call that holds a table."""
    values = [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    return sum(value.end_lineno - value.lineno for value in values if isinstance(value, (*LITERALS, ast.Call)))


def length(function):
    return function.end_lineno - function.lineno + 1


@pytest.mark.parametrize("path", code(), ids=name_of)
def test_no_long_file(path):
    lines = len(path.read_text(encoding="utf-8").splitlines()) - table_lines(tree_of(path))
    assert lines <= FILE_LINES, f"{name_of(path)} has {lines} lines besides its tables"


def test_no_long_function():
    found = [
        f"{name_of(path)}:{function.lineno} {function.name} has {length(function)} lines"
        for path in code()
        for function in functions(path)
        if length(function) > FUNCTION_LINES
    ]
    assert found == []


def test_the_usual_function_is_short():
    assert statistics.median(length(function) for path in code() for function in functions(path)) < 10


def test_conftest_holds_only_what_everybody_uses():
    assert len((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8").splitlines()) <= CONFTEST_LINES
