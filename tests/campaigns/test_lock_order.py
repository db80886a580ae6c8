"""Everybody at once on the same rows: claims under a budget, answers good and bad, receipts that overtake them,
reconciliation, pauses and finishing. PostgreSQL would name a ring of locks ("deadlock detected"); the books must hold.
"""

import itertools
import threading
import time

import pytest
from sqlalchemy import text

from campaigns import deliveries, prices, stats, waves, workers
from campaigns.model import WaveStatus
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway(rate=100_000.0)}
ANSWERS = (
    Outcome.accepted("SM"),
    Outcome.accepted("SM"),
    Outcome.refused("number-invalid"),
    Outcome.refused("gateway-trouble"),
    Outcome.unknown(),
    Outcome.refused("balance"),
)


class Crowd:
    """Does things over and over in threads of their own until `over`, and keeps what went wrong."""

    def __init__(self):
        self.over, self.errors, self._threads = threading.Event(), [], []

    def keep(self, work, *args):
        thread = threading.Thread(target=self._again_and_again, args=(work, *args))
        self._threads.append(thread)
        thread.start()

    def _again_and_again(self, work, *args):
        while not self.over.is_set() and not self.errors:
            try:
                work(*args)
            except Exception as error:  # whatever it is, the test shows it
                self.errors.append(error)

    def end(self):
        self.over.set()
        for thread in self._threads:
            thread.join()
        assert self.errors == [], "\n".join(map(str, self.errors))


class Story:
    """Two waves to the same people, in three communes, each with money for most of them."""

    def __init__(self, db, now):
        self.db, self.now, self._answers = db, now, itertools.cycle(ANSWERS)
        prices.put(db, gateway="fake", vnd_per_segment=100, valid_from=now.date(), by=None, now=now)
        communes = [make.area(db, code) for code in ("17662", "17689", "17701")]
        people = [id for n, code in enumerate(communes) for id in make.people(db, 200, first=1 + 1000 * n, area=code)]
        plan = {"list_ids": [make.a_list(db, "l", people)], "budget_vnd": 50_000, "failure_limit": 100}
        self.ids = [make.a_wave(db, **plan) for _ in range(2)]
        waves.open_due(db, GATEWAYS, now)
        self.lines = [deliveries.line(db, wave_id, GATEWAYS) for wave_id in self.ids]

    def send(self, worker, line):
        """Some answers come after the receipt, and in the wrong order."""
        claimed = deliveries.claim(self.db, line, worker=worker, limit=12, now=self.now).rows
        receipts = [Receipt(f"SM{each.id}", "delivered", key=str(each.id)) for each in claimed[::3]]
        deliveries.Receipts(self.db).take("fake", receipts, self.now)
        results = [(each, self._answer(each)) for each in reversed(claimed)]
        known = {"gateway": "fake", "worker": worker, "now": self.now, "chance": lambda: 0.0}
        deliveries.record(self.db, results=results, **known)

    def _answer(self, claimed) -> Outcome:
        answer = next(self._answers)
        return Outcome.accepted(f"SM{claimed.id}") if answer.ref else answer

    def reconcile(self):
        for line in self.lines:
            found = deliveries.orphans(self.db, line, workers.Watch(), now=self.now, limit=20)
            deliveries.settle(self.db, line, [(each, Found(Whereabouts.NOT_THERE)) for each in found], self.now)

    def resume(self):
        for wave_id in self.ids:
            if waves.show(self.db, wave_id).wave.status == WaveStatus.PAUSED:
                waves.resume(self.db, wave_id, by=None, now=self.now)
        time.sleep(0.01)


def test_nobody_waits_in_a_ring(db, now):
    story, crowd = Story(db, now), Crowd()
    for n in range(4):
        crowd.keep(story.send, f"w{n}", story.lines[n % 2])
    crowd.keep(deliveries.apply_receipts, db, now)
    crowd.keep(story.reconcile)
    crowd.keep(story.resume)
    crowd.keep(waves.finish_done, db, now)
    time.sleep(3)
    crowd.end()
    assert sum(stats.of_wave(db, wave_id)["delivered"] for wave_id in story.ids) > 0


def test_a_wave_does_not_finish_while_one_of_its_messages_is_queued_again(db, now):
    """An officer asks once more about what nobody could tell; the last message is recorded, and the wave is finished,
    while the answer is on its way.
    """
    if db.dialect != "postgresql":
        pytest.skip("SQLite has one writer")
    blind = {"blind": FakeGateway("blind", find=False)}
    wave_id = make.a_wave(db, count=1, gateway="blind")
    waves.open_due(db, blind, now)
    line = deliveries.line(db, wave_id, blind)
    deliveries.claim(db, line, worker="dead", limit=1, now=now)
    workers.leave(db, "dead")
    [orphan] = deliveries.orphans(db, line, workers.Watch(), now=now)
    deliveries.settle(db, line, [(orphan, Found(Whereabouts.CANNOT_TELL))], now)
    [orphan] = deliveries.orphans(db, line, workers.Watch(), now=now, unknown_too=True)
    with db.transaction() as c:
        c.execute(text("SELECT id FROM deliveries WHERE wave_id = :wave FOR UPDATE"), {"wave": wave_id})
        settling = threading.Thread(
            target=deliveries.settle, args=(db, line, [(orphan, Found(Whereabouts.NOT_THERE))], now)
        )
        settling.start()
        time.sleep(0.3)  # it holds the wave now, and waits for our row
        finishing = threading.Thread(target=waves.finish_done, args=(db, now))
        finishing.start()
        time.sleep(0.3)
    settling.join()
    finishing.join()
    assert stats.of_wave(db, wave_id)["queued"] == 1
    assert waves.show(db, wave_id).wave.status == "sending"
