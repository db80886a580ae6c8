"""`ask` and `bot` as a person or a script at the terminal meets them. They need no database and make none."""

import json
import re

import pytest
from click.testing import CliRunner

from cli.commands import commands
from tests.learnt import kept_in

KEYS = ["topic", "confidence", "danger", "language", "reply", "alternatives", "why", "ms"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    kept_in(folder / "cache")
    return folder


@pytest.fixture
def run(home):
    def run(*arguments, given=None):
        return CliRunner(env={"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(home)}).invoke(commands, arguments, input=given)

    return run


def test_ask_prints_one_document(run, home):
    result = run("ask", "lam ho chieu o dau", "--json")
    assert result.exit_code == 0
    answered = json.loads(result.stdout)
    assert list(answered) == KEYS
    assert (answered["topic"], answered["language"], answered["danger"]) == ("passport-apply", "vi", "none")
    assert [path.name for path in home.iterdir()] == ["cache"]


def test_ask_in_another_language_and_form(run):
    english = json.loads(run("ask", "làm hộ chiếu ở đâu", "--lang", "en", "--json").stdout)
    sms = json.loads(run("ask", "lam ho chieu o dau", "--channel", "sms", "--json").stdout)
    assert english["language"] == "en"
    assert sms["reply"].isascii()


def test_ask_abstains_with_null(run):
    assert json.loads(run("ask", "giá lợn hơi hôm nay", "--json").stdout)["topic"] is None


def test_ask_for_a_person(run):
    said = run("ask", "lam ho chieu o dau").stdout
    assert "passport-apply" in said
    assert "like: " in said
    assert re.search(r"^  \d{4}-\d\d-\d\d: .*passport", said, re.M)  # its sources, and when they were read over


@pytest.mark.parametrize("text", ["- gạch đầu dòng", "--", "", "😀"])
def test_any_text_may_be_asked(run, text):
    assert run("ask", "--json", "--", text).exit_code == 0


def test_ask_a_file_in_its_order(run, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "lam ho chieu o dau"}\n{"text": "alo"}\n{"text": ""}\n', encoding="utf-8")
    lines = run("ask", "--batch", str(file)).stdout.splitlines()
    assert [json.loads(line)["topic"] for line in lines] == ["passport-apply", "greeting", None]


@pytest.mark.parametrize("arguments", [
    ("ask",), ("ask", "--batch", "/nowhere.jsonl"), ("ask", "x", "--channel", "fax"),
    ("bot", "evaluate", "--test", "/nowhere.jsonl"), ("bot", "evaluate"),
])
def test_a_mistake_is_one_sentence_and_status_two(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()


def test_a_conversation_until_an_empty_line(run):
    said = run("bot", "talk", given="alo\nlam ho chieu o dau\n1\n\nnever read\n").stdout
    assert said.count("\n  (") == 3
    assert "passport-apply" in said


def test_evaluate_what_is_shipped(run, tmp_path):
    file = tmp_path / "lines.jsonl"
    lines = [{"text": "lam ho chieu o dau", "topic": "passport-apply", "danger": "none", "register": "plain"},
             {"text": "giá lợn hơi hôm nay", "topic": "out-of-scope", "danger": "none", "register": "full"},
             {"text": "cứu em với, em bị nhốt, họ đánh em", "topic": "hotline-vn", "danger": "red", "register": "full"}]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    figures = json.loads(run("bot", "evaluate", "--test", str(file), "--json").stdout)
    assert (figures["n"], figures["accuracy"], figures["oos_recall"], figures["red_recall"]) == (3, 1.0, 1.0, 1.0)
    assert list(figures) == ["n", "accuracy", "in_scope_accuracy", "oos_recall", "oos_precision", "red_recall",
                             "red_false_alarm", "by_register", "train_s", "p50_ms", "p99_ms"]  # fmt: skip


def test_evaluate_other_labels(run, tmp_path):
    lines = [{"text": f"{fruit} {word}", "topic": fruit} for fruit in ("apple", "pear") for word in ("red", "ripe")]
    file = tmp_path / "fruit.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    figures = json.loads(run("bot", "evaluate", "--train", str(file), "--test", str(file), "--json").stdout)
    assert (figures["accuracy"], figures["red_recall"]) == (1.0, None)
    assert "confused" in run("bot", "evaluate", "--train", str(file), "--test", str(file)).stdout


def test_a_file_without_topics_teaches_nothing(run, tmp_path):
    file = tmp_path / "bare.jsonl"
    file.write_text('{"text": "x"}\n', encoding="utf-8")
    result = run("bot", "evaluate", "--train", str(file), "--test", str(file))
    assert (result.exit_code, "topic" in result.stderr) == (2, True)
