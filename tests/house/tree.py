"""What the guards look at: the project's own files, parsed once."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("web", "cli", "scheduler", "runtime", "bots", "campaigns", "staff", "messages", "sms", "db")
#: Written by people for people; `.env` and data/ belong to the operator, the rest is made by tools.
NOT_OURS = {
    *(".git", ".venv", ".venv.lock", ".env", "data", "data-demo", "vendor"),
    *("__pycache__", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"),
}


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file of ours, or those that end in one of `suffixes`; in order of path."""
    return tuple(sorted(path for path in _walk() if not suffixes or path.name.endswith(suffixes)))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        yield from (Path(folder, name) for name in names if name not in NOT_OURS)


def code() -> tuple[Path, ...]:
    """The Python that runs: rooms and the modules beside them; no tests, no benchmarks, no revisions of the schema."""
    return tuple(
        path
        for path in files(".py")
        if path.relative_to(ROOT).parts[0] not in ("tests", "benchmarks", "docs") and "versions" not in path.parts
    )


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    """Such as "campaigns/store/waves.py"."""
    return path.relative_to(ROOT).as_posix()


def is_store(path: Path) -> bool:
    """Whether SQL may stand here: db/, a store module, or a module of a store package."""
    parts = path.relative_to(ROOT).parts
    return parts[0] == "db" or "store" in parts[:-1] or path.stem == "store" or path.stem.endswith("_store")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def line_of(path: Path, number: int) -> str:
    return path.read_text(encoding="utf-8").splitlines()[number - 1]


def placeholders(text: str) -> set[str]:
    """The fields of a sentence: {"n", "name"} of "{n} of {name}"."""
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}", text))
