"""SQL stands in db/ and in the stores, nowhere else."""

import ast
import re

from tests.house.tree import code, is_store, name_of, tree_of

#: What any module may take from SQLAlchemy, besides its errors: types for a signature, the address of a database.
HARMLESS = {"Connection", "Engine", "Row", "RowMapping", "URL", "make_url"}
DRIVERS = {"sqlite3", "psycopg", "sqlite_utils"}
STATEMENT = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA"
    r"|CREATE\s+(TABLE|INDEX|DATABASE)|ALTER\s+(TABLE|SYSTEM)|DROP\s+TABLE)\s",
    re.IGNORECASE | re.DOTALL,
)


def elsewhere():
    return [path for path in code() if not is_store(path)]


def imported(tree):
    """(line, module, name) of each import; the name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)


def forbidden(module, name):
    package = module.partition(".")[0]
    return package in DRIVERS or (package == "sqlalchemy" and module != "sqlalchemy.exc" and name not in HARMLESS)


def test_statements_are_built_in_stores_only():
    found = [
        f"{name_of(path)}:{line} imports {module} {name}".rstrip()
        for path in elsewhere()
        for line, module, name in imported(tree_of(path))
        if forbidden(module, name)
    ]
    assert found == []


def test_no_sql_as_text_elsewhere():
    found = [
        f"{name_of(path)}:{node.lineno} {node.value[:60]!r}"
        for path in elsewhere()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value)
    ]
    assert found == []


def test_stores_never_commit():
    """The use case opens the transaction and ends it."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in code()
        if is_store(path) and not name_of(path).startswith("db/")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback")
    ]
    assert found == []
