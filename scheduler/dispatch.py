"""Sending waves: claim and commit, hand over concurrently, record in one write; all three go on at the same time.

While threads hand messages over, the conductor (the calling thread) records what is done and claims the next
seconds' worth. So a pause, a stop or a night finds some claimed messages, which are given back.
"""

import itertools
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from campaigns import deliveries, pacing, workers
from campaigns.deliveries import Claim, Claimed, Line
from campaigns.workers import uptime
from runtime.build import Runtime
from scheduler.senders import Handed, Senders

#: The conductor looks round this often, in seconds.
TICK = 0.02
#: Deliveries in one claim, at most; at least one call for each thread.
MOST = 500
#: Seconds' worth of messages to hold claimed; half of it used up, the next claim is made, early enough that the threads
#: never wait for it.
AHEAD = 2.0
#: Results are recorded after so many, or so many seconds.
RECORD_MANY = 250
RECORD_SECONDS = 0.5
#: A stop, a pause or a night is noticed after this long, in seconds.
LOOK_SECONDS = 0.5
#: When the rate is used up, the next try comes after so many seconds: a fraction of the bucket.
ALLOWANCE_WAIT = 0.1
#: A line that brings nothing is asked again if that makes sense within this many seconds; else it is left to the next
#: run.
PATIENCE = 5.0
#: When told to stop, calls in flight are waited for this long, in seconds; what is then still out is asked about later.
LAST_WAIT = 8.0

_numbers = itertools.count(1)


def send(
    rt: Runtime,
    lines: Sequence[Line],
    *,
    stop: threading.Event,
    most: int | None = None,
    seconds: float | None = None,
    progress: Callable[[Counter[str]], None] = lambda counts: None,
) -> Counter[str]:
    """Sends what the waves of `lines` (all of one gateway) have queued, in turn, until nothing is left to claim now.

    Ends earlier after `most` messages or `seconds`, or when `stop` is set. Returns how many deliveries went to each
    status, and how many were handed over under "handed". `progress` is called with the same after each record.
    """
    flow = _Flow(rt, lines, stop=stop, most=most, seconds=seconds, progress=progress)
    try:
        flow.run()
    finally:
        flow.wind_up()
    return flow.counts


