"""What becomes of messages that went through several gateways: sick ones, receipts, reconciliation."""

import itertools
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns import deliveries, routing, stats, watching, waves, workers
from db.tables import contacts
from db.tables import deliveries as rows
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from tests import make
from tests.campaigns.routed import claim, opened, record, route, three_gateways, through, ways, weigh
from tests.campaigns.test_lock_order import Crowd
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

NOT_THERE, CANNOT_TELL = Found(Whereabouts.NOT_THERE), Found(Whereabouts.CANNOT_TELL)


@pytest.fixture
def gateways():
    return three_gateways()


def test_one_goes_sick_in_mid_wave_and_comes_back_slowly(db, gateways, now):
    route(db, gateways, now, "a")
    route(db, gateways, now, "b", position=2)
    wave_id = opened(db, gateways, now, count=300)
    a, b = (through(db, gateways, wave_id, name) for name in "ab")
    record(db, a, claim(db, a, now, limit=100).rows, now)
    assert claim(db, b, now).why == "elsewhere"
    assert watching.look(db, gateways, now + timedelta(seconds=5)) == {}
    broken = claim(db, a, now, limit=50).rows
    assert record(db, a, broken, now, Outcome.refused("not-connected")) == {"queued": 50}

    later = now + timedelta(seconds=10)
    watching.look(db, gateways, later)
    assert waves.sending(db, gateways, later) == {"b": [wave_id]}
    assert claim(db, a, later).why == "elsewhere"
    rest = claim(db, b, later, limit=120).rows
    record(db, b, rest, later)
    assert {each.id for each in broken} & {each.id for each in rest}

    later += timedelta(minutes=3)
    watching.look(db, gateways, later)
    with db.reading() as c:
        shares = routing.shares(c, gateways, later)
    assert {part.gateway: part.end - part.first for part in shares[None, "vi"]} == {"a": 30, "b": 70}
    for line in (a, b):
        record(db, line, claim(db, line, later).rows, later)
    assert stats.of_wave(db, wave_id).counts == {"accepted": 300}
    assert ways(db, wave_id)["b"] > 120
    assert sum(ways(db, wave_id).values()) == 300


def test_wrong_settings_stop_the_gateway_and_not_the_wave(db, gateways, now):
    route(db, gateways, now, "a")
    route(db, gateways, now, "b", position=2)
    wave_id, fixed = opened(db, gateways, now, count=20), make.a_wave(db, gateway="a")
    waves.open_due(db, gateways, now)
    a, b = (through(db, gateways, wave_id, name) for name in "ab")
    record(db, a, claim(db, a, now, limit=5).rows, now, Outcome.refused("balance"))
    assert waves.show(db, wave_id).wave.status == "sending"
    assert waves.show(db, fixed).wave.status == "paused"
    assert claim(db, a, now).why == "resting"
    record(db, b, claim(db, b, now).rows, now)
    assert stats.of_wave(db, wave_id).counts == {"accepted": 20}


def test_receipts_find_their_message_by_the_gateway_it_went_through(db, gateways, now):
    route(db, gateways, now, "a", weight=50)
    route(db, gateways, now, "b", weight=50)
    wave_id = opened(db, gateways, now, count=100)
    take = deliveries.Receipts(db).take
    for name in "ab":
        line = through(db, gateways, wave_id, name)
        claimed = claim(db, line, now).rows
        # Both call their messages by the same ids, as two providers may.
        results = [(each, Outcome.accepted(f"id-{n}")) for n, each in enumerate(claimed)]
        deliveries.record(db, gateway=name, worker="w", results=results, now=now)
        # Our own key from the wrong gateway says nothing.
        take("c", [Receipt("id-0", "failed", key=str(claimed[0].id))], now)
    take("a", [Receipt(f"id-{n}", "delivered") for n in range(50)], now)
    take("b", [Receipt(f"id-{n}", "undelivered", code="x") for n in range(50)], now)
    assert deliveries.apply_receipts(db, now) == {"delivered": 50, "undelivered": 50}
    with db.reading() as c:
        found = c.execute(select(rows.c.gateway, rows.c.status).where(rows.c.wave_id == wave_id)).all()
    assert Counter(map(tuple, found)) == {("a", "delivered"): 50, ("b", "undelivered"): 50}


def test_each_gateway_is_asked_about_its_own(db, gateways, now):
    gateways["b"] = FakeGateway("b", find=False, idempotent=True)
    route(db, gateways, now, "a")
    route(db, gateways, now, "b")
    wave_id = opened(db, gateways, now, count=100)
    for name in "ab":
        claim(db, through(db, gateways, wave_id, name), now, worker="dead")
    workers.leave(db, "dead")
    lines = deliveries.lines_to_ask(db, wave_id, gateways)
    assert [line.gateway for line in lines] == ["a", "b"]
    counts = []
    for line, answer in zip(lines, (NOT_THERE, CANNOT_TELL), strict=True):
        found = deliveries.orphans(db, line, workers.Watch(), now=now)
        counts.append((len(found), dict(deliveries.settle(db, line, [(each, answer) for each in found], now))))
    # b would refuse a repeat, but the next attempt might go through a: nobody can tell, so nobody tries again.
    assert counts == [(50, {"queued": 50}), (50, {"unknown": 50})]
    assert [line.gateway for line in deliveries.lines_to_ask(db, wave_id, gateways, unknown_too=True)] == ["b"]


def test_nobody_waits_in_a_ring(db, now):
    """Two waves, two gateways, answers of every kind, receipts, the look at the gateways: all at once."""
    gateways, crowd = {name: FakeGateway(name, rate=100_000.0) for name in "ab"}, Crowd()
    for name in gateways:
        route(db, gateways, now, name)
    ids = [opened(db, gateways, now, count=400, failure_limit=100) for _ in range(2)]
    answers = itertools.cycle((None, None, Outcome.refused("number-invalid"), Outcome.refused("not-connected")))

    def send(name, wave_id, worker):
        line = through(db, gateways, wave_id, name)
        claimed = claim(db, line, now, limit=9, worker=worker).rows
        receipts = [Receipt(f"{name}-{each.id}", "delivered", key=str(each.id)) for each in claimed[::3]]
        deliveries.Receipts(db).take(name, receipts, now)
        record(db, line, claimed, now, next(answers), worker=worker)

    for n in range(4):
        crowd.keep(send, "ab"[n % 2], ids[n // 2], f"w{n}")
    crowd.keep(deliveries.apply_receipts, db, now)
    moments = (now + timedelta(seconds=3 * n) for n in itertools.count())
    crowd.keep(lambda: (watching.look(db, gateways, next(moments)), weigh(db, a=0.5, b=0.7)))
    time.sleep(2)
    crowd.end()
    assert sum(stats.of_wave(db, wave_id)["delivered"] for wave_id in ids) > 0


def test_only_a_real_gateway_s_word_buries_anybody(db, now):
    gateways = {"simulator": FakeGateway("simulator"), "a": FakeGateway("a")}
    for name in gateways:
        route(db, gateways, now, name)
    wave_id = opened(db, gateways, now, count=100, failure_limit=100)
    for name in gateways:
        line = through(db, gateways, wave_id, name)
        record(db, line, claim(db, line, now).rows, now, Outcome.refused("number-invalid"))
    with db.reading() as c:
        found = c.execute(select(rows.c.gateway, contacts.c.dead).join(contacts, contacts.c.id == rows.c.contact_id))
        assert Counter(map(tuple, found)) == {("a", True): 50, ("simulator", False): 50}
