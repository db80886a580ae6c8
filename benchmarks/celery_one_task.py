"""A wave through An Lộ against the usual design: one Celery task for each SMS, which reads its row, sends, updates it.

Both work on one PostgreSQL that waits for its disk, on rows of the same table, through SQLAlchemy and through the same
gateway in this process that takes every message at once; numbers are unsealed on both sides. What is held against each
other is messages for a second of the processor, the database's included. Where there was a choice it was made for
Celery: its broker is this process's memory (a real one writes to a disk, or at least to a socket), no results are kept,
each thread keeps one connection and the two statements are built once, and nothing is claimed before it is sent.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import bindparam, func, select, update

from benchmarks import crowd
from campaigns import deliveries, stats
from db.tables import contacts
from db.tables import deliveries as rows
from runtime.build import Runtime, build
from runtime.settings import load
from scheduler import dispatch
from sms.gateway import Outgoing
from tests import make

try:
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
except ImportError as missing:  # requirements-bench.txt
    print(f"not measured: {missing}")
    sys.exit(0)

ROUNDS, WANTED = 4, 10.0
THREADS = 8

_ROW = rows.c.id == bindparam("delivery")
READ = select(contacts.c.number_sealed).join(rows, rows.c.contact_id == contacts.c.id).where(_ROW)
_NOTED = {"status": "accepted", "ref": bindparam("ref_given"), "sent_at": bindparam("at", type_=rows.c.sent_at.type)}
NOTE = update(rows).where(_ROW).values(_NOTED)


def usual(rt: Runtime, gateway: crowd.Counting) -> tuple[Callable[[int], None], Celery]:
    """What puts a delivery into the queue, and the application whose worker sends it."""
    app = Celery("usual", broker="memory://", broker_transport_options={"polling_interval": 0.01})
    app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False, broker_connection_retry_on_startup=True)
    kept = threading.local()

    @app.task(name="send")
    def send(delivery_id: int) -> None:
        if not hasattr(kept, "connection"):
            kept.connection = rt.db.engine.connect()
        c = kept.connection
        with c.begin():
            sealed = c.execute(READ, {"delivery": delivery_id}).scalar_one()
        number = rt.db.seal.open(sealed, "contacts.number")
        [outcome] = gateway.send([Outgoing(str(delivery_id), number, make.VI)])
        with c.begin():
            c.execute(NOTE, {"delivery": delivery_id, "ref_given": outcome.ref, "at": rt.clock()})

    return send.delay, app


def tasks(delay: Callable[[int], None], gateway: crowd.Counting, ids: list[int]) -> None:
    before, until = gateway.sent()[0], time.monotonic() + 300
    for each in ids:
        delay(each)
    while gateway.sent()[0] < before + len(ids):
        assert time.monotonic() < until, "not all were sent"
        time.sleep(0.05)


def wave(rt: Runtime, line: deliveries.Line, count: int) -> None:
    counts = dispatch.send(rt, [line], stop=threading.Event(), most=count)
    assert counts["accepted"] == count, counts


def opened(rt: Runtime) -> int:
    wave_id = make.a_wave(rt.db, list_ids=[1], gateway="counting", ignore_quiet_hours=True)
    crowd.open_wholly(rt)
    return wave_id


def timed(server, work: Callable[..., None], *given: object) -> tuple[float, float]:
    """Seconds of the clock, and of the processor here and in the database."""
    begun, worked, theirs = time.perf_counter(), time.process_time(), crowd.cpu(server)
    work(*given)
    return time.perf_counter() - begun, time.process_time() - worked + crowd.cpu(server) - theirs


def compare(rt: Runtime, count: int, sample: int) -> float:
    """How many times as many messages of ours go for a second of the processor."""
    gateways = {"ours": crowd.Counting(concurrency=THREADS), "theirs": crowd.Counting()}
    rt = replace(rt, gateways={"counting": gateways["ours"]})
    ours, theirs = opened(rt), opened(rt)
    with rt.db.reading() as c:
        found = select(rows.c.id).where(rows.c.wave_id == theirs).order_by(rows.c.id).limit(ROUNDS * sample)
        ids = list(c.execute(found).scalars())
    line, server = deliveries.line(rt.db, ours, rt.gateways), crowd.of_postgres(rt.db)
    delay, app = usual(rt, gateways["theirs"])
    totals = [0.0, 0.0]
    print(f"{'round':>6} {'one task each':>24} {'wave':>24} {'ratio':>7}")
    with start_worker(app, pool="threads", concurrency=THREADS, perform_ping_check=False, loglevel="WARNING"):
        for n in range(ROUNDS):
            slow = timed(server, tasks, delay, gateways["theirs"], ids[n * sample : (n + 1) * sample])
            fast = timed(server, wave, rt, line, count)
            totals[0] += slow[1] / sample
            totals[1] += fast[1] / count
            print(f"{n + 1:>6} {_side(sample, slow)} {_side(count, fast)} {slow[1] / sample / fast[1] * count:>7.1f}")
    assert gateways["ours"].sent() == (ROUNDS * count, 0)
    assert gateways["theirs"].sent() == (ROUNDS * sample, 0)
    assert stats.of_wave(rt.db, ours)["accepted"] == ROUNDS * count
    assert stats.faults(rt.db, ours) == {}
    with rt.db.reading() as c:
        done = select(func.count()).where(rows.c.wave_id == theirs, rows.c.status == "accepted")
        assert c.execute(done.where(rows.c.ref.is_not(None))).scalar_one() == ROUNDS * sample
    return totals[0] / totals[1]


def _side(count: int, took: tuple[float, float]) -> str:
    return f"{count / took[0]:>9.0f}/s {1e6 * took[1] / count:>8.0f} µs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=40_000)
    parser.add_argument("--tasks", type=int, default=4_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, crowd.a_database() as url:
        rt = build(load({"DATA_DIR": folder, "DATABASE_URL": url}, env_file=None))
        crowd.a_list_of(rt.db, max(given.deliveries, given.tasks))
        ratio = compare(rt, given.deliveries // ROUNDS, given.tasks // ROUNDS)
        rt.close()
    print(f"{ratio:.1f} times as many messages for a second of the processor; wanted: {WANTED:.0f}")
    sys.exit(ratio < WANTED)


if __name__ == "__main__":
    main()
