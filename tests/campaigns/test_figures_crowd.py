"""Everybody at once, as in test_lock_order, and meanwhile people write and opt out, and somebody counts anew."""

import itertools
import time

import pytest

from bots import inbox
from campaigns import consent, deliveries, figures, stats, waves
from campaigns.model import WaveStatus
from sms.gateway import Outcome
from tests import make
from tests.campaigns.test_lock_order import Crowd, Story
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("the_books_hold")


class Talkative(Story):
    """The same two waves; readers answer, ask and opt out, by themselves or in a word of the gateway's."""

    def __init__(self, db, now):
        super().__init__(db, now)
        self._readers = itertools.cycle([make.number(1 + 1000 * area + n) for n in range(200) for area in range(3)])

    def _answer(self, claimed) -> Outcome:
        return Outcome.refused("opted-out") if claimed.id % 11 == 0 else super()._answer(claimed)

    def reply(self):
        inbox.receive(self.db, platform="sms", address=next(self._readers), text="?", provider_id=None, now=self.now)

    def stop(self):
        with self.db.transaction() as c:
            consent.opt_out(c, self.db.seal.index(next(self._readers)), channel="sms", reason="asked", now=self.now)
        time.sleep(0.01)


def _did(db, wave_ids) -> set[str]:
    """What readers of the waves have done."""
    return {kind for wave_id in wave_ids for did in figures.responses(db, wave_id).values() for kind in did}


def test_counters_hold_while_somebody_counts_anew(db, now):
    story, crowd = Talkative(db, now), Crowd()
    for n in range(3):
        crowd.keep(story.send, f"w{n}", story.lines[n % 2])
    for work in (story.reconcile, story.resume, story.reply, story.stop):
        crowd.keep(work)
    crowd.keep(deliveries.apply_receipts, db, now)
    for _ in range(2):
        crowd.keep(figures.rebuild, db)
    until(lambda: {"replied", "opted-out"} <= _did(db, story.ids), 60.0)
    time.sleep(1)
    crowd.end()
    assert figures.rebuild(db) == {}, "nobody counted wrongly, and counting anew did no harm"
    assert {bool(stats.faults(db, wave_id)) for wave_id in story.ids} == {False}
    assert all(waves.show(db, wave_id).wave.status in tuple(WaveStatus) for wave_id in story.ids)
