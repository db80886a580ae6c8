"""`answers unanswered`: the groups at the terminal, as text and as JSON, with names and numbers hidden."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bots.unanswered import collecting, deciding, showing
from cli.commands import commands
from runtime.build import build
from runtime.settings import load
from tests.bots.unanswered.asking import LICENCE, Deaf, ask


@pytest.fixture
def rt(tmp_path):
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield runtime
    runtime.close()


@pytest.fixture
def asked(rt):
    """Five people ask the same, and one of them leaves their name and number."""
    at = rt.clock() - timedelta(minutes=10)
    for person, text in enumerate([*LICENCE, f"em tên Lan, 0912 345 678: {LICENCE[0]}"]):
        ask(rt.db, Deaf(rt.book), text, person=f"p{person}", at=at)
    collecting.collect(rt.db, rt.book, now=rt.clock())


def run(tmp_path, *options):
    env = {"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(tmp_path / "data")}
    return CliRunner(env=env).invoke(commands, ["answers", "unanswered", *options])


def test_nothing_is_one_sentence(rt, tmp_path):
    result = run(tmp_path)
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert json.loads(run(tmp_path, "--json").stdout) == []


def test_groups_are_told_without_names_and_numbers(rt, asked, tmp_path):
    [group] = json.loads(run(tmp_path, "--json").stdout)
    assert (group["asked"], group["people"], group["status"], sum(group["weeks"])) == (6, 6, "open", 6)
    for out in (run(tmp_path).stdout, json.dumps(group, ensure_ascii=False)):
        assert "bằng lái" in out
        assert "Lan" not in out and "345" not in out


def test_by_where_they_stand_and_so_many(rt, asked, tmp_path):
    [group] = showing.groups(rt.db, now=rt.clock())
    deciding.ignore(rt.db, group.id, by=None, now=rt.clock())
    assert json.loads(run(tmp_path, "--json").stdout) == []
    [found] = json.loads(run(tmp_path, "--json", "--status", "ignored", "--limit", "1").stdout)
    assert (found["id"], found["decision"]) == (group.id, "ignored")
    assert run(tmp_path, "--status", "nonsense").exit_code == 2
