"""The same tasks on any number of machines: Procrastinate on PostgreSQL says when and where, the rows say what.

A job is a nudge: "look for 500 deliveries of wave 12", "apply receipts". It may run twice, late or not at all; what it
looks at is claimed by row. So a lost job costs seconds (`top_up` sees rows without jobs), never a message.
"""

import asyncio
import logging
import math
import signal
import threading
from collections.abc import Callable

import procrastinate
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from campaigns import deliveries, waves, workers
from db import queue
from db.engine import Database
from messages.errors import Mistake
from runtime import ending
from runtime.build import Runtime
from scheduler import dispatch, listening, tasks

log = logging.getLogger(__name__)

#: Deliveries one job looks for.
BATCH = 500
#: Jobs of a wave put into the queue at a time: some minutes' worth, the next ones come with the next look.
MOST_JOBS = 1000
SEND_BATCH = "send_batch"
#: Bulk and what people wait for have workers of their own, so that neither keeps the other waiting.
BULK, QUICK = "bulk", "quick"
QUICK_AT_ONCE = 3
#: Jobs that wait longer than this are looked for, in seconds; the queue's own notice usually comes first.
POLL_SECONDS = 2.0
#: A worker of the queue says that it lives this often, and its jobs are run again after so much silence, in seconds.
BEAT_SECONDS, STALLED_SECONDS = 5.0, 30.0
#: No recurring job more often than this, in seconds: each run is a row.
LEAST_SECONDS = 2
#: Finished jobs are kept not at all; failed ones this long, in hours.
KEEP_FAILED_HOURS = 72


def conninfo(db: Database) -> str:
    """The database's address for psycopg. Raises Mistake: cluster-needs-postgresql."""
    url: URL = db.engine.url
    if db.dialect != "postgresql":
        raise Mistake("cluster-needs-postgresql")
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Jobs:
    """Puts jobs into the queue, in the caller's transaction: the rows and their jobs appear together or not at all."""

    def __init__(self, db: Database):
        self._app = App(connector=SyncPsycopgConnector(conninfo=conninfo(db)))

    def batches(self, c: Connection, wave_id: int, count: int) -> None:
        """`count` jobs that each send up to BATCH deliveries of the wave."""
        if count:
            job = self._job(c, SEND_BATCH, queue=BULK)
            job.batch_defer(*({"wave_id": wave_id} for _ in range(count)))

    def now(self, c: Connection, task: str) -> None:
        """`task` as soon as a worker is free, ahead of its time."""
        if not queue.is_waiting(c, task):
            self._job(c, task, queue=QUICK, priority=10).defer(timestamp=0)

    def _job(self, c: Connection, name: str, **options):
        return self._app.configure_task(name, connection=c.connection.driver_connection, **options)

    def on_open(self, c: Connection, wave_id: int, queued: int) -> None:
        self.batches(c, wave_id, math.ceil(queued / BATCH))


def top_up(rt: Runtime, jobs: Jobs) -> int:
    """Jobs for whatever is queued without one: after a pause, a night, a retry, or a lost job. How many were added."""
    ids = [wave_id for found in waves.sending(rt.db, rt.gateways, rt.clock()).values() for wave_id in found]
    added = 0
    with rt.db.transaction() as c:
        there = queue.batches_waiting(c, SEND_BATCH) if ids else {}
        for wave_id, count in waves.claimable(rt.db, ids, rt.gateways, rt.clock(), BATCH * MOST_JOBS).items():
            missing = math.ceil(count / BATCH) - there.get(wave_id, 0)
            jobs.batches(c, wave_id, max(0, missing))
            added += max(0, missing)
    return added


def build(rt: Runtime, stop: threading.Event) -> App:
    """The application of one worker process: the table of tasks.TASKS, the batches, and the queue's own upkeep."""
    app = App(connector=PsycopgConnector(conninfo=conninfo(rt.db)))
    jobs = Jobs(rt.db)

    @app.task(name=SEND_BATCH, queue=BULK)
    def send_batch(wave_id: int) -> None:
        line = deliveries.line(rt.db, wave_id, rt.gateways)
        task = tasks.Task(SEND_BATCH, 0, lambda rt, stop: _send(rt, line, stop))
        tasks.run(rt, task, stop)

    upkeep = (
        tasks.Task("open_due", LEAST_SECONDS, lambda rt, stop: tasks.open_due(rt, stop, jobs.on_open)),
        tasks.Task("top_up", 5, lambda rt, stop: {"jobs": top_up(rt, jobs)}),
    )
    for task in (*upkeep, *(task for task in tasks.TASKS if task.name not in _OWN_WAY)):
        _recurring(app, task, lambda task=task: tasks.run(rt, task, stop))
    _look_after_jobs(app)
    return app


#: Not as recurring jobs: each process beats for itself, waves are opened with their jobs, and sent by them.
_OWN_WAY = frozenset({"heartbeat", "open_due", "send"})


