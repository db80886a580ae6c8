"""One process works, another on the same file stands by; a run is noted; a wave walks from plan to finished."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from campaigns import stats, waves
from db import runs
from db.lock import FileLock
from scheduler import embedded, tasks
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

ROOT = Path(__file__).parents[2]


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def rt(sqlite_db, tmp_path):
    return a_runtime(sqlite_db, {"fake": FakeGateway()}, DATA_DIR=str(tmp_path))


@pytest.fixture
def start():
    """Starts runners and stops them all at the end."""
    runners = []

    def started(rt):
        runners.append(embedded.start(rt))
        return runners[-1]

    yield started
    for runner in runners:
        runner.stop()


def test_a_wave_walks_by_itself_from_scheduled_to_finished(rt, start):
    wave_id = make.a_wave(rt.db, count=30)
    assert start(rt).working
    until(lambda: waves.show(rt.db, wave_id).wave.status == "finished")
    assert stats.of_wave(rt.db, wave_id).counts == {"accepted": 30}
    assert set(rt.gateways["fake"].got.values()) == {1}
    noted = {row["name"]: row["counts"] for row in runs.newest(rt.db)}
    assert noted["open_due"] == {"waves": 1, "queued": 30}
    assert noted["send"] == {"accepted": 30, "handed": 30}


def test_a_poke_is_heard_at_once(rt, start, monkeypatch):
    slow = tuple(tasks.Task(task.name, 3600.0, task.run) for task in tasks.TASKS)
    monkeypatch.setattr(tasks, "TASKS", slow)
    start(rt)
    time.sleep(0.3)
    wave_id = make.a_wave(rt.db, count=2)

    def poked():
        rt.wake.set()
        return stats.of_wave(rt.db, wave_id)["accepted"] == 2

    until(poked, 5.0)
    assert stats.of_wave(rt.db, wave_id)["queued"] == 0


def test_while_doors_are_crowded_pokes_keep_to_the_beat(rt, start, monkeypatch):
    looked = []
    counting = tasks.Task("open_due", 3600.0, lambda rt, stop: looked.append(1) or {})
    others = (tasks.Task(task.name, 3600.0, task.run) for task in tasks.TASKS if task.name != "open_due")
    monkeypatch.setattr(tasks, "TASKS", (counting, *others))
    monkeypatch.setattr(type(rt.arrivals), "is_crowded", lambda arrivals: True)
    monkeypatch.setattr(embedded, "CROWDED_POKE_SECONDS", 0.4)
    start(rt)
    ends = time.monotonic() + 1.5
    while time.monotonic() < ends:
        rt.wake.set()
        time.sleep(0.01)
    assert 2 <= len(looked) <= 6


def test_the_second_process_stands_by_and_takes_over(rt, start, monkeypatch):
    monkeypatch.setattr(embedded, "STAND_BY_SECONDS", 0.05)
    first, second = start(rt), start(rt)
    assert (first.working, second.working) == (True, False)
    first.stop()
    until(lambda: second.working)


def test_nothing_is_done_where_the_runner_is_off(sqlite_db, tmp_path):
    started = embedded.start(a_runtime(sqlite_db, {}, DATA_DIR=str(tmp_path), RUNNER="off"))
    assert not started.working
    started.stop()


def test_stop_is_quick_and_gives_back_what_is_claimed(rt, start):
    class Slow(FakeGateway):
        def send(self, batch):
            time.sleep(0.2)
            return super().send(batch)

    rt.gateways["fake"] = gateway = Slow(concurrency=2)
    wave_id = make.a_wave(rt.db, count=500)
    runner = start(rt)
    until(lambda: sum(gateway.got.values()) > 4)
    begun = time.monotonic()
    runner.stop()
    assert time.monotonic() - begun < 3
    figures = stats.of_wave(rt.db, wave_id)
    assert (figures["sending"], figures["accepted"]) == (0, sum(gateway.got.values()))


def test_a_dead_process_holds_no_lock(tmp_path):
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from db.lock import FileLock
assert FileLock(Path({str(tmp_path / "lock")!r})).take()
print("held", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        lock = FileLock(tmp_path / "lock")
        assert not lock.take()
        process.kill()
    assert lock.take()
    assert lock.take()
    lock.release()


def test_a_task_that_fails_is_noted_and_harms_nobody(rt):
    def fails(rt, stop):
        raise ValueError("+84912345678")

    assert tasks.run(rt, tasks.Task("broken", 1.0, fails), threading.Event()) == {}
    [row] = runs.newest(rt.db)
    assert (row["name"], row["error"], row["counts"]) == ("broken", "ValueError", {})


def test_only_the_newest_runs_are_kept(rt, now, monkeypatch):
    monkeypatch.setattr(runs, "KEPT", 3)
    for n in range(7):
        runs.note(rt.db, name="x", started_at=now, ms=n, counts={"n": n})
    runs.note(rt.db, name="y", started_at=now, ms=0, counts={})
    with rt.db.reading() as c:
        kept = c.exec_driver_sql("SELECT ms FROM job_runs WHERE name = 'x' ORDER BY id").scalars().all()
    assert kept == [4, 5, 6]
    assert [row["name"] for row in runs.newest(rt.db)] == ["x", "y"]


def test_a_quiet_tick_is_not_noted(rt):
    for task in tasks.TASKS:
        if task.name not in ("answer_waiting",):
            tasks.run(rt, task, threading.Event())
    assert runs.newest(rt.db) == []
