"""An import whose process is killed (kill -9) again and again ends as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaigns import areas, consent, imports, vault
from campaigns.import_work import STALE
from db.tables import contacts, import_refusals, list_members
from db.tables import imports as table
from tests.campaigns.uploading import receive, take_in

KILLS = 24
ROWS = 3000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes as POSIX does"),
]


def _number(n):
    return f"09{n:08d}"


def _file():
    """ROWS rows: every tenth repeats the one before, every sixteenth has no number; communes now and then unknown."""
    lines = ["Họ tên,SĐT,Xã"]
    for n in range(ROWS):
        number = "không có" if n % 16 == 7 else _number(n - 1) if n % 10 == 9 and (n - 1) % 16 != 7 else _number(n)
        lines.append(f"Người {n},{number},{'Nơi Nào' if n % 100 == 3 else 'Đô Thành'}")
    return "\n".join(lines) + "\n"


REFUSED = {n for n in range(ROWS) if n % 16 == 7}
REPEATED = {n for n in range(ROWS) if n % 10 == 9 and (n - 1) % 16 != 7} - REFUSED
OPTED_OUT = {n for n in range(0, ROWS, 50)} - REFUSED - REPEATED
KNOWN = {n for n in range(1, ROWS, 40)} - REFUSED - REPEATED - OPTED_OUT
ACCEPTED = set(range(ROWS)) - REFUSED - REPEATED - OPTED_OUT


class Nursery:
    def __init__(self, process):
        self._process = process

    def start(self, *job):
        self._process.stdin.write(" ".join(map(str, job)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def kill(self, child):
        """How it ended: killed, or done before."""
        os.kill(child, signal.SIGKILL)
        return self.end()

    def end(self):
        """Waits for the child's own end."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().split()[1]


@contextmanager
def _nursery(url, folder):
    command = [sys.executable, str(Path(__file__).with_name("nursery.py")), url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def _wait_for_position(db, import_id, position):
    """Until the child has come that far (or has finished)."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with db.reading() as c:
            at, status = c.execute(select(table.c.position, table.c.status).where(table.c.id == import_id)).one()
        if at >= position or status == "done":
            return
        time.sleep(0.004)
    raise AssertionError(f"stuck at {at}")


def test_killed_at_every_stage(db, db_url, tmp_path, now):
    folder = tmp_path / "uploads"
    known = "SĐT\n" + "".join(f"{_number(n)}\n" for n in sorted(KNOWN))
    take_in(db, folder, known, now, list_name="Đã có")
    with db.transaction() as c:
        for n in OPTED_OUT:
            consent.opt_out(c, db.seal.index(f"+84{_number(n)[1:]}"), channel="sms", now=now)
    import_id = receive(db, folder, _file(), now)
    chance = random.Random(20261124)
    with _nursery(db_url, folder) as nursery:
        for kill in range(KILLS):
            # a new worker each time, who finds the dead one's claim stale
            moment = now + (kill + 1) * (STALE + timedelta(seconds=1))
            child = nursery.start("work", import_id, f"worker-{kill}", moment.isoformat())
            _wait_for_position(db, import_id, kill * (ROWS - 200) // KILLS)
            time.sleep(chance.uniform(0, 0.02))
            assert nursery.kill(child) == str(signal.SIGKILL.value), "it was done before it could be killed"
    progress = imports.work(db, folder, import_id, "last", lambda: now + timedelta(days=1), batch=40)
    _is_exact(db, progress)
    assert list(folder.iterdir()) == []


def _is_exact(db, progress):
    counted = {name: getattr(progress, name) for name in ("rows", "accepted", "duplicates", "opted_out", "refused")}
    assert counted == {
        "rows": ROWS,
        "accepted": len(ACCEPTED),
        "duplicates": len(REPEATED),
        "opted_out": len(OPTED_OUT),
        "refused": len(REFUSED),
    }
    assert (progress.status, progress.known) == ("done", len(KNOWN))
    assert progress.refusals == {"not-a-number": len(REFUSED)}
    assert progress.notes["place-unknown"] == sum(n % 100 == 3 for n in ACCEPTED)
    with db.reading() as c:
        sealed = c.execute(select(contacts.c.number_sealed)).scalars()
        numbers = [db.seal.open(number, "contacts.number") for number in sealed]
        members = c.execute(select(func.count()).where(list_members.c.list_id == progress.list_id)).scalar_one()
        lines = list(c.execute(select(import_refusals.c.line).order_by(import_refusals.c.line)).scalars())
    assert sorted(numbers) == sorted(f"+84{_number(n)[1:]}" for n in ACCEPTED)
    assert members == len(ACCEPTED)
    assert lines == [n + 2 for n in sorted(REFUSED)]


def test_killed_while_it_arrives(db, db_url, tmp_path, now):
    """Either the upload is there, whole, or it is not there and the next sweep takes what was left."""
    areas.load_units(db, now=now)
    folder, file = tmp_path / "uploads", tmp_path / "people.csv"
    file.write_text(_file(), encoding="utf-8")
    chance = random.Random(7)
    with _nursery(db_url, folder) as nursery:
        started = time.monotonic()
        nursery.start("receive", file, now.isoformat())
        assert nursery.end() == "0"
        takes = time.monotonic() - started
        for _ in range(20):
            child = nursery.start("receive", file, now.isoformat())
            time.sleep(chance.uniform(0.1, 1) * takes)
            nursery.kill(child)
    with db.reading() as c:
        arrived = c.execute(select(table)).all()
    assert arrived
    for row in arrived:
        with vault.open_stored(folder, db.seal, row.stored_as) as content:
            assert content.read() == file.read_bytes()
    for path in folder.iterdir():
        os.utime(path, (now.timestamp(), now.timestamp()))
    left = len(list(folder.iterdir()))
    assert imports.sweep(db, folder, now + timedelta(days=2)) == left - len(arrived)
    for row in arrived[:1]:
        assert imports.work(db, folder, row.id, "test", lambda: now).rows == ROWS
