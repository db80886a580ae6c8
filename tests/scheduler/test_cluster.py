"""The same walk on a real PostgreSQL with Procrastinate: workers in threads and in processes of their own."""

import asyncio
import contextlib
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from campaigns import deliveries, halts, stats, waves
from db import runs
from db.engine import open_database
from scheduler import cluster, dispatch, embedded, tasks
from tests import make
from tests.conftest import SEAL
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime
from tests.scheduler.test_embedded import until

pytestmark = pytest.mark.postgresql


@pytest.fixture
def pg(postgres_url):
    database = open_database(postgres_url, SEAL)
    yield database
    database.close()


@pytest.fixture
def rt(pg, tmp_path):
    return a_runtime(pg, {"fake": FakeGateway()}, DATA_DIR=str(tmp_path), RUNNER="cluster")


@pytest.fixture
def jobs(rt):
    return cluster.Jobs(rt.db)


@contextmanager
def working(rt, **options):
    stop = threading.Event()
    thread = threading.Thread(target=cluster.work, args=(rt,), kwargs={"stop": stop, **options})
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()


def drop_connections(db) -> None:
    """Every connection to the database but our own ends, as when it is restarted."""
    mine = "datname = current_database() AND pid <> pg_backend_pid()"
    with db.reading() as c:
        c.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))


def jobs_of(db, task, status="todo") -> int:
    statement = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = :status")
    with db.reading() as c:
        return c.execute(statement, {"task": task, "status": status}).scalar_one()


def test_a_wave_walks_from_scheduled_to_finished(rt):
    wave_id = make.a_wave(rt.db, count=1200)
    with working(rt):
        until(lambda: waves.show(rt.db, wave_id).wave.status == "finished", 30)
    assert stats.of_wave(rt.db, wave_id).counts == {"accepted": 1200}
    assert set(rt.gateways["fake"].got.values()) == {1}
    assert stats.faults(rt.db, wave_id) == {}
    assert {row["name"] for row in runs.newest(rt.db)} >= {"open_due", "send_batch", "finish"}


def test_a_worker_outlives_its_connections(rt):
    first = make.a_wave(rt.db, count=3)
    with working(rt):
        until(lambda: waves.show(rt.db, first).wave.status == "finished", 60)
        drop_connections(rt.db)
        second = make.a_wave(rt.db, count=3)
        until(lambda: waves.show(rt.db, second).wave.status == "finished", 60)
    assert stats.of_wave(rt.db, second).counts == {"accepted": 3}


def test_what_the_gateway_answered_is_kept_while_the_database_is_away(rt, now):
    """Who breaks off in the middle of sending knows of messages that nobody else can know of."""

    class LosesTheDatabase(FakeGateway):
        def send(self, batch):
            with contextlib.suppress(DBAPIError):  # others drop this one's
                drop_connections(rt.db)
            return super().send(batch)

    rt.gateways["fake"] = LosesTheDatabase(concurrency=4)
    wave_id = make.a_wave(rt.db, count=20)
    waves.open_due(rt.db, rt.gateways, now)
    with contextlib.suppress(DBAPIError):
        dispatch.send(rt, [deliveries.line(rt.db, wave_id, rt.gateways)], stop=threading.Event())
    figures = stats.of_wave(rt.db, wave_id)
    assert figures["accepted"] == sum(rt.gateways["fake"].got.values()) > 0
    assert figures["sending"] == 0


def test_the_queue_s_address_says_the_same_as_ours(rt):
    """A vanished connection is noticed on both: blanks in options would not survive as plus signs."""
    address = cluster.conninfo(rt.db)
    assert "tcp_user_timeout=15000" in address
    assert "%20-c%20tcp_user_timeout" in address and "+" not in address.partition("?")[2]


def test_jobs_stand_or_fall_with_the_rows(rt, jobs, now):
    wave_id = make.a_wave(rt.db, count=1001)
    waves.open_due(rt.db, rt.gateways, now, jobs.on_open)
    assert jobs_of(rt.db, "send_batch") == 3

    class Broken(Exception):
        pass

    with pytest.raises(Broken), rt.db.transaction() as c:
        jobs.to_send(c, wave_id, 2_500)
        raise Broken
    assert jobs_of(rt.db, "send_batch") == 3


