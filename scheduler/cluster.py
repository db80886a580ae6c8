"""The same tasks on any number of machines: Procrastinate on PostgreSQL says when and where, the rows say what.

A job is a nudge: "look for deliveries of wave 12", "apply receipts". It may run twice, late or not at all; what it
looks at is claimed by row. So a lost job costs seconds (`top_up` sees rows without jobs), never a message.
"""

import asyncio
import logging
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy import Connection
from sqlalchemy.engine import URL

from campaigns import deliveries, waves, workers
from db import queue
from db.engine import Database
from messages.errors import Mistake
from runtime.build import Runtime
from scheduler import flows, listening, opening, queue_workers, tasks

log = logging.getLogger(__name__)

#: A job sends for so many seconds, however fast its gateway is: a slow one's last thousands are not all one worker's,
#: and beside a fast one's messages the jobs cost nothing.
TURN_SECONDS = 3.0
#: For so many deliveries there is a job, and for a wave so many jobs at most: work until the next look for forty
#: senders. A job that finds nothing left costs milliseconds.
BATCH, MOST_JOBS = 500, 64
SEND_BATCH = "send_batch"
#: Bulk and what people wait for have workers of their own, so that neither keeps the other waiting.
BULK, QUICK = "bulk", "quick"
QUICK_AT_ONCE = 3
#: No recurring job more often than this, in seconds: each run is a row.
LEAST_SECONDS = 2
#: Finished jobs are kept not at all; failed ones this long, in hours.
KEEP_FAILED_HOURS = 72


def conninfo(db: Database) -> str:
    """The database's address for psycopg. Raises Mistake: cluster-needs-postgresql."""
    url: URL = db.engine.url
    if db.dialect != "postgresql":
        raise Mistake("cluster-needs-postgresql")
    address, sign, options = url.set(drivername="postgresql").render_as_string(hide_password=False).partition("?")
    return address + sign + options.replace("+", "%20")  # libpq reads no plus as a blank


class Jobs:
    """Puts jobs into the queue, in the caller's transaction: the rows and their jobs appear together or not at all."""

    def __init__(self, db: Database):
        self._app = App(connector=SyncPsycopgConnector(conninfo=conninfo(db)))

    def to_send(self, c: Connection, wave_id: int, queued: int) -> int:
        """Enough jobs for so many deliveries of the wave, with those that are there; how many were added."""
        there = queue.batches_waiting(c, SEND_BATCH).get(wave_id, 0)
        missing = min(MOST_JOBS, math.ceil(queued / BATCH)) - there
        if missing > 0:
            job = self._job(c, SEND_BATCH, queue=BULK)
            job.batch_defer(*({"wave_id": wave_id} for _ in range(missing)))
        return max(0, missing)

    def now(self, c: Connection, task: str) -> None:
        """`task` as soon as a worker is free, ahead of its time."""
        if not queue.is_waiting(c, task):
            self._job(c, task, queue=QUICK, priority=10).defer(timestamp=0)

    def _job(self, c: Connection, name: str, **options):
        return self._app.configure_task(name, connection=c.connection.driver_connection, **options)

    def on_open(self, c: Connection, wave_id: int, queued: int) -> None:
        self.to_send(c, wave_id, queued)


def top_up(rt: Runtime, jobs: Jobs) -> int:
    """Jobs for whatever is queued without one: after a pause, a night, a retry, or a lost job. How many were added."""
    ids = [wave_id for found in waves.sending(rt.db, rt.gateways, rt.clock()).values() for wave_id in found]
    claimable = waves.claimable(rt.db, ids, rt.gateways, rt.clock(), BATCH * MOST_JOBS)
    with rt.db.transaction() as c:
        return sum(jobs.to_send(c, wave_id, queued) for wave_id, queued in claimable.items())


def build(rt: Runtime, stop: threading.Event) -> App:
    """The application of one worker process: the table of tasks.TASKS, the batches, and the queue's own upkeep."""
    app = App(connector=PsycopgConnector(conninfo=conninfo(rt.db)))
    jobs = Jobs(rt.db)

    @app.task(name=SEND_BATCH, queue=BULK)
    def send_batch(wave_id: int) -> None:
        task = tasks.Task(SEND_BATCH, 0, lambda rt, stop: _send(rt, wave_id, stop))
        tasks.run(rt, task, stop)

    upkeep = (
        tasks.Task("open_due", LEAST_SECONDS, lambda rt, stop: opening.open_due(rt, stop, jobs.on_open)),
        tasks.Task("top_up", 5, lambda rt, stop: {"jobs": top_up(rt, jobs)}),
    )
    for task in (*upkeep, *(task for task in tasks.TASKS if task.name not in _OWN_WAY)):
        _recurring(app, task, lambda task=task: tasks.run(rt, task, stop))
    _look_after_jobs(app)
    return app


#: Not as recurring jobs: each process beats for itself, waves are opened with their jobs, and sent by them.
_OWN_WAY = frozenset({"heartbeat", "open_due", "send"})


def _send(rt: Runtime, wave_id: int, stop: threading.Event):
    """Through each of its gateways that can take something now: one, or those of the routing table."""
    lines = deliveries.lines(rt.db, wave_id, rt.gateways, rt.clock())
    return flows.send(rt, lines, stop=stop, seconds=TURN_SECONDS)


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
        with _not_a_failure("stalled jobs were not looked for"):
            await retry_stalled(app)

    @app.periodic(cron="17 * * * *", queueing_lock="forget_old")
    @app.task(name="forget_old", queue=QUICK, queueing_lock="forget_old")
    async def forget_old(timestamp: int) -> None:
        with _not_a_failure("old jobs were not removed"):
            await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)


async def retry_stalled(app: App) -> None:
    """Puts back the jobs of workers that died; without this they stay "doing" for ever."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=queue_workers.STALLED_SECONDS):
        with _not_a_failure("job %s is not run again", job.id):  # its worker was frozen only, and has ended it now
            await app.job_manager.retry_job(job)


@contextmanager
def _not_a_failure(what: str, *about: object) -> Iterator[None]:
    """The queue's upkeep comes again in a moment: a run that was lost with the database is not kept as failed."""
    try:
        yield
    except ProcrastinateException as why:
        log.warning(f"{what}: {type(why).__name__}", *about)


def work(rt: Runtime, *, concurrency: int = 2, stop: threading.Event | None = None) -> None:
    """A worker until SIGTERM, SIGINT or `stop`: what it has in its hands is finished first. PostgreSQL only."""
    stop = stop or threading.Event()
    workers.beat(rt.db, rt.worker, kind="process", now=rt.clock())
    beats = threading.Thread(target=_beat, args=(rt, stop), name="heartbeat", daemon=True)
    beats.start()
    heard = listening.listen(rt, stop)
    poker = Poker(rt)  # what one task leaves to do, such as a reply to be sent, is done at once
    try:
        asyncio.run(queue_workers.keep(lambda: build(rt, stop), {BULK: concurrency, QUICK: QUICK_AT_ONCE}, stop,
                                       at_end=rt.answers.close))
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
            except Exception:  # the database is away: the workers' own beat must do
                log.exception("workers could not be poked")

    def stop(self) -> None:
        self._stop.set()
        self._rt.wake.set()
        self._thread.join()
