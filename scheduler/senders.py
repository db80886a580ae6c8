"""Threads that hand messages to one gateway, as many at once as it serves well."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from campaigns.deliveries import Claimed
from campaigns.workers import uptime
from sms.gateway import Gateway, Outcome


@dataclass(frozen=True, slots=True)
class Chunk:
    """Claimed messages for one call, not to be handed over after `fresh_until` (uptime): by then somebody may think us
    dead and send them in our place."""

    rows: Sequence[Claimed]
    fresh_until: float


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a chunk: one outcome a message, or None when it was not handed over at all."""

    rows: Sequence[Claimed]
    outcomes: Sequence[Outcome] | None


class Senders:
    """`put` chunks, `collect` what came of them. The threads die with the process and hold no rows of their own."""

    def __init__(self, gateway: Gateway):
        self._gateway = gateway
        self._todo: SimpleQueue[Chunk | None] = SimpleQueue()
        self._done: SimpleQueue[Handed] = SimpleQueue()
        #: Messages put and not collected yet.
        self.held = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"send-{gateway.name}-{n}", daemon=True)
            for n in range(gateway.traits.concurrency)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, rows: Sequence[Claimed], fresh_until: float) -> None:
        size = self._gateway.traits.recipients_per_call
        for start in range(0, len(rows), size):
            self._todo.put(Chunk(rows[start : start + size], fresh_until))
        self.held += len(rows)

    def waiting(self) -> int:
        """Messages no thread has taken yet, about."""
        return self._todo.qsize() * self._gateway.traits.recipients_per_call

    def collect(self) -> list[Handed]:
        """Everything that is done by now."""
        done = _drained(self._done)
        self.held -= sum(len(handed.rows) for handed in done)
        return done

    def take_back(self, wave_ids: Collection[int] | None = None) -> list[Claimed]:
        """Messages (of these waves only) that no thread has taken yet; they are not handed over any more."""
        taken = []
        for chunk in _drained(self._todo):
            if wave_ids is None or chunk.rows[0].wave_id in wave_ids:
                taken += chunk.rows
            else:
                self._todo.put(chunk)
        self.held -= len(taken)
        return taken

    def close(self) -> None:
        """Ends each thread after what it has in its hands."""
        for _ in self._threads:
            self._todo.put(None)

    def _work(self) -> None:
        while (chunk := self._todo.get()) is not None:
            self._done.put(Handed(chunk.rows, self._hand_over(chunk)))

    def _hand_over(self, chunk: Chunk) -> Sequence[Outcome] | None:
        if uptime() > chunk.fresh_until:
            return None
        try:
            outcomes = self._gateway.send([claimed.outgoing for claimed in chunk.rows])
        except Exception as error:  # the contract: whatever an adapter raises, nobody can tell what the provider got
            return [Outcome.unknown(type(error).__name__)] * len(chunk.rows)
        return outcomes if len(outcomes) == len(chunk.rows) else [Outcome.unknown("answers")] * len(chunk.rows)


def _drained(queue: SimpleQueue) -> list:
    found = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
