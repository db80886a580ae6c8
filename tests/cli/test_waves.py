"""The waves commands, as INTERFACES' operators use them: real runtime, simulator, exit status, JSON alone on stdout."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from campaigns import prices, waves
from campaigns.hours import CLOCKS, Hours
from campaigns.model import Texts
from cli import wave_text
from cli.commands import commands
from db.tables import contacts
from messages.errors import Mistake
from runtime.build import build
from runtime.settings import load
from staff import audit
from tests import make

TEXT = "Đừng đưa tiền cọc cho người lạ."


@pytest.fixture
def rt(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield runtime
    runtime.close()


@pytest.fixture
def run(rt):
    """Runs a command line; the exit status, its JSON (None without) and what went to standard error."""

    def command(*args: str, status: int = 0):
        result = CliRunner().invoke(commands, [str(arg) for arg in args], standalone_mode=False)
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        assert code == status, result.output + repr(result.exception)
        return json.loads(result.stdout) if "--json" in args and result.stdout else None, result.stderr

    return command


@pytest.fixture
def people(rt):
    """A list "all": three who read Vietnamese and one who reads English."""
    ids = [*make.people(rt.db, 3), *make.people(rt.db, 1, first=4, language="en")]
    return make.a_list(rt.db, "all", ids)


def create(run, *args, text=TEXT):
    return run("waves", "create", "--list", "all", "--text", text, "--json", *args)


def test_a_wave_from_create_to_delivered(rt, run, people, monkeypatch):
    monkeypatch.setattr("sms.gateways.simulator.latency_of", lambda *_: 0.1)
    made, _ = create(run, "--ignore-quiet-hours")
    assert set(made) == {"wave", "recipients", "skipped", "segments", "ends"}
    assert (made["recipients"], made["skipped"], made["segments"]) == (4, {}, 4)
    assert datetime.fromisoformat(made["ends"]).utcoffset() == timedelta(hours=7)
    ran, _ = run("waves", "run", made["wave"], "--json")
    assert list(ran) == [
        "queued", "accepted", "delivered", "undelivered", "failed", "skipped", "unknown", "seconds", "rate",
    ]  # fmt: skip
    assert sum(list(ran.values())[:7]) == 4
    assert ran["queued"] == 0
    assert ran["delivered"] + ran["undelivered"] > 0
    state, _ = run("waves", "show", made["wave"], "--json")
    assert (state["status"], state["delivered"]) == ("finished", ran["delivered"])
    again, _ = run("waves", "run", made["wave"], "--json")
    assert {**again, "seconds": 0, "rate": 0.0} == {**ran, "seconds": 0, "rate": 0.0}


def test_everybody_on_the_list_gets_the_one_text(rt, run, people):
    create(run, "--ignore-quiet-hours")
    preview = waves.preview(rt.db, 1, rt.gateways, rt.clock())
    assert (preview.recipients, preview.forms) == (4, {"vi": 3, "en": 1})
    assert waves.show(rt.db, 1).texts == Texts(vi=TEXT, en=TEXT)


def test_the_machine_approved_it_and_the_audit_says_so(rt, run, people):
    made, _ = create(run)
    rows = {row.action: row.actor for row in audit.latest(rt.db, about=f"wave:{made['wave']}")}
    assert rows["waves.approve"] == "machine"


def test_the_text_from_a_file(rt, run, people, tmp_path):
    file = tmp_path / "loi.txt"
    file.write_text("\ufeff" + TEXT + "\n", encoding="utf-8")
    create(run, text=str(file))
    assert waves.show(rt.db, 1).texts.vi == TEXT


@pytest.mark.parametrize(
    ("args", "text", "says"),
    [
        ([], "missing.txt", "no file missing.txt"),
        ([], "  ", "no words"),
        (["--lang", "vi-unaccented"], TEXT, "Dung dua tien coc cho nguoi la."),
        (["--at", "tomorrow"], TEXT, "cannot be read"),
        (["--at", "2020-01-01T08:00"], TEXT, "01/01/2020 08:00 is over"),
        (["--rate", "0"], TEXT, "0.0 messages a second"),
        (["--gateway", "pigeon"], TEXT, "pigeon"),
        (["--gateway", "twilio"], TEXT, "TWILIO_ACCOUNT_SID"),
        (["--list", "nobody"], TEXT, '"nobody"'),
        ([], "{{ name.upper() }}", "{{ name.upper() }}"),
    ],
)
def test_a_mistake_is_one_sentence_and_makes_no_wave(rt, run, people, args, text, says):
    result = CliRunner().invoke(
        commands, ["waves", "create", "--list", "all", "--text", text, "--json", *args], standalone_mode=False
    )
    assert result.return_value == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert waves.all(rt.db) == []


@pytest.mark.parametrize(
    ("form", "text", "texts"),
    [
        ("vi", TEXT, Texts(vi=TEXT, en=TEXT)),
        ("en", "Stay safe", Texts(en="Stay safe")),
        ("vi-unaccented", "Dung di", Texts(vi_unaccented="Dung di", en="Dung di")),
    ],
)
def test_one_text_for_everybody(form, text, texts):
    assert wave_text.texts_of(text, form) == texts


@pytest.mark.parametrize("given", ["x" * 5000, "a\0b", "Xin chào. Hẹn gặp", "www.example.vn"])
def test_words_that_are_no_file(given):
    assert wave_text.read_text(given) == given


def test_a_picture_is_no_text(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    (tmp_path / "b.txt").write_text("x" * 30_000)
    for name in ("a.txt", "b.txt"):
        with pytest.raises(Mistake) as told:
            wave_text.read_text(str(tmp_path / name))
        assert told.value.code == "text-file-wrong"


def test_what_is_not_due_is_said_and_left(rt, run, people):
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    made, _ = create(run, "--at", later, "--ignore-quiet-hours")
    ran, said = run("waves", "run", made["wave"], "--json")
    assert ran["queued"] == 0
    assert "is to start at" in said


def test_the_night_is_said_and_waited_for(rt, run, people):
    """It is always night somewhere: the people are there."""
    night = next(zone for zone in CLOCKS if Hours().why_closed(rt.clock(), zone) == "quiet-hours")
    with rt.db.transaction() as c:
        c.execute(update(contacts).values(country=night))
    made, said = create(run)
    assert "outside messaging hours" in said
    ran, said = run("waves", "run", made["wave"], "--json")
    assert "goes on at" in said
    assert ran["rate"] == 0.0


def test_everything_is_stopped_and_goes_on(rt, run, people):
    wave_id = create(run, "--ignore-quiet-hours")[0]["wave"]
    _, said = run("waves", "stop-all", "--reason", " ", status=2)
    assert "no reason" in said
    stopped, said = run("waves", "stop-all", "--reason", "Wrong number", "--json")
    assert stopped == {"halt": 1}
    assert "still answered" in said
    ran, said = run("waves", "run", wave_id, "--json")
    assert (ran["accepted"], ran["delivered"]) == (0, 0)
    assert "Every wave is stopped: Wrong number." in said
    run("waves", "go-on")
    _, said = run("waves", "go-on", status=2)
    assert "Nothing is stopped" in said
    ran, _ = run("waves", "run", wave_id, "--json")
    assert ran["queued"] == 0


def test_what_an_officer_would_have_to_mend_is_said_and_the_text_goes_out(rt, run, people):
    made, said = create(run, text="Bà con chắc chắn có visa đi Anh.")
    assert "visa" in said
    assert waves.show(rt.db, made["wave"]).wave.status == "scheduled"


def test_limits_from_the_command_line(rt, run, people):
    _, said = run("waves", "create", "--list", "all", "--text", TEXT, "--budget", "500", status=2)
    assert "what a message through simulator costs" in said
    prices.put(rt.db, gateway="simulator", vnd_per_segment=200, valid_from=date(2020, 1, 1), by=None, now=rt.clock())
    spends = create(run, "--ignore-quiet-hours", "--budget", "500")[0]["wave"]
    ran, said = run("waves", "run", spends, "--json", status=1)
    assert ran["queued"] == 2
    assert "The budget is used up." in said
    few = create(run, "--ignore-quiet-hours", "--daily-quota", "1")[0]["wave"]
    ran, said = run("waves", "run", few, "--json")
    assert ran["queued"] == 3
    assert "used up: wave" in said and "goes on at" in said


def test_pause_resume_cancel(rt, run, people):
    wave_id = create(run, "--ignore-quiet-hours")[0]["wave"]
    assert run("waves", "pause", wave_id, "--reason", "wait", "--json")[0]["status"] == "paused"
    _, said = run("waves", "run", wave_id, "--json")
    assert "is paused" in said and "wait" in said
    assert run("waves", "resume", wave_id, "--json")[0]["status"] == "scheduled"
    waves.open_due(rt.db, rt.gateways, rt.clock())
    state, _ = run("waves", "cancel", wave_id, "--json")
    assert (state["status"], state["skipped"], state["queued"]) == ("cancelled", 4, 0)
    _, said = run("waves", "pause", wave_id, status=2)
    assert "Only a wave that is sending" in said
    _, said = run("waves", "run", wave_id, "--json")
    assert "was cancelled" in said


def test_a_gateway_without_its_settings_is_the_callers_mistake_and_the_wave_waits(rt, run, people):
    version = make.a_version(rt.db)
    wave_id = make.a_wave(rt.db, list_ids=[people], version_id=version, gateway="twilio", ignore_quiet_hours=True)
    _, said = run("waves", "run", wave_id, status=2)
    assert "TWILIO_ACCOUNT_SID" in said
    assert run("waves", "show", wave_id, "--json")[0]["status"] == "scheduled"


def test_reconcile_says_how_it_stands(rt, run, people):
    wave_id = create(run)[0]["wave"]
    assert run("waves", "reconcile", wave_id, "--json")[0]["status"] == "scheduled"


def test_a_draft_is_not_run(rt, run, people):
    wave_id = make.a_wave(rt.db, list_ids=[people], gateway="simulator", ready=False)
    _, said = run("waves", "run", wave_id, status=2)
    assert "not approved" in said


@pytest.mark.parametrize("command", ["run", "show", "pause", "resume", "cancel", "reconcile"])
def test_a_wave_nobody_made(rt, run, command):
    _, said = run("waves", command, 404, "--json", status=2)
    assert "404" in said
