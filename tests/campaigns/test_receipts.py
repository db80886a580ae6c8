"""Receipts in any order, number and delay, on both databases."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns import deliveries, stats, waves
from db.tables import deliveries as rows
from db.tables import receipts
from sms.gateway import Outcome, Receipt
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway(), "other": FakeGateway("other")}


@pytest.fixture
def line(db, now):
    wave_id = make.a_wave(db, count=1)
    waves.open_due(db, GATEWAYS, now)
    return deliveries.line(db, wave_id, GATEWAYS)


@pytest.fixture
def claimed(db, line, now):
    [claimed] = deliveries.claim(db, line, worker="w", limit=1, now=now).rows
    return claimed


def answer(db, claimed, outcome, now):
    return deliveries.record(db, gateway="fake", worker="w", results=[(claimed, outcome)], now=now)


def come(db, now, *given, gateway="fake"):
    deliveries.Receipts(db).take(gateway, given, now)
    return deliveries.apply_receipts(db, now)


def row(db):
    with db.reading() as c:
        return c.execute(select(rows)).one()


def unapplied(db) -> int:
    with db.reading() as c:
        return c.execute(select(func.count()).where(receipts.c.applied_at.is_(None))).scalar_one()


@pytest.mark.parametrize("order", list(itertools.permutations(["accepted", "delivered", "undelivered"])))
def test_any_order_ends_with_the_first_final_word(db, claimed, now, order):
    answer(db, claimed, Outcome.accepted("SM1"), now)
    for status in order:
        come(db, now, Receipt("SM1", status))
    assert row(db).status == next(status for status in order if status != "accepted")


def test_repeats_change_nothing(db, claimed, now):
    answer(db, claimed, Outcome.accepted("SM1"), now)
    assert come(db, now, Receipt("SM1", "delivered"), Receipt("SM1", "delivered")) == {"delivered": 1}
    assert come(db, now, Receipt("SM1", "delivered")) == {}
    with db.reading() as c:
        assert c.execute(select(func.count()).select_from(receipts)).scalar_one() == 1


def test_a_whole_story_in_one_batch(db, claimed, now):
    answer(db, claimed, Outcome.accepted("SM1"), now)
    story = [Receipt("SM1", "delivered"), Receipt("SM1", "accepted"), Receipt("SM1", "failed", "x")]
    assert come(db, now, *story) == {"delivered": 1}
    assert row(db).done_at == now


def test_why_it_was_not_delivered(db, claimed, now):
    answer(db, claimed, Outcome.accepted("SM1"), now)
    come(db, now, Receipt("SM1", "undelivered", "unreachable-for-good"))
    assert (row(db).status, row(db).reason) == ("undelivered", "unreachable-for-good")
    assert stats.of_wave(db, row(db).wave_id).reasons == {"undelivered": {"unreachable-for-good": 1}}
    list_id = waves.show(db, row(db).wave_id).wave.audience["lists"][0]
    assert waves.preview(db, make.a_wave(db, list_ids=[list_id]), GATEWAYS, now).skipped == {"dead": 1}


def test_a_receipt_overtakes_the_answer_with_our_key(db, claimed, now):
    assert come(db, now, Receipt("SM1", "delivered", key=claimed.outgoing.key)) == {"delivered": 1}
    assert answer(db, claimed, Outcome.accepted("SM1"), now) == {}
    assert (row(db).status, row(db).ref, row(db).segments) == ("delivered", "SM1", 1)


def test_a_receipt_overtakes_the_answer_without_our_key(db, claimed, now):
    assert come(db, now, Receipt("SM1", "delivered")) == {}
    assert unapplied(db) == 1
    answer(db, claimed, Outcome.accepted("SM1"), now)
    assert deliveries.apply_receipts(db, now) == {"delivered": 1}
    assert unapplied(db) == 0


def test_a_receipt_settles_a_message_nobody_could_tell_of(db, claimed, now):
    answer(db, claimed, Outcome.unknown(), now)
    assert come(db, now, Receipt("SM1", "accepted", key=claimed.outgoing.key)) == {"accepted": 1}
    assert (row(db).status, row(db).ref) == ("accepted", "SM1")
    assert waves.finish_done(db, now) == [claimed.wave_id]


def test_a_receipt_for_a_message_that_was_queued_again_keeps_it_from_going_twice(db, line, claimed, now):
    deliveries.release(db, worker="w", rows=[claimed], now=now)
    assert come(db, now, Receipt("SM1", "accepted", key=claimed.outgoing.key)) == {"accepted": 1}
    assert deliveries.claim(db, line, worker="w", limit=1, now=now).why == "empty"
    assert row(db).sent_at == now


def test_a_receipt_after_a_receipt_by_key_is_found_by_its_id(db, claimed, now):
    come(db, now, Receipt("SM1", "accepted", key=claimed.outgoing.key))
    assert come(db, now, Receipt("SM1", "delivered")) == {"delivered": 1}


@pytest.mark.parametrize("key", [None, "", "999999", "turn:1", "-1", "१", "9" * 40, "1; DROP TABLE receipts"])
def test_receipts_for_nobody_are_kept_a_while_and_then_let_go(db, claimed, now, key):
    assert come(db, now, Receipt("SM9", "delivered", key=key)) == {}
    assert unapplied(db) == 1
    deliveries.apply_receipts(db, now + timedelta(minutes=11))
    assert unapplied(db) == 0
    assert row(db).status == "sending"


def test_another_gateway_s_receipt_is_not_ours(db, claimed, now):
    answer(db, claimed, Outcome.accepted("SM1"), now)
    theirs = [Receipt("SM1", "delivered"), Receipt("SM2", "failed", key=str(claimed.id))]
    assert come(db, now, *theirs, gateway="other") == {}
    assert row(db).status == "accepted"


def test_a_burst_is_applied_in_batches_past_what_is_nobody_s(db, now):
    wave_id = make.a_wave(db, count=30)
    waves.open_due(db, GATEWAYS, now)
    line = deliveries.line(db, wave_id, GATEWAYS)
    claimed = deliveries.claim(db, line, worker="w", limit=30, now=now).rows
    results = [(each, Outcome.accepted(f"SM{each.id}")) for each in claimed]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now)
    strangers = [Receipt(f"X{n}", "delivered") for n in range(20)]
    deliveries.Receipts(db).take("fake", strangers, now)
    deliveries.Receipts(db).take("fake", [Receipt(f"SM{each.id}", "delivered") for each in claimed], now)
    assert deliveries.apply_receipts(db, now, limit=7) == {"delivered": 30}
    assert unapplied(db) == 20


def test_nothing_received_is_nothing_done(db, now):
    assert deliveries.Receipts(db).take("fake", [], now) == 0
    assert deliveries.apply_receipts(db, now) == {}
