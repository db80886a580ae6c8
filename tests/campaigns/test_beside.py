"""The second process of a large import: it helps, and nothing depends on it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from campaigns import beside, import_work, imports
from campaigns.import_work import STALE
from db.tables import contacts
from tests.campaigns.uploading import receive

HOME = Path(__file__).resolve().parents[2]
ROWS = 4000
CONTENT = "Họ tên,SĐT\n" + "".join(f"Người {n},09{n % (ROWS - 100):08d}\n" for n in range(ROWS))
#: A worker that is slow enough to be killed in the middle. It says when it has stored a batch.
SLOW_WORKER = """
import sys, time
from datetime import datetime
from pathlib import Path
from campaigns import import_work, imports
from db.engine import open_database
from db.seal import Seal

import_work.WORTH_A_PROCESS = 1
url, folder, import_id, moment = sys.argv[1:]
now = datetime.fromisoformat(moment)
db = open_database(url, Seal([b"a key for tests only, thirty-two"]))
imports.work(db, Path(folder), int(import_id), "slow", lambda: now, 100,
             watch=lambda done, total: (print(done, flush=True), time.sleep(0.2)))
"""


@pytest.fixture(autouse=True)
def every_import_is_worth_a_process(monkeypatch):
    monkeypatch.setattr(import_work, "WORTH_A_PROCESS", 1)


def _is_exact(db, progress):
    assert (progress.status, progress.rows, progress.accepted, progress.duplicates) == ("done", ROWS, ROWS - 100, 100)
    with db.reading() as c:
        sealed = c.execute(select(contacts.c.number_sealed)).scalars().all()
    assert {db.seal.open(each, "contacts.number") for each in sealed} == {f"+849{n:08d}" for n in range(ROWS - 100)}


def _helpers():
    """The processes beside us that pack."""
    return [each for each in psutil.Process().children(recursive=True) if _packs(each)]


def _packs(process):
    try:
        return "campaigns.beside" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


def test_two_processes_take_in_what_one_does(db, tmp_path, now):
    helped = []
    import_id = receive(db, tmp_path, CONTENT, now)
    done = imports.work(
        db, tmp_path, import_id, "w", lambda: now, 500, watch=lambda *_: helped.append(len(_helpers()))
    )
    _is_exact(db, done)
    assert helped[0] == 1
    assert _helpers() == []


def test_a_short_list_starts_no_process(sqlite_db, tmp_path, now, monkeypatch):
    monkeypatch.setattr(import_work, "WORTH_A_PROCESS", ROWS + 1)
    monkeypatch.setattr(beside, "COMMAND", None)
    import_id = receive(sqlite_db, tmp_path, CONTENT, now)
    _is_exact(sqlite_db, imports.work(sqlite_db, tmp_path, import_id, "w", lambda: now))


@pytest.mark.parametrize(
    "command",
    [
        ["no-such-program-anywhere"],
        [sys.executable, "-c", "raise SystemExit(1)"],
        [sys.executable, "-c", "import sys; sys.stdin.buffer.read(); print('nonsense')"],
        [sys.executable, "-c", "import os, signal, sys; sys.stdin.buffer.read(); os.kill(os.getpid(), signal.SIGTERM)"],
    ],
    ids=["cannot start", "ends at once", "says nonsense", "is killed"],
)
def test_when_it_does_not_help_one_process_does_it_all(sqlite_db, tmp_path, now, monkeypatch, command):
    monkeypatch.setattr(beside, "COMMAND", command)
    import_id = receive(sqlite_db, tmp_path, CONTENT, now)
    _is_exact(sqlite_db, imports.work(sqlite_db, tmp_path, import_id, "w", lambda: now, 500))


def test_killed_in_the_middle_the_rest_is_done_alone(sqlite_db, tmp_path, now):
    import_id, helped = receive(sqlite_db, tmp_path, CONTENT, now), []

    def kill(done, total):
        helped.append(_helpers())
        for each in helped[-1]:
            each.kill()

    _is_exact(sqlite_db, imports.work(sqlite_db, tmp_path, import_id, "w", lambda: now, 100, watch=kill))
    assert helped[0] and not helped[-1]


def test_it_ends_when_the_import_is_stopped(sqlite_db, tmp_path, now):
    import_id, seen = receive(sqlite_db, tmp_path, CONTENT, now), []
    half = imports.work(
        sqlite_db, tmp_path, import_id, "w", lambda: now, 100,
        stop=lambda: len(seen) == 2, watch=lambda done, total: seen.append(done),
    )  # fmt: skip
    assert (half.status, half.rows) == ("working", 200)
    assert _helpers() == []
    _is_exact(sqlite_db, imports.work(sqlite_db, tmp_path, import_id, "v", lambda: now, 700))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes as POSIX does")
def test_it_does_not_outlive_a_worker_that_was_killed(sqlite_db, sqlite_url, tmp_path, now):
    import_id = receive(sqlite_db, tmp_path / "uploads", CONTENT, now)
    command = [sys.executable, "-c", SLOW_WORKER, sqlite_url, str(tmp_path / "uploads"), str(import_id)]
    with subprocess.Popen([*command, now.isoformat()], cwd=HOME, stdout=subprocess.PIPE, text=True) as worker:
        assert [worker.stdout.readline() for _ in range(3)] == ["100\n", "200\n", "300\n"]
        [helper] = _helpers()
        worker.send_signal(signal.SIGKILL)
    _gone(helper)
    later = now + STALE * 2
    _is_exact(sqlite_db, imports.work(sqlite_db, tmp_path / "uploads", import_id, "next", lambda: later))


def _gone(process):
    deadline = time.monotonic() + 20
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "it goes on though nobody reads what it writes"
        time.sleep(0.05)


def test_the_keys_are_on_no_command_line(sqlite_db, tmp_path, now):
    seen = []
    import_id = receive(sqlite_db, tmp_path, CONTENT, now)

    def look(done, total):
        for each in _helpers():
            seen.extend([*each.cmdline(), *each.environ().values()])

    imports.work(sqlite_db, tmp_path, import_id, "w", lambda: now, 2000, watch=look)
    assert seen
    assert not any("a key for tests" in word for word in seen)
