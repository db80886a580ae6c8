"""The floors of docs/house.md, held by import-linter (.importlinter)."""

import configparser
import subprocess
import sys

import pytest

from tests.house.tree import ROOMS, ROOT, code, name_of

#: The least that must think without touching; the contract in .importlinter names them all.
PURE = (
    *("sms.segments", "sms.numbers", "campaigns.rules", "campaigns.pacing"),
    *("bots.router", "bots.triage", "bots.engine"),
)


@pytest.fixture(scope="module")
def contracts():
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def test_every_contract_is_kept():
    """In a process of its own, because import-linter sets up logging for itself."""
    run = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", run], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_room_is_looked_at(contracts):
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == set(ROOMS) == set(contracts["importlinter"]["root_packages"].split())


def test_every_folder_of_code_is_a_package():
    """import-linter does not see into a folder without __init__.py."""
    folders = {path.parent for path in code() if "migrations" not in path.parts} - {ROOT}
    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_room_says_what_it_is_for():
    """Its __init__ is where a newcomer starts to read."""
    short = [room for room in ROOMS if len((ROOT / room / "__init__.py").read_text(encoding="utf-8")) < 80]
    assert short == []


@pytest.mark.parametrize("module", PURE)
def test_what_thinks_is_in_the_contract(module, contracts):
    assert module in contracts["importlinter:contract:pure"]["source_modules"].split()