def test_a_million_messages_do_not_make_thousands_of_jobs(rt, jobs):
    with rt.db.transaction() as c:
        assert jobs.to_send(c, 1, 1_000_000) == cluster.MOST_JOBS
        assert jobs.to_send(c, 1, 1_000_000) == 0
        assert jobs.to_send(c, 2, 1_200) == 3


def test_rows_without_jobs_are_seen(rt, jobs, now):
    """After a pause, a night, a retry, or a job that was lost."""
    wave_id = make.a_wave(rt.db, count=600)
    waves.open_due(rt.db, rt.gateways, now)
    assert cluster.top_up(rt, jobs) == 2
    assert cluster.top_up(rt, jobs) == 0
    waves.pause(rt.db, wave_id, reason="", by=None, now=now)
    with rt.db.transaction() as c:
        c.execute(text("DELETE FROM procrastinate_jobs"))
    assert cluster.top_up(rt, jobs) == 0
    waves.resume(rt.db, wave_id, by=None, now=now)
    assert cluster.top_up(rt, jobs) == 2


def test_no_jobs_for_those_who_sleep_or_for_more_than_today_s_messages(rt, jobs, now):
    abroad = [*make.people(rt.db, 1100, country="GB"), *make.people(rt.db, 20, first=5000)]
    waves_of = {"list_ids": [make.a_list(rt.db, "l", abroad)]}
    far, few = make.a_wave(rt.db, **waves_of), make.a_wave(rt.db, count=1100, daily_quota=600)
    waves.open_due(rt.db, rt.gateways, now)
    assert waves.claimable(rt.db, [far, few], rt.gateways, now, 9999) == {far: 20, few: 600}
    assert cluster.top_up(rt, jobs) == 1 + 2
    halts.stop(rt.db, reason="dừng", by=None, now=now)
    with rt.db.transaction() as c:
        c.execute(text("DELETE FROM procrastinate_jobs"))
    assert cluster.top_up(rt, jobs) == 0


def test_somebody_waits_and_the_workers_hear_of_it(rt, jobs):
    poker = embedded.start(rt)
    assert not poker.working
    rt.wake.set()
    until(lambda: jobs_of(rt.db, "answer_waiting") == 1)
    rt.wake.set()
    time.sleep(0.2)
    poker.stop()
    assert jobs_of(rt.db, "answer_waiting") == 1


def test_a_job_whose_worker_died_is_run_again(rt, jobs, now):
    wave_id = make.a_wave(rt.db, count=10)
    waves.open_due(rt.db, rt.gateways, now, jobs.on_open)
    with rt.db.transaction() as c:
        c.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"))
        c.execute(text(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        ))
    app = cluster.build(rt, threading.Event())

    async def retry():
        async with app.open_async():
            await cluster.retry_stalled(app)

    asyncio.run(retry())
    assert jobs_of(rt.db, "send_batch") == 1
    with working(rt):
        until(lambda: stats.of_wave(rt.db, wave_id)["accepted"] == 10)


def test_a_worker_stops_soon_and_gives_back_what_is_claimed(rt, now):
    class Slow(FakeGateway):
        def send(self, batch):
            time.sleep(0.1)
            return super().send(batch)

    rt.gateways["fake"] = gateway = Slow(concurrency=2)
    wave_id = make.a_wave(rt.db, count=600)
    with working(rt):
        until(lambda: sum(gateway.got.values()) > 3)
        begun = time.monotonic()
    assert time.monotonic() - begun < 8
    figures = stats.of_wave(rt.db, wave_id)
    assert (figures["sending"], figures["accepted"]) == (0, sum(gateway.got.values()))


@pytest.mark.parametrize("task", tasks.TASKS, ids=lambda task: task.name)
def test_every_task_has_its_place_in_the_cluster(rt, task):
    app = cluster.build(rt, threading.Event())
    assert task.name in app.tasks or task.name in ("heartbeat", "send")