class _Flow:
    def __init__(self, rt: Runtime, lines: Sequence[Line], *, stop, most, seconds, progress):
        self._rt, self._stop, self._progress = rt, stop, progress
        self._gateway = rt.gateways[lines[0].gateway]
        #: A name of its own: when this flow dies with claims in its hands, nothing says any more that it lives.
        self._worker = f"{rt.worker}/{next(_numbers)}"
        self._turns = [Turn(line) for line in lines]
        self._left = most
        self._until = None if seconds is None else uptime() + seconds
        self._senders = Senders(self._gateway)
        self._speed = self._gateway.traits.concurrency / pacing.ASSUMED_CALL
        self._done: list[Handed] = []
        self._recorded_at = self._looked_at = uptime()
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over():
            self._done += self._senders.collect()
            if self._worth_recording():
                self._record()
            if self._worth_claiming():
                self._claim()
            if uptime() - self._looked_at > LOOK_SECONDS:
                self._look_round()
            self._stop.wait(TICK)

    def wind_up(self) -> None:
        """Gives back what no thread has taken, waits for what is in flight, records it."""
        try:
            self._release(self._senders.take_back())
        finally:  # whatever the database does: the threads end, and what they heard is recorded
            self._senders.close()
            self._record_in_flight()

    def _record_in_flight(self) -> None:
        deadline = uptime() + LAST_WAIT
        while self._senders.held and uptime() < deadline:
            self._done += self._senders.collect()
            time.sleep(TICK)
        self._record()
        if not self._senders.held:
            workers.leave(self._rt.db, self._worker)

    def _over(self) -> bool:
        if self._stop.is_set() or (self._until is not None and uptime() > self._until):
            return True
        busy = self._senders.held or self._done
        return not busy and (self._left == 0 or not any(turn.open for turn in self._turns))

    def _worth_recording(self) -> bool:
        count = sum(len(handed.rows) for handed in self._done)
        waited = not self._senders.held or uptime() - self._recorded_at > RECORD_SECONDS
        return count >= RECORD_MANY or (count > 0 and waited)

    def _record(self) -> None:
        if not self._done:
            return
        done = self._done
        answered = [handed for handed in done if handed.outcomes]
        results = [pair for handed in answered for pair in zip(handed.rows, handed.outcomes, strict=True)]
        counts = deliveries.record(
            self._rt.db,
            gateway=self._gateway.name,
            worker=self._worker,
            results=results,
            find_after=self._gateway.traits.find_after,
            now=self._rt.clock(),
        )
        self._release([row for handed in done if not handed.outcomes for row in handed.rows])
        self._done = self._done[len(done) :]
        self._note(counts, len(results))

    def _note(self, counts: Counter[str], handed: int) -> None:
        moment = uptime()
        self._speed = (self._speed + handed / max(TICK, moment - self._recorded_at)) / 2
        self._recorded_at = moment
        if counts["queued"]:
            for turn in self._turns:
                turn.reopen()
        self.counts += counts + Counter(handed=handed)
        self._progress(self.counts)

    def _release(self, rows: Sequence[Claimed]) -> None:
        if rows:
            deliveries.release(self._rt.db, worker=self._worker, rows=rows, now=self._rt.clock())

    def _batch(self) -> int:
        """How many to claim: what goes out in AHEAD seconds at the speed seen so far."""
        traits = self._gateway.traits
        least = traits.concurrency * traits.recipients_per_call
        batch = max(least, min(MOST, int(self._speed * AHEAD)))
        return batch if self._left is None else min(batch, self._left)

    def _worth_claiming(self) -> bool:
        batch = self._batch()
        return batch > 0 and self._senders.waiting() <= batch // 2

    def _claim(self) -> None:
        turn = next((turn for turn in self._turns if turn.due()), None)
        if turn is None:
            return
        self._turns.append(self._turns.pop(self._turns.index(turn)))  # then another wave's turn
        fresh_until = uptime() + workers.CLAIM_SECONDS
        now = self._rt.clock()
        got = deliveries.claim(
            self._rt.db, turn.line, worker=self._worker, limit=self._batch(), now=now, after=turn.after, zone=turn.zone
        )
        turn.note(got, now)
        self._senders.put(got.rows, fresh_until)
        if self._left is not None:
            self._left -= len(got.rows)

    def _look_round(self) -> None:
        """Gives back what must not be sent any more (a stop, a pause, a night), and says that this flow lives."""
        now = self._rt.clock()
        zones = {turn.line.wave_id: turn.zones for turn in self._turns}
        unwanted = deliveries.unwanted(self._rt.db, [turn.line for turn in self._turns], now, zones)
        if unwanted:
            self._release(self._senders.take_back(unwanted))
            for turn in self._turns:
                turn.gave_back(unwanted)
        if self._senders.held:
            workers.beat(self._rt.db, self._worker, kind="sender", now=now)
        self._looked_at = uptime()


class Turn:
    """A wave among those a flow sends in turn: where to claim on from, and when again."""

    def __init__(self, line: Line):
        self.line = line
        self.zone: str | None = None
        self.after = 0
        self.open = True
        #: Whose hours matter for what is claimed.
        self.zones: set[str | None] = set()
        self._not_before = 0.0

    def due(self) -> bool:
        return self.open and uptime() >= self._not_before

    def reopen(self) -> None:
        self.zone, self.after, self.open, self._not_before = None, 0, True, 0.0

    def gave_back(self, wave_ids: Collection[int]) -> None:
        if self.line.wave_id in wave_ids:
            self.zones.clear()

    def note(self, got: Claim, now: datetime) -> None:
        self.zone, self.after = got.zone, got.last
        if got.rows:
            self.zones.add(got.zone)
        if got.why in ("", "again"):
            return
        wait = ALLOWANCE_WAIT if got.why == "allowance" else _seconds_until(got.until, now)
        self.open = wait <= PATIENCE
        self._not_before = uptime() + max(wait, TICK)


def _seconds_until(moment: datetime | None, now: datetime) -> float:
    return math.inf if moment is None else (moment - now).total_seconds()
