"""`answers …` at the terminal, and what `ask`, `bot talk` and `doctor` say about adoption."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bots import adoption
from cli.commands import commands
from runtime.build import build
from runtime.settings import load
from staff import accounts, audit
from tests.learnt import kept_in


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """What the bot learns from the shipped content, learnt once."""
    return kept_in(tmp_path_factory.mktemp("learnt") / "cache")


@pytest.fixture(autouse=True)
def learnt_before(learnt, tmp_path):
    shutil.copytree(learnt, tmp_path / "data" / "cache")


@pytest.fixture
def rt(tmp_path):
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield runtime
    runtime.close()


@pytest.fixture
def run(tmp_path):
    """A command line of an English operator: exit status, standard output, standard error."""

    def command(*args, given=None, **settings):
        env = {"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(tmp_path / "data"), **settings}
        result = CliRunner(env=env).invoke(commands, args, standalone_mode=False, input=given)
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        return code, result.stdout, result.stderr

    return command


def groups(run):
    return {row["group"]: row for row in json.loads(run("answers", "status", "--json")[1])["groups"]}


def test_called_adopted_and_shown(rt, run):
    code, _, said = run("answers", "adopt", "law")
    assert code == 2
    assert "111" in said
    assert run("answers", "line", "111", "--outcome", "answered", "--note", "09:00")[0] == 0
    assert run("answers", "adopt", "law", "--note", "meeting")[:2] == (0, "law: 4 entries adopted.\n")
    row = groups(run)["law"]
    assert (row["state"], row["open"], row["note"], row["by"]) == ("adopted", [], "meeting", None)
    assert [(line["number"], line["tested"], line["note"]) for line in row["lines"]] == [("111", True, "09:00")]
    assert "hotline-111" in row["lines"][0]["facts"]
    said = run("answers", "status")[1]
    assert "law: adopted; 4 entries, 0 not adopted." in said
    assert "phrases: not adopted" in said
    assert audit.latest(rt.db, 1)[0].actor == "machine"


def test_everything_at_once_says_what_is_still_missing(run, rt):
    run("answers", "line", "111", "--outcome", "answered")
    code, out, said = run("answers", "adopt", "--all")
    assert code == 2
    assert {line.partition(":")[0] for line in out.splitlines()} == {"law", "home", "service", "signs"}
    assert "phrases: " in said and "08000 121 700" in said
    for line in {line.number for state in adoption.state(rt.db, rt.book).values() for line in lines(state)}:
        run("answers", "line", line, "--outcome", "answered")
    assert run("answers", "adopt", "--all")[0] == 0
    assert {row["state"] for row in groups(run).values()} == {"adopted"}


def lines(state):
    return [each.line for each in state.lines]


def test_in_the_name_of_an_approver(run, rt):
    now = datetime.now(UTC)
    for role in ("officer", "staff"):
        accounts.redeem(rt.db, token=accounts.add(rt.db, email=f"{role}@example.vn", role=role, now=now), now=now)
    run("answers", "line", "111", "--outcome", "answered")
    code, _, said = run("answers", "adopt", "law", "--by", "staff@example.vn")
    assert (code, "may approve" in said) == (2, True)
    assert run("answers", "adopt", "law", "--by", "Officer@example.vn")[0] == 0
    assert groups(run)["law"]["by"] == accounts.everybody(rt.db)[0].id
    assert run("answers", "adopt", "law", "--by", "nobody@example.vn")[0] == 2


@pytest.mark.parametrize("args", [
    ("adopt",), ("adopt", "law", "--all"), ("adopt", "weather"), ("line", "0912345678", "--outcome", "answered"),
    ("line", "111"), ("line", "111", "--outcome", "fine"),
])  # fmt: skip
def test_a_mistake_changes_nothing(run, rt, args):
    result = CliRunner(env={"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(rt.settings.data_dir)}).invoke(
        commands, ("answers", *args))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert {row["state"] for row in groups(run).values()} == {"not adopted"}
    assert audit.latest(rt.db) == []


def test_the_bot_in_the_terminal_says_whether_its_answer_is_adopted(run, tmp_path):
    question = ("ask", "đi lậu bị phạt thế nào theo luật", "--json")
    _, out, said = run(*question)
    topic = json.loads(out)["topic"]
    assert f'"{topic}": not adopted' in said
    assert not (tmp_path / "data" / "an-lo.db").exists(), "asking makes no database"
    run("answers", "line", "111", "--outcome", "answered")
    run("answers", "adopt", "law")
    _, again, said = run(*question)
    assert f'"{topic}": adopted' in said
    assert json.loads(again).keys() == json.loads(out).keys()
    assert "has adopted 4 of the" in run("bot", "talk", given="\n")[2]


def test_a_file_of_questions_and_the_figures_say_it_once(run, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "alo", "topic": "greeting", "danger": "none"}\n' * 3, encoding="utf-8")
    for args in (("ask", "--batch", str(file)), ("bot", "evaluate", "--test", str(file))):
        assert run(*args)[2].count("has adopted 0 of the") == 1


def test_a_database_out_of_reach_is_no_reason_not_to_answer(run):
    url = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    code, out, said = run("ask", "alo", "--json", DATABASE_URL=url)
    assert (code, json.loads(out)["topic"]) == (0, "greeting")
    assert '"greeting": not adopted' in said


def test_the_doctor_warns_once_something_leaves(run):
    inside = run("doctor")[1]
    assert "has adopted 0 of the" in inside
    assert "WARNING" not in inside
    outside = run("doctor", PUBLIC_URL="https://anlo.example.vn")[1]
    assert "WARNING" in outside and "08000 121 700" in outside
    found = json.loads(run("doctor", "--json", PUBLIC_URL="https://anlo.example.vn")[1])["answers"]
    assert (found["adopted"], found["leading_out"]) == (0, ["web"])
