"""`hooks replay`: recorded events go through the real doors and are answered, and nobody real is written to."""

import contextlib
import json
import shutil
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import hooks, stand_in
from cli.commands import commands
from runtime import samples
from tests.learnt import kept_in

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
#: Events in each file, and how many of them are repeats or none of ours: those get no reply.
FILES = {"zalo": (11, 4), "zalo-bot": (6, 1), "telegram": (10, 2)}
#: What a real account has in its settings.
BASES = ("ZALO_API_BASE", "ZALO_OAUTH_BASE", "ZALO_BOT_API_BASE", "TELEGRAM_API_BASE", "TWILIO_API_BASE",
         "ESMS_API_BASE", "SPEEDSMS_API_BASE")  # fmt: skip
SECRETS = ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN", "ZALO_BOT_TOKEN",
           "ZALO_BOT_WEBHOOK_SECRET", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TWILIO_ACCOUNT_SID",
           "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "ESMS_API_KEY", "ESMS_SECRET_KEY", "SPEEDSMS_TOKEN")  # fmt: skip


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
    assert "7000000000000000001: di lam viec o han quoc hop phap" in result.stdout
    assert "│ 1. " in result.stdout
    # Never with the real tokens and rows: a refresh token of Zalo that is used here is lost to the installation.
    assert f"make run DATA_DIR={folder / 'replay'} DATABASE_URL= RUNNER=off" in result.stdout


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


class Trap:
    """The providers, mail server and gateways of a real account, as far as this machine goes: counts who calls."""

    def __init__(self):
        self.called = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                self._door.accept()[0].close()
                self.called += 1

    def close(self):
        self._door.close()


@pytest.fixture
def trap():
    trap = Trap()
    yield trap
    trap.close()


@pytest.mark.parametrize("platform", FILES)
def test_nothing_real_is_asked_or_written(folder, tmp_path, monkeypatch, trap, platform):
    there, called, real = f"http://127.0.0.1:{trap.port}", [], tmp_path / "real.db"
    settings = {name: there for name in BASES}
    settings |= {name: "1:real-secret" for name in SECRETS}
    settings |= {"DATABASE_URL": f"sqlite:///{real}", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(trap.port),
                 "SMS_GATEWAY": "twilio", "PUBLIC_URL": "https://anlo.example.vn", "RUNNER": "embedded",
                 "HTTP_PROXY": there, "HTTPS_PROXY": there, "ALL_PROXY": there}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    @contextlib.contextmanager
    def noted():
        with stand_in.stand_in() as provider:
            called.append(provider)
            yield provider

    monkeypatch.setattr(hooks, "stand_in", noted)
    result = replay(folder, SAMPLES / f"{platform}.jsonl", "--json")
    assert result.exit_code == 0, result.output
    assert len(called[0].received) == json.loads(result.stdout)["replies"] > 0
    assert trap.called == 0
    assert not real.exists()


@pytest.mark.parametrize("made", ["link", "dangling", "file", "installation"])
def test_what_is_not_its_own_is_never_emptied(folder, tmp_path, made):
    data, precious = tmp_path / "data", tmp_path / "precious"
    data.mkdir()
    precious.mkdir()
    (precious / "an-lo.db").write_text("people")
    place = data / "replay"
    if made == "link":
        place.symlink_to(precious)
    elif made == "dangling":
        place.symlink_to(tmp_path / "nowhere")
    elif made == "file":
        place.write_text("people")
    else:
        shutil.copytree(precious, place)
    result = replay(data, SAMPLES / "zalo.jsonl")
    assert result.exit_code == 2
    assert str(place) in result.stderr and "Traceback" not in result.output
    assert (precious / "an-lo.db").read_text() == "people"
    assert not (tmp_path / "nowhere").exists()
    assert made != "installation" or (place / "an-lo.db").read_text() == "people"


@pytest.mark.parametrize(
    "event",
    [
        {"date": "9" * 5000}, {"date": 10**300}, {"date": True}, {"message": {"date": "²³"}}, {"message": "\ud800"},
        {"message": {"text": "\ud83d\udc00 cut \ud800", "from": {"id": 1}, "chat": {"id": 1, "type": "private"}}},
        {"message": {"chat": {"id": "../../etc", "type": "private"}, "text": "x"}}, {"callback_query": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_hostile_event_is_played_or_refused_never_a_surprise(folder, tmp_path, event):
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps({"update_id": 1, **event}))
    result = replay(folder, file)
    assert result.exit_code in (0, 2), result.exception
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "line", ['{"update_id": 1, "a": ' * 30_000, '{"update_id": 1, "text": "' + "a" * 2_000_000 + '"}',
             '{"update_id": 1, "date": ' + '{"date": ' * 900 + "1" + "}" * 901],
    ids=["cut off", "two megabytes", "deep"],
)  # fmt: skip
def test_a_huge_event_is_said(folder, tmp_path, line):
    file = tmp_path / "events.jsonl"
    file.write_text(line)
    result = replay(folder, file)
    assert result.exit_code == 2
    assert "Line 1" in result.stderr
