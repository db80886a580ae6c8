"""A copy is put back with `db restore`: nothing goes out, the commands say what to do, and nobody gets it twice."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select

from campaigns import consent, stats, waves, workers
from cli.commands import commands
from db.tables import contacts
from db.tables import workers as worker_rows
from runtime.build import build
from runtime.settings import load
from tests import make


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def command(*args: object, status: int = 0):
        result = CliRunner().invoke(commands, [str(arg) for arg in args], standalone_mode=False)
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        assert code == status, result.output + repr(result.exception)
        return json.loads(result.stdout) if "--json" in args and result.stdout else None, result.stderr

    return command


def runtime(tmp_path):
    return build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))


def numbers(rt) -> list[str]:
    """Of everybody the wave goes to."""
    with rt.db.reading() as c:
        sealed = c.execute(select(contacts.c.number_sealed)).scalars().all()
    return [rt.db.seal.open(each, "contacts.number") for each in sealed]


def test_from_the_backup_to_the_last_message(run, tmp_path):
    rt = runtime(tmp_path)
    wave_id = make.a_wave(rt.db, count=20, gateway="simulator", ignore_quiet_hours=True)
    waves.open_due(rt.db, rt.gateways, rt.clock())
    run("db", "backup", tmp_path / "copy.db")
    sent, _ = run("waves", "run", wave_id, "--json")
    handed = sum(sent[name] for name in ("accepted", "delivered", "undelivered", "failed", "unknown"))
    with rt.db.transaction() as c:
        consent.opt_out(c, rt.db.seal.index(make.number(999_999)), channel="sms", reason="", now=rt.clock())
    rt.close()

    done, said = run("db", "restore", tmp_path / "copy.db", "--json")
    assert done["optouts"] == 1 and "Nothing is sent" in said
    stood, said = run("db", "restored", "show", "--json")
    assert stood["stopped"] and "opt-outs-entered" in said
    assert [(each["wave"], each["status"]) for each in stood["waves"]] == [(wave_id, "held")]
    _, said = run("waves", "run", wave_id, "--json", status=1)
    assert "copy" in said
    assert "db restored" in run("waves", "go-on", status=2)[1]
    assert "opt-out book" in run("db", "restored", "go-on", status=2)[1]

    assert not run("db", "restored", "go-on", "--opt-outs-entered", "--json")[0]["stopped"]
    run("db", "restored", "ask", wave_id, "--json")
    _, said = run("waves", "run", wave_id, "--json")
    rt = runtime(tmp_path)
    figures = stats.of_wave(rt.db, wave_id)
    assert handed == 20 and figures.total == 20 and not figures.left, said
    threads = [rt.gateways["simulator"].thread(number) for number in numbers(rt)]
    assert [len(messages) for messages in threads] == [1] * 20, "nobody has it twice"
    assert run("db", "restored", "show", "--json")[0]["waves"] == []
    rt.close()


def test_not_while_a_wave_is_sent_in_another_terminal(run, tmp_path):
    rt = runtime(tmp_path)
    run("db", "backup", tmp_path / "copy.db")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        with rt.db.transaction() as c:
            here = {"host": workers.host(), "pid": other.pid, "kind": "sender", "started_at": rt.clock()}
            c.execute(insert(worker_rows).values(name="other", seen_at=rt.clock(), **here))
        rt.close()
        assert "running" in run("db", "restore", tmp_path / "copy.db", status=2)[1]
        other.kill()
    run("db", "restore", tmp_path / "copy.db")


def test_by_hand_and_of_whom_nobody_can_tell(run, tmp_path):
    rt = runtime(tmp_path)
    wave_id = make.a_wave(rt.db, count=3, gateway="simulator")
    rt.close()
    stood, _ = run("db", "restored", "hold", "--json")
    assert stood["stopped"] and stood["waves"][0]["wave"] == wave_id
    assert "does not wait for this decision" in run("db", "restored", "decide", wave_id, "--send", "no", status=2)[1]
    assert "no wave with the number" in run("db", "restored", "ask", 99, status=2)[1]
