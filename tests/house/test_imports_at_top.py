"""Imports stand at the top; one inside a function says on its line why (an optional dependency, a slow start)."""

import ast

from tests.house.tree import code, functions, line_of, name_of


def test_an_import_in_a_function_says_why():
    found = {
        f"{name_of(path)}:{node.lineno} {line_of(path, node.lineno).strip()}"
        for path in code()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and "#" not in line_of(path, node.lineno)
    }
    assert sorted(found) == []
