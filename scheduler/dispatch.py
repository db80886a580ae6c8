"""Sending waves: claim and commit, hand over concurrently, record in one write; all three go on at the same time.

While threads hand messages over, the conductor (the calling thread) records what is done and claims the next
seconds' worth. So a pause, a stop or a night finds some claimed messages, which are given back.
"""

import itertools
import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from campaigns import deliveries, pacing, workers
from campaigns.deliveries import Claim, Claimed, Line
from campaigns.workers import uptime
from runtime.build import Runtime
from scheduler import outages
from scheduler.calls import Calls
from scheduler.senders import Handed, Senders

#: The conductor looks round this often, in seconds, and at once when its threads have nothing left.
TICK = 0.02
#: Deliveries in one claim, at most; at least one call for each thread. A claim costs some milliseconds however small it
#: is, and while it is written on SQLite nobody else writes.
MOST = 2000
#: Seconds' worth of messages to hold claimed; half of it used up, the next claim is made, early enough that the threads
#: never wait for it.
AHEAD = 2.0
#: Results are recorded after so many, or so many seconds.
RECORD_MANY = 1000
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
#: When its time is up, what is claimed still goes out, as long as that takes no longer than this, in seconds.
TO_THE_END = 2 * AHEAD

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
        self._until = math.inf if seconds is None else uptime() + seconds
        limited = self._gateway.traits.calls_per_minute is not None
        self._senders = Senders(self._gateway, Calls(rt, self._gateway) if limited else None)
        #: Messages a second: a guess at first, then as measured since the last claim.
        self._speed = self._gateway.traits.concurrency / pacing.ASSUMED_CALL
        self._heard = 0
        self._done: list[Handed] = []
        self._recorded_at = self._looked_at = self._claimed_at = uptime()
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over():
            self._collect()
            self._claim()
            self._senders.hand_on()
            if self._worth_recording():
                self._record()
            if uptime() - self._looked_at > LOOK_SECONDS:
                self._look_round()
            self._senders.wait(TICK)

    def wind_up(self) -> None:
        """Gives back what no thread has taken, waits for what is in flight, records it."""
        back = self._senders.take_back()
        try:
            outages.outlast(self._rt.db, lambda: self._release(back), self._stop)
        finally:  # whatever the database does: the threads end, and what they heard is recorded
            self._senders.close()
            self._record_in_flight()

    def _record_in_flight(self) -> None:
        deadline = uptime() + LAST_WAIT
        while self._senders.held and uptime() < deadline:
            self._collect()
            self._senders.wait(TICK)
        self._collect()
        with outages.ending(self._rt.db, self._worker, lambda: not self._senders.held, self._stop):
            outages.outlast(self._rt.db, self._record, self._stop)

    def _over(self) -> bool:
        late = uptime() - self._until
        if self._stop.is_set() or late > TO_THE_END:
            return True
        busy = self._senders.held or self._done
        return not busy and (late > 0 or self._left == 0 or not any(turn.open for turn in self._turns))

    def _collect(self) -> None:
        done = self._senders.collect()
        self._heard += sum(len(handed.rows) for handed in done)
        self._done += done

    def _worth_recording(self) -> bool:
        count = sum(len(handed.rows) for handed in self._done)
        waited = not self._senders.held or uptime() - self._recorded_at > RECORD_SECONDS
        return count >= RECORD_MANY or (count > 0 and waited)

    def _record(self) -> None:
        if not self._done:
            return
        answered = [handed for handed in self._done if handed.outcomes]
        unsent = [handed for handed in self._done if not handed.outcomes]
        results = [pair for handed in answered for pair in zip(handed.rows, handed.outcomes, strict=True)]
        counts = deliveries.record(
            self._rt.db,
            gateway=self._gateway.name,
            worker=self._worker,
            results=results,
            find_after=self._gateway.traits.find_after,
            now=self._rt.clock(),
        )
        self._done = unsent  # what is recorded is not recorded again if giving back the others fails
        self._note(counts, len(results))
        self._release([row for handed in unsent for row in handed.rows])
        self._done = []

    def _note(self, counts: Counter[str], handed: int) -> None:
        self._recorded_at = uptime()
        if counts["queued"]:
            for turn in self._turns:
                turn.reopen()
        self.counts += counts + Counter(handed=handed)
        self._progress(self.counts)

    def _release(self, rows: Sequence[Claimed]) -> None:
        if rows:
            deliveries.release(self._rt.db, worker=self._worker, rows=rows, now=self._rt.clock())

    def _batch(self, turn: "Turn") -> int:
        """How many to claim: what goes out in AHEAD seconds at the speed seen so far; 0 while enough is claimed."""
        batch = max(turn.least, min(turn.most, int(self._speed * AHEAD)))
        batch = batch if self._left is None else min(batch, self._left)
        return batch if self._senders.want(batch) and uptime() <= self._until else 0

    def _measure(self) -> None:
        """A speed that fell may only have been a moment without anything to send: it is believed by half."""
        moment = uptime()
        measured = self._heard / max(TICK, moment - self._claimed_at)
        self._speed = max(measured, (self._speed + measured) / 2)
        self._heard, self._claimed_at = 0, moment

    def _claim(self) -> None:
        turn = next((turn for turn in self._turns if turn.due()), None)
        batch = self._batch(turn) if turn else 0
        if not batch:
            return
        if self._heard:
            self._measure()
            batch = self._batch(turn) or batch
        self._turns.append(self._turns.pop(self._turns.index(turn)))  # then another wave's turn
        fresh_until = uptime() + workers.CLAIM_SECONDS
        now = self._rt.clock()
        got = deliveries.claim(
            self._rt.db, turn.line, worker=self._worker, limit=batch, now=now, after=turn.after, zone=turn.zone
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
        #: Messages in a claim, at least and at most: a call for each thread or more; one call where calls are limited,
        #: for what is claimed when a process dies, nobody may be able to tell from what it handed over.
        each = pacing.of_a_call(line.traits, personal=line.personal)
        limited = line.traits.calls_per_minute is not None
        self.least, self.most = (each, each) if limited else (each * line.traits.concurrency, MOST)

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
