"""Vietnamese and English say the same things: the same entries, with the same blanks to fill."""

import ast
import tomllib

import pytest

from messages.errors import LANGUAGES
from sms.gateway import ERRORS
from tests.house.tree import ROOT, code, name_of, placeholders, tree_of

#: Calls whose first argument is the code of a sentence.
SAY = {"Mistake", "sentence"}


def shelf(language, name):
    with open(ROOT / "messages" / language / name, "rb") as file:
        return tomllib.load(file)


SHELVES = ["alerts.toml", "errors.toml", "flags.toml", "posters.toml", "replies.toml", "report.toml"]


@pytest.mark.parametrize("name", SHELVES)
def test_the_same_entries(name):
    vi, en = (shelf(language, name) for language in ("vi", "en"))
    assert sorted(set(vi) ^ set(en)) == []


@pytest.mark.parametrize("folder", ["answers", "sms"])
def test_the_same_files(folder):
    vi, en = ({path.name for path in (ROOT / "messages" / language / folder).iterdir()} for language in LANGUAGES)
    assert sorted(vi ^ en) == []


def test_the_same_blanks_in_every_mistake():
    vi, en = shelf("vi", "errors.toml"), shelf("en", "errors.toml")
    assert [code for code in vi if code in en and placeholders(vi[code]) != placeholders(en[code])] == []


def test_the_same_blanks_in_every_reply():
    vi, en = shelf("vi", "replies.toml"), shelf("en", "replies.toml")
    pairs = [(name, vi[name]["chat"], en[name]["chat"]) for name in vi if name in en and "chat" in vi[name]]
    assert [name for name, ours, theirs in pairs if placeholders(ours) != placeholders(theirs)] == []


def said_codes():
    """(where, code) for each code that is written out in a call: Mistake("list-unknown", …)."""
    for path in code():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAY and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{name_of(path)}:{node.lineno}", first.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence(language):
    written = shelf(language, "errors.toml")
    assert [f"{where} {said}" for where, said in said_codes() if said not in written] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_send_error_has_its_sentence(language):
    assert sorted({f"send-{name}" for name in ERRORS} - set(shelf(language, "errors.toml"))) == []
