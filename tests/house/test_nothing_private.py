"""No secret, nobody's home and nobody's machine in the tree."""

import re

import pytest

from tests.house.tree import files, name_of

TEXT = (".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".jsonl", ".csv", ".tsv", ".svg", ".cfg", ".po",
        ".sh", ".ini", ".example", "Makefile", ".importlinter", ".gitignore", "run")  # fmt: skip
PRIVATE = {
    "a home folder": re.compile(r"(?<![\w.])/(?:home|Users)/[a-z][\w.-]*/|(?<![\w.])/root/|[A-Z]:\\\\?Users\\"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a Twilio key": re.compile(r"\bSK[0-9a-f]{32}\b"),
    "a Telegram token": re.compile(r"\b\d{8,10}:AA[\w-]{33}\b"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}\b|\bxox[abp]-\w{10,}"),
}


@pytest.mark.parametrize("kind", PRIVATE)
def test_the_tree_holds_none(kind):
    found = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in files(*TEXT)
        if path.name != "test_nothing_private.py"
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if PRIVATE[kind].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a home folder", "see /home/lan/an-lo/data"),
        ("a home folder", "open('/Users/minh/list.csv')"),
        ("a home folder", "/root/.ssh/id"),
        ("a private key", "-----BEGIN RSA PRIVATE KEY-----"),
        ("a Twilio key", "SK" + "0a" * 16),
        ("a Telegram token", "123456789:AA" + "x" * 33),
        ("a cloud key", "AKIA" + "A1" * 8),
    ],
)
def test_it_would_be_seen(kind, text):
    assert PRIVATE[kind].search(text)


def test_no_database_and_no_key_lies_about():
    assert [name_of(path) for path in files(".db", ".db-wal", ".pem", ".key")] == []
