"""Everything in one process: APScheduler is the metronome, the rows decide what there is to do.

Two processes on one SQLite file would both send (harmless, the rows see to that) and wait for each other's writes (not
harmless), so a lock file beside the database lets only one work; the other stands by and takes over when it ends.
"""

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from campaigns import workers
from db.lock import FileLock
from runtime.build import Runtime
from scheduler import listening, tasks

#: A process that stands by looks this often whether it may take over, in seconds.
STAND_BY_SECONDS = 5.0
#: Pokes within so short a time count as one: under load the clock must not be all that runs.
POKE_SECONDS = 0.05
#: While doors are crowded the work they bring keeps to its beat: looking twenty times a second would slow the doors.
CROWDED_POKE_SECONDS = 1.0
#: What somebody waits for: run at once when `rt.wake` is set.
URGENT = ("take_in", "answer_waiting", "send_replies", "call_out", "send_mail", "open_due", "send")

#: "Skipped: maximum number of running instances reached" is what we want of a task that takes longer than its beat.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Working(Protocol):
    """What runs, or does not run, beside the pages: `working` says whether this process does the work."""

    @property
    def working(self) -> bool: ...

    def stop(self) -> None: ...


def start(rt: Runtime) -> Working:
    """Starts working, or standing by while another process works. RUNNER=cluster: the workers are only told when
    somebody waits (raises Mistake: cluster-needs-postgresql); RUNNER=off: nothing.
    """
    if rt.settings["RUNNER"] == "cluster":
        from scheduler.cluster import Poker  # optional: needs requirements-cluster.txt

        return Poker(rt)
    runner = Runner(rt)
    if rt.settings["RUNNER"] == "embedded":
        runner.start()
    return runner


class Runner:
    """`working` says whether this process does the work; `stop` ends it in good order within ten seconds."""

    def __init__(self, rt: Runtime):
        self._rt = rt
        self._stop = threading.Event()
        self._lock = FileLock(lock_path(rt))
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(sum(task.at_once for task in tasks.TASKS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._threads: list[threading.Thread] = []

    @property
    def working(self) -> bool:
        return self._scheduler.running

    def start(self) -> None:
        if self._lock.take():
            self._begin()
        else:
            self._thread(self._stand_by)

    def stop(self) -> None:
        self._stop.set()
        self._rt.wake.set()
        for thread in self._threads:
            thread.join()
        if self.working:
            self._scheduler.shutdown(wait=True)
        self._lock.release()

    def _begin(self) -> None:
        workers.beat(self._rt.db, self._rt.worker, kind="process", now=self._rt.clock())
        for task in tasks.TASKS:
            self._scheduler.add_job(
                tasks.run, "interval", (self._rt, task, self._stop), id=task.name, seconds=task.seconds,
                next_run_time=datetime.now(UTC), max_instances=task.at_once,
            )
        self._scheduler.start()
        self._thread(self._listen)
        self._threads.append(listening.listen(self._rt, self._stop))

    def _thread(self, work) -> None:
        thread = threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _stand_by(self) -> None:
        while not self._stop.wait(STAND_BY_SECONDS):
            if self._lock.take():
                self._begin()
                return

    def _listen(self) -> None:
        """Somebody waits: what is urgent need not wait for the next beat."""
        while self._rt.wake.wait() and not self._stop.is_set():
            self._rt.wake.clear()
            for name in URGENT:
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
            self._stop.wait(CROWDED_POKE_SECONDS if self._rt.arrivals.is_crowded() else POKE_SECONDS)


def lock_path(rt: Runtime) -> Path:
    """Beside the SQLite file it guards. On PostgreSQL any number of processes may work; the lock is then this
    folder's own.
    """
    if rt.db.dialect == "sqlite" and rt.db.engine.url.database:
        return Path(rt.db.engine.url.database).with_suffix(".runner")
    return rt.settings.data_dir / "runner"
