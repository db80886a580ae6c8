"""A wave by the routing table through the whole sender: one gateway breaks down in mid-wave, the other takes over."""

import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest

from campaigns import deliveries, route_table, routing, stats, watching, waves
from scheduler import flows, foreground, retry, tasks
from sms.gateway import Outcome, Receipt
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()


class Breaking(FakeGateway):
    """Takes so many messages, then nobody reaches it; or, with `silent`, it takes them and does not say so."""

    def __init__(self, name: str, after: int, **options):
        super().__init__(name, **options)
        self.left, self.silent, self._lock = after, False, threading.Lock()

    def _one(self, outgoing):
        with self._lock:
            self.left -= 1
            broken = self.left < 0
        if broken and self.silent:
            self.take(outgoing)
            return Outcome.unknown("closed")
        return Outcome.refused("not-connected") if broken else super()._one(outgoing)


class Clock:
    """Runs ten times as fast."""

    def __init__(self):
        self._begun = time.monotonic()

    def __call__(self):
        return make.NOW + timedelta(seconds=10 * (time.monotonic() - self._begun))


@pytest.fixture
def gateways():
    return {"a": Breaking("a", after=10_000), "b": FakeGateway("b")}


def a_wave(db, gateways, count=600):
    for place, name in enumerate(gateways):
        route_table.put(db, position=place + 1, gateway=name, known=gateways, by=None, now=make.NOW)
    rt = a_runtime(db, gateways, clock=Clock())
    wave_id = make.a_wave(db, count=count, gateway="routes")
    waves.open_due(db, gateways, rt.clock())
    return rt, wave_id


def once(gateways) -> Counter:
    """How many messages each number got, through whichever gateway."""
    got = sum((gateway.got for gateway in gateways.values()), Counter())
    return Counter(got.values())


@contextmanager
def looked_after(rt):
    """The gateways are, meanwhile."""
    over = threading.Event()

    def look():
        while not over.wait(0.2):
            tasks.look_after_gateways(rt, STOP)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def until_done(rt, wave_id, seconds=60.0):
    end = time.monotonic() + seconds
    with looked_after(rt):
        while stats.of_wave(rt.db, wave_id).left and time.monotonic() < end:
            tasks.send(rt, STOP)
            retry.reconcile(rt)
            time.sleep(0.05)


def test_the_other_takes_over(db, gateways):
    gateways["a"].left = 200
    rt, wave_id = a_wave(db, gateways)
    until_done(rt, wave_id)
    assert stats.of_wave(db, wave_id).counts == {"accepted": 600}
    assert once(gateways) == {1: 600}
    assert (sum(gateways["a"].got.values()), sum(gateways["b"].got.values())) == (200, 400)


def test_answers_that_were_lost_are_asked_about_where_they_were_lost(db, gateways):
    """Nothing goes out through b that a has, though a never said so."""
    gateways["a"].left, gateways["a"].silent = 100, True
    rt, wave_id = a_wave(db, gateways, count=300)
    until_done(rt, wave_id)
    assert stats.of_wave(db, wave_id).counts == {"accepted": 300}
    assert once(gateways) == {1: 300}


def test_one_that_comes_back_is_used_again_slowly(db, gateways):
    gateways["a"].left = 0
    rt, wave_id = a_wave(db, gateways, count=3000)
    line = deliveries.line(db, wave_id, gateways, "a")
    flows.send(rt, [line], stop=STOP, most=20)
    now = rt.clock()
    assert watching.look(db, gateways, now) == {"fell": 1}
    gateways["a"].left, percents, got = 10_000, [], []
    for minute in (0, 2, 5):
        moment = now + timedelta(minutes=minute)
        watching.look(db, gateways, moment)
        parts = routing.dealt(db, gateways, moment)[None, "vi"]
        percents.append(sum(part.end - part.first for part in parts if part.gateway == "a"))
        rt = a_runtime(db, gateways, clock=lambda moment=moment: moment)
        flows.send(rt, deliveries.lines(db, wave_id, gateways, moment), stop=STOP, most=200)
        got.append(sum(gateways["a"].got.values()))
    assert percents == [0, 20, 50]
    assert got[0] == 0 < got[1] < got[2]
    assert set(once(gateways)) == {1}


def test_receipts_of_both(db, gateways):
    gateways["a"].left = 100
    rt, wave_id = a_wave(db, gateways, count=250)
    until_done(rt, wave_id)
    for name, gateway in gateways.items():
        said = [Receipt(ref, "delivered") for ref in gateway.refs.values()]
        deliveries.Receipts(db).take(name, said, rt.clock())
    assert deliveries.apply_receipts(db, rt.clock()) == {"delivered": 250}


def test_in_the_foreground_too(sqlite_db, gateways):
    gateways["a"].left = 50
    rt, wave_id = a_wave(sqlite_db, gateways, count=200)
    with looked_after(rt):
        ran = foreground.run_wave(rt, wave_id, stop=STOP, progress=lambda figures: None)
    assert (ran.handed >= 200, ran.why) == (True, "")
    assert once(gateways) == {1: 200}
    assert stats.of_wave(sqlite_db, wave_id)["accepted"] == 200
