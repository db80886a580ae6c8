"""A message of several parts, each reported by itself: delivered is the message when all are, on both databases."""

import itertools

import pytest
from sqlalchemy import select

from campaigns import deliveries, waves
from db.tables import deliveries as rows
from sms.gateway import Outcome, Receipt
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway(), "other": FakeGateway("other")}
PARTS = ("a1", "a2", "a3")
ACCEPTED = Outcome.accepted("a1,a2,a3", parts=PARTS)


@pytest.fixture
def claimed(db, now):
    wave_id = make.a_wave(db, count=1)
    waves.open_due(db, GATEWAYS, now)
    line = deliveries.line(db, wave_id, GATEWAYS)
    [claimed] = deliveries.claim(db, line, worker="w", limit=1, now=now).rows
    return claimed


@pytest.fixture
def accept(db, claimed, now):
    return lambda: deliveries.record(db, gateway="fake", worker="w", results=[(claimed, ACCEPTED)], now=now)


@pytest.fixture
def come(db, now):
    def come(*given, gateway="fake"):
        deliveries.Receipts(db).take(gateway, given, now)
        return deliveries.apply_receipts(db, now)

    return come


def row(db):
    with db.reading() as c:
        return c.execute(select(rows)).one()


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)), ids="-".join)
def test_delivered_with_the_last_part_whichever_that_is(db, accept, come, order):
    accept()
    for part in order[:-1]:
        assert come(Receipt(part, "delivered")) == {}
        assert row(db).status == "accepted"
    assert come(Receipt(order[-1], "delivered")) == {"delivered": 1}
    assert row(db).ref == "a1,a2,a3"


def test_all_in_one_batch(db, accept, come):
    accept()
    assert come(*[Receipt(part, status) for part in PARTS for status in ("accepted", "delivered")]) == {"delivered": 1}


@pytest.mark.parametrize("status", ["undelivered", "failed"])
@pytest.mark.parametrize("lost", PARTS)
def test_one_lost_part_and_nobody_can_read_it(db, accept, come, lost, status):
    accept()
    come(*[Receipt(part, "delivered") for part in PARTS if part != lost])
    assert come(Receipt(lost, status, "unreachable-now")) == {status: 1}
    assert (row(db).status, row(db).reason) == (status, "unreachable-now")


def test_before_the_answer_is_recorded(db, accept, come, now):
    assert come(*[Receipt(part, "delivered") for part in PARTS]) == {}
    accept()
    assert deliveries.apply_receipts(db, now) == {"delivered": 1}


def test_repeats_and_late_words_change_nothing(db, accept, come):
    accept()
    come(*[Receipt(part, "delivered") for part in PARTS])
    assert come(Receipt("a2", "delivered"), Receipt("a2", "accepted"), Receipt("a3", "failed")) == {}
    assert row(db).status == "delivered"


def test_a_part_that_was_given_up_and_then_delivered_stays_lost(db, accept, come):
    accept()
    come(Receipt("a1", "undelivered"), Receipt("a1", "delivered"))
    assert row(db).status == "undelivered"


def test_the_same_id_at_another_gateway_is_another_message(db, accept, come):
    accept()
    assert come(*[Receipt(part, "delivered") for part in PARTS], gateway="other") == {}
    assert row(db).status == "accepted"


def test_the_answer_recorded_twice_changes_nothing(db, accept, come):
    accept()
    accept()
    assert come(*[Receipt(part, "delivered") for part in PARTS]) == {"delivered": 1}
