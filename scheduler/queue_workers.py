"""The queue's workers of one process, kept at work: a database that restarts, or a cable that was pulled, ends them,
and they begin anew until this process is told to end.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Mapping

from procrastinate import App

from runtime import ending

log = logging.getLogger(__name__)
#: It tells of every job twice, dozens a second; tasks that did something are noted by themselves.
logging.getLogger("procrastinate").setLevel(logging.WARNING)

#: Jobs that wait longer than this are looked for, in seconds; the queue's own notice usually comes first.
POLL_SECONDS = 2.0
#: A worker of the queue says that it lives this often, and its jobs are run again after so much silence, in seconds.
BEAT_SECONDS, STALLED_SECONDS = 5.0, 30.0
#: After the workers broke, the next ones begin so many seconds later.
AGAIN_SECONDS = 2.0


async def keep(
    build: Callable[[], App], at_once: Mapping[str, int], stop: threading.Event, at_end: Callable[[], None]
) -> None:
    """A worker for each queue, with so many jobs at once, until SIGTERM, SIGINT or `stop`; then what is in hand is
    finished. `at_end` is called when the end begins.
    """
    _on_signals(stop)
    asked = asyncio.create_task(asyncio.to_thread(stop.wait))
    asked.add_done_callback(lambda _: at_end())  # whether workers are at work then, or broke and begin anew in a moment
    while not stop.is_set():
        working = asyncio.create_task(_work(build(), at_once))
        await asyncio.wait([working, asked], return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        (broke,) = await asyncio.gather(working, return_exceptions=True)
        if not stop.is_set():
            log.warning("the queue's workers broke off (%s); they begin again", type(broke).__name__)
            await asyncio.wait([asked], timeout=AGAIN_SECONDS)
    await asked


async def _work(app: App, at_once: Mapping[str, int]) -> None:
    """Until cancelled, or one of the workers ends: they do that by themselves when the database is lost."""
    async with app.open_async():
        running = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[name],
                    name=name,
                    concurrency=count,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=BEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                    delete_jobs="successful",
                )
            )
            for name, count in at_once.items()
        ]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for worker in running:
                worker.cancel()
            ended = await asyncio.gather(*running, return_exceptions=True)
    for why in ended:
        if isinstance(why, Exception):
            raise why


def _on_signals(stop: threading.Event) -> None:
    """Only the main thread may listen to signals; elsewhere `stop` alone ends the worker."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: (stop.set(), ending.at_the_latest()))
