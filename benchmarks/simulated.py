"""How fast a wave goes through the simulator: in this process on SQLite, then with two cluster workers on PostgreSQL.

The simulator keeps every message in a file of its own, sealed. The workers are two processes that do what `app.py
worker` does, on one PostgreSQL that waits for its disk; the time runs from the first message that is recorded as handed
over to the last. No receipts come back here, on either side: they are measured in benchmarks/receipts.py. Beside the
rate stands what the processors worked for a message, in all processes together: a busy machine changes the first,
hardly the second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import crowd
from campaigns import deliveries, stats, waves
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch
from tests import make

HOME = Path(__file__).resolve().parents[1]
WANTED = 5_000
WORKERS = 2


def embedded(count: int) -> tuple[float, float]:
    """Deliveries a second, and seconds of the processor for each."""
    with tempfile.TemporaryDirectory() as folder:
        rt = build(load({"DATA_DIR": folder}, env_file=None))
        wave_id = a_wave(rt, count)
        crowd.open_wholly(rt)
        line = deliveries.line(rt.db, wave_id, rt.gateways)
        begun, worked = time.perf_counter(), time.process_time()
        dispatch.send(rt, [line], stop=threading.Event())
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
        check(rt, wave_id, count)
        rt.close()
    return count / seconds, work / count


def cluster(count: int) -> tuple[float, float]:
    """The same with WORKERS processes on PostgreSQL, whose own work is counted in."""
    with tempfile.TemporaryDirectory() as folder, crowd.a_database() as url:
        settings = {"DATA_DIR": folder, "DATABASE_URL": url, "RUNNER": "cluster"}
        rt = build(load(settings, env_file=None))
        wave_id = a_wave(rt, count, ready=False)
        server = crowd.of_postgres(rt.db)
        with workers(settings) as processes:
            wait_until(lambda: working(rt) >= WORKERS, 60)
            waves.approve_by_machine(rt.db, wave_id, now=rt.clock())
            wait_until(lambda: handed(rt, wave_id) > 0, 60)
            before, begun = handed(rt, wave_id), time.perf_counter()
            worked = sum(map(crowd.cpu, [server, *processes]))
            wait_until(lambda: handed(rt, wave_id) == count, 300)
            seconds = time.perf_counter() - begun
            work = sum(map(crowd.cpu, [server, *processes])) - worked
        check(rt, wave_id, count)
        rt.close()
    return (count - before) / seconds, work / (count - before)


def a_wave(rt: Runtime, count: int, ready: bool = True) -> int:
    list_id = crowd.a_list_of(rt.db, count)
    return make.a_wave(rt.db, list_ids=[list_id], gateway="simulator", ignore_quiet_hours=True, ready=ready)


@contextmanager
def workers(settings: dict[str, str]) -> Iterator[list[psutil.Process]]:
    with open(Path(settings["DATA_DIR"]) / "log", "w") as log:
        command, environment = [sys.executable, "-m", "benchmarks.simulated", "--work"], {**os.environ, **settings}
        started = [
            subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log) for _ in range(WORKERS)
        ]
        try:
            yield [psutil.Process(each.pid) for each in started]
        finally:
            for each in started:
                each.terminate()
            for each in started:
                each.wait(30)


def be_a_worker() -> None:
    """A worker, whose simulator has no door to post receipts through."""
    from scheduler import cluster  # late: the other side needs no PostgreSQL driver

    rt = build(load(env_file=None))
    cluster.work(rt)
    rt.close()


def working(rt: Runtime) -> int:
    with rt.db.reading() as c:
        return c.exec_driver_sql("SELECT count(*) FROM workers WHERE kind = 'process'").scalar_one()


def handed(rt: Runtime, wave_id: int) -> int:
    """Recorded as handed over; receipts may have come for some."""
    return stats.of_wave(rt.db, wave_id).total - stats.of_wave(rt.db, wave_id).left


def wait_until(condition, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


def check(rt: Runtime, wave_id: int, count: int) -> None:
    """The work was done: every message once, in the books and at the simulator."""
    figures = stats.of_wave(rt.db, wave_id)
    assert (figures.total, figures.left) == (count, 0), figures
    assert figures["queued"] + figures["sending"] + figures["skipped"] + figures["unknown"] == 0, figures
    assert stats.faults(rt.db, wave_id) == {}
    got = rt.gateways["simulator"].handsets(count + 1)
    assert (len(got), {handset.messages for handset in got}) == (count, {1})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=50_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        return be_a_worker()
    ways = {"sqlite": ("SQLite, one process", embedded), "postgresql": ("PostgreSQL, two workers", cluster)}
    slowest = float("inf")
    print(f"{'':>24} {'deliveries':>12} {'processor':>10}")
    for name, (words, way) in ways.items():
        if given.only in (None, name):
            rate, work = way(given.deliveries)
            slowest = min(slowest, rate)
            print(f"{words:>24} {rate:>10.0f}/s {1e6 * work:>7.0f} µs", flush=True)
    print(f"wanted: {WANTED}/s each")
    sys.exit(slowest < WANTED)


if __name__ == "__main__":
    main()
