"""Workers of the queue that break and begin anew, and their end."""

import asyncio
import threading

from scheduler import queue_workers


class Broken:
    """The queue's application while its database is away."""

    def open_async(self):
        raise OSError("the database is away")


def test_who_is_told_to_end_between_two_tries_begins_to_end_too():
    """What is being learnt is let go then; else the process would wait for it."""
    stop, ended = threading.Event(), []
    keeping = queue_workers.keep(Broken, {"bulk": 1}, stop, lambda: ended.append("begun"))
    thread = threading.Thread(target=asyncio.run, args=(keeping,))  # signals stay as they are
    thread.start()
    assert not stop.wait(0.3) and ended == []
    stop.set()
    thread.join(10)
    assert not thread.is_alive() and ended == ["begun"]