def _send(rt: Runtime, line: deliveries.Line, stop: threading.Event):
    return dispatch.send(rt, [line], stop=stop, most=BATCH, seconds=tasks.SEND_SECONDS)


def _recurring(app: App, task: tasks.Task, run: Callable[[], object]) -> None:
    """One run at a time waits in the queue, whatever the number of workers."""

    @app.periodic(cron=_every(task.seconds), queueing_lock=task.name)
    @app.task(name=task.name, queue=QUICK, queueing_lock=task.name, priority=10)
    def tick(timestamp: int) -> None:
        run()


def _every(seconds: float) -> str:
    """A cron line with seconds in its sixth place.

    >>> _every(10)
    '* * * * * */10'
    """
    return f"* * * * * */{max(LEAST_SECONDS, round(seconds))}"


def _look_after_jobs(app: App) -> None:
    """The queue's own upkeep."""

    @app.periodic(cron=_every(10), queueing_lock="retry_stalled")
    @app.task(name="retry_stalled", queue=QUICK, queueing_lock="retry_stalled")
    async def retry(timestamp: int) -> None:
        await retry_stalled(app)

    @app.periodic(cron="17 * * * *", queueing_lock="forget_old")
    @app.task(name="forget_old", queue=QUICK, queueing_lock="forget_old")
    async def forget_old(timestamp: int) -> None:
        await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)


async def retry_stalled(app: App) -> None:
    """Puts back the jobs of workers that died; without this they stay "doing" for ever."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await app.job_manager.retry_job(job)


def work(rt: Runtime, *, concurrency: int = 2, stop: threading.Event | None = None) -> None:
    """A worker until SIGTERM, SIGINT or `stop`: what it has in its hands is finished first. PostgreSQL only."""
    stop = stop or threading.Event()
    app = build(rt, stop)
    with rt.db.transaction() as c:
        queue.ensure_tables(c, procrastinate.schema.SchemaManager.get_schema())
    workers.beat(rt.db, rt.worker, kind="process", now=rt.clock())
    beats = threading.Thread(target=_beat, args=(rt, stop), name="heartbeat", daemon=True)
    beats.start()
    heard = listening.listen(rt, stop)
    poker = Poker(rt)  # what one task leaves to do, such as a reply to be sent, is done at once
    try:
        asyncio.run(_work(app, concurrency, stop, rt.answers.close))
    finally:
        stop.set()
        beats.join()
        heard.join()
        poker.stop()
        workers.leave(rt.db, rt.worker)


def _beat(rt: Runtime, stop: threading.Event) -> None:
    heartbeat = next(task for task in tasks.TASKS if task.name == "heartbeat")
    while True:
        tasks.run(rt, heartbeat, stop)
        if stop.wait(heartbeat.seconds):
            return


async def _work(app: App, concurrency: int, stop: threading.Event, at_end: Callable[[], None]) -> None:
    _on_signals(stop)
    options = {
        "install_signal_handlers": False,
        "fetch_job_polling_interval": POLL_SECONDS,
        "update_heartbeat_interval": BEAT_SECONDS,
        "stalled_worker_timeout": STALLED_SECONDS,
        "delete_jobs": "successful",
    }
    async with app.open_async():
        running = [
            asyncio.create_task(app.run_worker_async(queues=[BULK], name=BULK, concurrency=concurrency, **options)),
            asyncio.create_task(app.run_worker_async(queues=[QUICK], name=QUICK, concurrency=QUICK_AT_ONCE, **options)),
        ]
        asked = asyncio.create_task(asyncio.to_thread(stop.wait))
        await asyncio.wait([*running, asked], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        at_end()
        for worker in running:
            worker.cancel()
        await asyncio.gather(*running, asked, return_exceptions=True)


def _on_signals(stop: threading.Event) -> None:
    """Only the main thread may listen to signals; elsewhere `stop` alone ends the worker."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: (stop.set(), ending.at_the_latest()))


class Poker:
    """In a process that only serves: passes `rt.wake` on to the workers as jobs, so that nobody waits for the next
    beat.
    """

    working = False

    def __init__(self, rt: Runtime):
        self._rt, self._jobs, self._stop = rt, Jobs(rt.db), threading.Event()
        self._thread = threading.Thread(target=self._listen, name="poke", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while self._rt.wake.wait() and not self._stop.is_set():
            self._rt.wake.clear()
            try:
                with self._rt.db.transaction() as c:
                    for task in ("take_in", "answer_waiting", "send_replies", "call_out", "send_mail", "open_due"):
                        self._jobs.now(c, task)
            except Exception:  # no worker ever ran, or the database is away: the workers' own beat must do
                log.exception("workers could not be poked")

    def stop(self) -> None:
        self._stop.set()
        self._rt.wake.set()
        self._thread.join()
