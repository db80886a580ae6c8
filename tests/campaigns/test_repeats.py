"""Handing over again what a gateway may have: under the same moment, so that it knows the repeat, and not for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns import deliveries, waves, workers
from campaigns.deliveries import outcomes
from db.tables import deliveries as rows
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

CANNOT_TELL, NOT_THERE = Found(Whereabouts.CANNOT_TELL), Found(Whereabouts.NOT_THERE)
NAME = "knows"


class Story:
    """One message through a gateway that refuses repeats, told step by step; each step takes a second."""

    def __init__(self, db, now, **traits):
        self.db, self.now, self.watch = db, now, workers.Watch()
        self.gateways = {NAME: FakeGateway(NAME, **{"find": False, "idempotent": True, **traits})}
        self.wave_id = make.a_wave(db, count=1, gateway=NAME)
        waves.open_due(db, self.gateways, now)
        self.line = deliveries.line(db, self.wave_id, self.gateways)

    def after(self, seconds: float):
        self.now += timedelta(seconds=seconds)
        return self

    def claims(self, worker="w"):
        """The moment the message carries, or None when there is nothing to claim."""
        self.after(1)
        self.claimed = deliveries.claim(self.db, self.line, worker=worker, limit=1, now=self.now).rows
        self.worker = worker
        return self.claimed[0].outgoing.since if self.claimed else None

    def hears(self, outcome: Outcome):
        self.after(1)
        results = [(each, outcome) for each in self.claimed]
        return deliveries.record(self.db, gateway=NAME, worker=self.worker, results=results, now=self.now)

    def dies(self):
        workers.leave(self.db, self.worker)
        return self

    def asks(self, answer=CANNOT_TELL, **how):
        orphans = deliveries.orphans(self.db, self.line, self.watch, now=self.now, **how)
        return deliveries.settle(self.db, self.line, [(orphan, answer) for orphan in orphans], self.now)

    def row(self):
        with self.db.reading() as c:
            return c.execute(select(rows)).one()


@pytest.fixture
def story(db, now):
    return Story(db, now)


def test_the_first_time_it_carries_the_moment_it_is_claimed(story):
    assert story.claims() == story.now
    assert story.row().maybe_since is None


def test_a_repeat_carries_the_first_moment_whatever_happened_to_it(story):
    first = story.claims()
    story.hears(Outcome.unknown())
    assert story.after(60).asks() == {"queued": 1}
    for n in range(3):
        assert story.after(600).claims(f"w{n}") == first
        if n == 1:
            story.hears(Outcome.unknown())
        else:
            story.dies()
        assert story.after(60).asks() == {"queued": 1}
    assert story.after(600).claims("last") == first
    assert story.hears(Outcome.accepted("R1")) == {"accepted": 1}


def test_after_a_clear_no_it_is_a_new_message(story):
    first = story.claims()
    story.hears(Outcome.refused("unreachable-now"))
    again = story.after(60).claims()
    assert again == story.now and again != first


@pytest.mark.parametrize("code", ["not-connected", "too-fast", "gateway-trouble"])
def test_a_no_to_a_repeat_says_nothing_of_the_first_hand_over(story, code):
    first = story.claims()
    story.hears(Outcome.unknown())
    story.after(60).asks()
    assert story.after(60).claims() == first
    assert story.hears(Outcome.refused(code)) == {"queued": 1}
    assert story.after(600).claims() == first


def test_nor_does_giving_it_back(story):
    first = story.claims()
    story.hears(Outcome.unknown())
    story.after(60).asks()
    story.after(60).claims()
    deliveries.release(story.db, worker=story.worker, rows=story.claimed, now=story.now)
    assert story.after(60).claims() == first


def test_what_surely_never_arrived_is_a_new_message(db, now):
    story = Story(db, now, find=True)
    first = story.claims()
    story.dies().asks()
    assert story.after(60).claims() == first
    story.dies().asks(NOT_THERE)
    assert story.after(60).claims() == story.now


def test_a_repeat_waits_longer_each_time(story):
    story.claims()
    waits = []
    for _ in range(6):
        story.dies().asks()
        waits.append((story.row().next_try_at - story.now).total_seconds())
        story.after(600).claims()
    assert waits == sorted(waits) and 1 <= waits[0] <= 2 and waits[-1] > 30


@pytest.mark.parametrize(("known_for", "most"), [(3600.0, 3600.0), (float("inf"), outcomes.REPEAT_FOR)])
def test_once_the_gateway_may_have_forgotten_nobody_can_tell(db, now, known_for, most):
    story = Story(db, now, idempotent_for=known_for)
    story.claims()
    assert story.dies().after(most - 60).asks() == {"queued": 1}
    story.after(30).claims()
    assert story.dies().after(60).asks() == {"unknown": 1}
    assert story.claims() is None


def test_what_may_have_arrived_and_cannot_be_repeated_has_not_failed(story):
    story.claims()
    story.hears(Outcome.unknown())
    story.after(60).asks()
    for _ in range(20):
        if story.after(600).claims():
            story.hears(Outcome.refused("not-connected"))
    assert (story.row().status, story.row().done_at is not None) == ("unknown", True)


def test_a_person_may_have_it_tried_once_more_while_it_is_known(db, now):
    story = Story(db, now, idempotent_for=3600.0)
    first = story.claims()
    story.hears(Outcome.unknown())
    story.after(60).asks()
    for _ in range(8):
        if story.after(130).claims():
            story.hears(Outcome.refused("not-connected"))
    assert story.row().status == "unknown"
    assert story.asks(unknown_too=True) == {"queued": 1}
    assert story.after(600).claims() == first
    story.hears(Outcome.refused("not-connected"))
    assert story.after(3600).asks(unknown_too=True) == {}
    assert story.row().status == "unknown"


def test_a_receipt_ends_the_repeating(story):
    story.claims()
    story.hears(Outcome.unknown())
    story.after(60).asks()
    deliveries.Receipts(story.db).take(NAME, [Receipt("S1", "delivered", key=str(story.row().id))], story.now)
    assert deliveries.apply_receipts(story.db, story.now) == {"delivered": 1}
    assert story.after(600).claims() is None
    assert (story.row().status, story.row().ref) == ("delivered", "S1")
