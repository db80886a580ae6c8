"""`answers expiring`, `stale` and `replay` as the operator meets them."""

import json

import pytest
from click.testing import CliRunner

from bots import inbox
from bots.answering import replays
from bots.answering.replay import Difference, Outcome, Question
from cli.commands import commands
from runtime import settings
from runtime.build import build
from tests.bots.answering.writing import TOPIC, WORDS, begun
from tests.conftest import NOW

PRIVATE = "eps hàn quốc là gì, gọi em 0912345678"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return lambda *words: CliRunner().invoke(commands, ["answers", *words])


@pytest.fixture
def rt(tmp_path):
    rt = build(settings.load({"DATA_DIR": str(tmp_path)}, env_file=None))
    yield rt
    rt.close()


def test_what_expires_in_ten_years_is_everything(run):
    shown = json.loads(run("expiring", "--days", "3650", "--json").stdout)
    assert {(each["topic"], each["language"]) for each in shown} >= {(TOPIC, "vi"), (TOPIC, "en")}
    assert [each["days"] for each in shown] == sorted(each["days"] for each in shown)
    said = run("expiring", "--days", "3650").stdout
    assert f"{TOPIC} (vi): " in said
    assert len(said.splitlines()) == len(shown)


def test_what_should_be_read_over(run):
    shown = json.loads(run("stale", "--json").stdout)
    assert {reason["code"] for each in shown for reason in each["reasons"]} >= {"fact-fair", "fact-old"}
    assert "the fact " in run("stale").stdout


def test_a_replay_tells_figures_and_nobody_s_words_unasked(run, rt, monkeypatch):
    monkeypatch.setattr(replays, "measuring", lambda: (Question("eps là gì", "measured", TOPIC),))
    turn_id = inbox.receive(rt.db, platform="web", address="x", text=PRIVATE, provider_id=None, now=NOW)
    inbox.answer(rt.db, rt.engine, turn_id, NOW, lambda *_: False)
    only_text = begun(rt.db, None, chat=WORDS)
    shown = json.loads(run("replay", str(only_text), "--json").stdout)
    assert (shown["asked"], shown["measured"], shown["routed"], shown["reworded"]) == (1, 1, 0, 2)
    assert "Asked again: 1 questions of people and 1" in run("replay", str(only_text)).stdout


def test_who_asks_for_the_words_gets_them_without_numbers(run, monkeypatch):
    found = Difference(PRIVATE, "asked", "", Outcome("a", "answer"), Outcome("b", "answer"))
    monkeypatch.setattr(replays, "of_version", lambda *_, **__: replays.Result(1, 0, (found,)))
    assert "eps" not in run("replay", "1", "--json").stdout
    said = run("replay", "1", "--words").stdout
    assert "eps hàn quốc" in said
    assert "0912345678" not in said
    assert "a (answer) → b (answer)" in said


def test_no_such_version_is_one_sentence(run):
    result = run("replay", "99")
    assert result.exit_code == 2
    assert "There is no version 99" in result.stderr
