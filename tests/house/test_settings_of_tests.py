"""The suite's own rules: a warning is an error, and what is forgiven says why."""

import tomllib
import warnings

import pytest

from tests.house.tree import ROOT, code, files, name_of

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
OPTIONS = tomllib.loads(PYPROJECT)["tool"]["pytest"]["ini_options"]


def test_a_warning_is_an_error():
    assert OPTIONS["filterwarnings"][0] == "error"
    with pytest.raises(UserWarning):
        warnings.warn("a mistake", UserWarning, stacklevel=1)


def test_what_is_forgiven_says_why():
    lines = PYPROJECT.splitlines()
    forgiven = [number for number, line in enumerate(lines) if line.strip().startswith('"ignore')]
    assert [lines[number] for number in forgiven if not lines[number - 1].strip().startswith("#")] == []


def test_the_suite_does_not_leave_the_machine(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("tests.no_network")


def test_ruff_allows_what_was_agreed():
    ruff = tomllib.loads(PYPROJECT)["tool"]["ruff"]
    assert ruff["line-length"] == 120 and ruff["lint"]["mccabe"]["max-complexity"] == 8


def test_no_file_is_named_for_a_kind_of_code():
    """A file is named for the work it does."""
    kinds = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "handlers", "base_classes"}
    assert [name_of(path) for path in (*code(), *files("_test.py")) if path.stem in kinds] == []
