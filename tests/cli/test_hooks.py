"""`hooks replay`: recorded events go through the real doors and are answered, and nobody real is written to."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.commands import commands
from runtime import samples
from tests.learnt import kept_in

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
#: Events in each file, and how many of them are repeats or none of ours: those get no reply.
FILES = {"zalo": (11, 4), "zalo-bot": (6, 1), "telegram": (10, 2)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replays")
    kept_in(folder / "cache")
    return folder


def replay(folder: Path, file: Path, *options: str):
    environment = {"DATA_DIR": str(folder), "LANG": "en", "ZALO_APP_ID": "a real one", "TELEGRAM_BOT_TOKEN": "1:real"}
    return CliRunner().invoke(commands, ["hooks", "replay", str(file), *options], env=environment)


@pytest.fixture(scope="module")
def told(folder):
    """What `--json` says of each shipped file; and nothing but the replay's own folder was touched."""
    found = {name: json.loads(replay(folder, SAMPLES / f"{name}.jsonl", "--json").stdout) for name in FILES}
    assert sorted(path.name for path in folder.iterdir()) == ["cache", "replay"]
    return found


@pytest.mark.parametrize("platform", FILES)
def test_the_shipped_events_are_answered(told, platform):
    told, (events, unanswered) = told[platform], FILES[platform]
    assert told["platform"] == platform
    assert told["statuses"] == {"200": events}
    assert told["replies"] == events - unanswered
    assert all(len(one["replies"]) <= 1 for one in told["conversation"])
    texts = [reply["text"] for one in told["conversation"] for reply in one["replies"]]
    assert texts and not any("interrupted" in text or "gián đoạn" in text for text in texts)  # nothing counts as late


def test_somebody_in_danger_gets_the_help_line_first(told):
    played = told["telegram"]["conversation"]
    [cry] = [one for one in played if "locked in a house" in json.dumps(one["event"]) and one["replies"]]
    assert cry["replies"][0]["text"].startswith("In the UK: call the police on 999 now")


def test_a_button_of_the_reply_before_is_pressed(told):
    asked, pressed = told["telegram"]["conversation"][1:3]
    title = asked["replies"][0]["buttons"][0][0]
    assert pressed["event"]["callback_query"]["data"] == "first button"
    assert title and pressed["replies"][0]["text"] != asked["replies"][0]["text"]


def test_for_people_it_is_printed_with_where_to_look(folder):
    result = replay(folder, SAMPLES / "zalo.jsonl")
    assert result.exit_code == 0
    assert "│ 1. " in result.stdout and f"make run DATA_DIR={folder / 'replay'}" in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json at all", "Line 1"),
        ('{"update_id": 1}\n[1]', "Line 2"),
        ("# only words\n\n", "no events"),
        ('{"hello": 1}', "no events"),
        ("[" * 100_000, "Line 1"),
    ],
)
def test_a_file_of_something_else_is_said(folder, tmp_path, content, said):
    file = tmp_path / "events.jsonl"
    file.write_text(content)
    result = replay(folder, file)
    assert result.exit_code == 2
    assert said in result.stderr and "Traceback" not in result.output


def test_events_are_moved_to_now_as_they_were_written():
    now = datetime(2030, 1, 1, tzinfo=UTC)
    message = {"date": 1795312860, "text": "1795312860"}
    events = [{"timestamp": "1795312800000", "message": message}, {"date": 1795312800}]
    first, second = samples.as_of(now, events)
    at = int(now.timestamp())
    assert first == {"timestamp": str((at - 60) * 1000), "message": {"date": at, "text": "1795312860"}}
    assert second == {"date": at - 60}
