"""Threads that hand messages to one gateway, as many at once as it serves well."""

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from campaigns.deliveries import Claimed
from campaigns.workers import CLAIM_SECONDS, uptime
from scheduler.calls import Calls
from scheduler.chunks import Chunk, chunks, halves, joined
from sms.gateway import Gateway, Outcome
from sms.last_look import before_leaving

#: A call that is not full waits for messages that go with it, until it goes stale in so many seconds.
WORTH_FILLING = CLAIM_SECONDS / 2
#: The others of a call that was refused because of one of its numbers.
APART = "one-of-many"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a chunk: one outcome a message, or None when it was not handed over at all."""

    rows: Sequence[Claimed]
    outcomes: Sequence[Outcome] | None
    fresh_until: float = 0.0


class Senders:
    """`put` messages, `collect` what came of them. The threads die with the process and hold no rows of their own.

    Where calls are limited (`calls`) they wait here until `hand_on` finds that they may be made.
    """

    def __init__(self, gateway: Gateway, calls: Calls | None = None):
        self._gateway = gateway
        self._calls = calls
        self._waiting: list[Chunk] = []
        self._closing = False
        self._todo: SimpleQueue[Chunk | None] = SimpleQueue()
        self._done: SimpleQueue[Handed] = SimpleQueue()
        #: Set when a thread finds nothing more to do.
        self._idle = threading.Event()
        #: Messages put and not collected yet.
        self.held = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"send-{gateway.name}-{n}", daemon=True)
            for n in range(gateway.traits.concurrency)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, rows: Sequence[Claimed], fresh_until: float) -> None:
        self.held += len(rows)
        if self._calls:
            self._waiting = joined(self._waiting, rows, fresh_until, self._gateway.traits)
        else:
            self._give(chunks(rows, fresh_until, self._gateway.traits))

    def hand_on(self) -> None:
        """Gives the threads as many of the calls that wait as may be made now. What grew old meanwhile, and all of a
        gateway that rests, comes back unsent.
        """
        if self._waiting:
            self._give_up([chunk for chunk in self._waiting if uptime() > chunk.fresh_until])
        wanted = min(len(self._waiting), len(self._threads) - self._todo.qsize())
        if wanted > 0:
            granted = self._calls.grant(wanted)
            if granted is None:
                self._give_up(self._waiting)
            self._give(self._next() for _ in range(granted or 0))

    def _next(self) -> Chunk:
        """The oldest call when it is high time, else the fullest: the others may still be filled up."""
        best = self._waiting[0]
        if uptime() < best.fresh_until - WORTH_FILLING:
            best = max(self._waiting, key=lambda chunk: len(chunk.rows))
        self._waiting.remove(best)
        return best

    def _give(self, those: Iterable[Chunk]) -> None:
        for chunk in those:
            self._todo.put(chunk)

    def _give_up(self, those: Sequence[Chunk]) -> None:
        for chunk in those:
            self._done.put(Handed(chunk.rows, None))
        self._waiting = [chunk for chunk in self._waiting if chunk not in those]

    def waiting(self) -> int:
        """Messages no thread has taken yet, about."""
        queued = self._todo.qsize() * self._gateway.traits.recipients_per_call
        return queued + sum(len(chunk.rows) for chunk in self._waiting)

    def want(self, batch: int) -> bool:
        """Whether it is time to claim so many more: half of that is left and, where calls are limited, the next one is
        due.
        """
        return self.waiting() <= batch // 2 and (self._calls is None or self._calls.due())

    def collect(self) -> list[Handed]:
        """Everything that is done by now."""
        done = [self._without_those_apart(handed) for handed in _drained(self._done)]
        self.held -= sum(len(handed.rows) for handed in done)
        return done

    def wait(self, seconds: float) -> None:
        """Until there is nothing left to hand over and something to collect, but not longer than so many seconds."""
        self._idle.wait(seconds)
        self._idle.clear()

    def take_back(self, wave_ids: Collection[int] | None = None) -> list[Claimed]:
        """Messages (of these waves only) that no thread has taken yet; they are not handed over any more."""
        taken = []
        waiting, self._waiting = self._waiting, []
        for keep, those in ((self._todo.put, _drained(self._todo)), (self._waiting.append, waiting)):
            for chunk in those:
                if wave_ids is None or chunk.rows[0].wave_id in wave_ids:
                    taken += chunk.rows
                else:
                    keep(chunk)
        self.held -= len(taken)
        return taken

    def close(self) -> None:
        """Ends each thread after what it has in its hands."""
        self._closing = True
        for _ in self._threads:
            self._todo.put(None)

    def _work(self) -> None:
        while (chunk := self._todo.get()) is not None:
            self._done.put(Handed(chunk.rows, self._hand_over(chunk), chunk.fresh_until))
            if self._todo.empty():
                self._idle.set()

    def _hand_over(self, chunk: Chunk) -> Sequence[Outcome] | None:
        if uptime() > chunk.fresh_until:
            return None
        with before_leaving(lambda: uptime() <= chunk.fresh_until) as look:
            try:
                outcomes = self._gateway.send([claimed.outgoing for claimed in chunk.rows])
            except Exception as error:  # whatever an adapter raises, nobody can tell what the provider got
                outcomes = [Outcome.unknown(type(error).__name__)] * len(chunk.rows)
        if look.kept_all:
            return None
        return outcomes if len(outcomes) == len(chunk.rows) else [Outcome.unknown("answers")] * len(chunk.rows)

    def _without_those_apart(self, handed: Handed) -> Handed:
        """Messages refused because of another one's number go again in smaller calls, at once: with each call either
        all of it is taken or fewer are left to doubt. When that takes too long they are tried again like others.
        """
        outcomes = handed.outcomes or ()
        apart = [row for row, each in zip(handed.rows, outcomes, strict=False) if _is_apart(each)]
        if not apart or len(handed.rows) == 1 or self._closing or uptime() > handed.fresh_until:
            return handed
        smaller = halves(apart, handed.fresh_until)
        if self._calls:
            self._waiting[:0] = smaller
        else:
            self._give(smaller)
        rest = [(row, each) for row, each in zip(handed.rows, outcomes, strict=True) if not _is_apart(each)]
        return Handed([row for row, _ in rest], [each for _, each in rest])


def _is_apart(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.code == APART


def _drained(queue: SimpleQueue) -> list:
    found = []
    while True:
        try:
            found.append(queue.get_nowait())
        except Empty:
            return found
