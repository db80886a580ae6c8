"""When too much fails: the arithmetic as a table, then what becomes of the wave and of the people it spoke ill of."""

import pytest
from sqlalchemy import select, update

from campaigns import deliveries, failing, waves
from campaigns.store import dead
from db.tables import contacts
from db.tables import deliveries as rows
from sms.gateway import Outcome, Receipt
from staff import audit
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway()}


@pytest.mark.parametrize(
    ("counts", "limit", "too_many", "bad", "of"),
    [
        ({}, 20, False, 0, 0),
        ({"failed": 49}, 20, False, 0, 0),  # too few to tell
        ({"failed": 50}, 20, True, 50, 50),
        ({"failed": 10, "accepted": 40}, 20, False, 0, 0),  # 20 % is not past 20 %
        ({"failed": 11, "accepted": 39}, 20, True, 11, 50),
        ({"failed": 11, "accepted": 39}, 25, False, 0, 0),
        # what is not reported on yet says nothing of what arrives
        ({"accepted": 900, "undelivered": 20, "delivered": 29}, 20, False, 0, 0),
        ({"accepted": 900, "undelivered": 20, "delivered": 30}, 20, True, 20, 50),
        # nobody knows: not a failure
        ({"unknown": 200}, 20, False, 0, 0),
        ({"queued": 500, "skipped": 500, "failed": 30, "accepted": 10}, 20, False, 0, 0),
    ],
)
def test_when_it_is_too_much(counts, limit, too_many, bad, of):
    verdict = failing.judge(counts, None, limit)
    assert (verdict.too_many, verdict.bad, verdict.of) == (too_many, bad, of)


def test_what_was_fine_long_ago_does_not_excuse_what_is_not_fine_now():
    fine = failing.judge({"accepted": 900_000, "failed": 1}, None, 20)
    assert not fine.too_many
    later = failing.judge({"accepted": 900_040, "failed": 12}, fine.seen, 20)
    assert (later.too_many, later.bad, later.of) == (True, 11, 51)


def test_a_share_begins_anew_after_a_thousand_results_and_not_before():
    assert failing.judge({"accepted": 998, "failed": 1}, None, 20).seen is None
    assert failing.judge({"accepted": 999, "failed": 1}, None, 20).seen is not None


def test_what_somebody_has_looked_at_does_not_count_again():
    bad = {"accepted": 30, "failed": 30, "delivered": 30, "undelivered": 30}
    assert failing.judge(bad, None, 20).too_many
    seen = failing.all_seen(bad)
    assert not failing.judge(bad, seen, 20).too_many
    assert not failing.judge({**bad, "failed": 79}, seen, 20).too_many
    assert failing.judge({**bad, "failed": 80}, seen, 20).too_many


# -- stories


def opened(db, now, count=80, **plan) -> deliveries.Line:
    wave_id = make.a_wave(db, count=count, **plan)
    waves.open_due(db, GATEWAYS, now)
    return deliveries.line(db, wave_id, GATEWAYS)


def send(db, line, now, outcome, limit) -> list:
    claimed = deliveries.claim(db, line, worker="w", limit=limit, now=now).rows
    results = [(each, outcome) for each in claimed]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now)
    return claimed


def accepted(db, line, now, limit) -> None:
    claimed = deliveries.claim(db, line, worker="w", limit=limit, now=now).rows
    results = [(each, Outcome.accepted(f"ref-{each.id}")) for each in claimed]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now)


def wave(db, line):
    return waves.show(db, line.wave_id).wave


def how_many_dead(db) -> int:
    with db.reading() as c:
        return len(c.execute(select(contacts.c.id).where(contacts.c.dead)).all())


def test_a_wave_pauses_itself_and_says_what_fails_most(db, now):
    line = opened(db, now)
    accepted(db, line, now, 38)
    send(db, line, now, Outcome.refused("content-refused"), 3)
    assert wave(db, line).status == "sending"
    send(db, line, now, Outcome.refused("blocked-by-carrier"), 9)
    assert (wave(db, line).status, wave(db, line).pause_reason) == ("paused", "too-many-failures")
    assert waves.paused_by_itself(db, line.wave_id)
    newest = audit.latest(db, about=f"wave:{line.wave_id}")[0]
    assert (newest.action, newest.actor) == ("waves.pause", "system")
    for words in ('"code": "blocked-by-carrier"', '"failed": 12', '"of": 50', '"percent": 24', '"limit": 20'):
        assert words in newest.detail


def test_a_plan_may_bear_more(db, now):
    line = opened(db, now, failure_limit=100)
    send(db, line, now, Outcome.refused("content-refused"), 80)
    assert wave(db, line).status == "sending"


def test_whoever_lets_it_go_on_has_looked(db, now):
    line = opened(db, now, count=120)
    send(db, line, now, Outcome.refused("content-refused"), 50)
    assert wave(db, line).status == "paused"
    waves.resume(db, line.wave_id, by=None, now=now)
    send(db, line, now, Outcome.refused("content-refused"), 10)
    assert wave(db, line).status == "sending"
    send(db, line, now, Outcome.refused("content-refused"), 40)
    assert wave(db, line).pause_reason == "too-many-failures"


def test_receipts_that_say_it_did_not_arrive_pause_it_too(db, now):
    line = opened(db, now)
    accepted(db, line, now, 60)
    with db.reading() as c:
        refs = list(c.execute(select(rows.c.ref).where(rows.c.ref.is_not(None))).scalars())
    told = [Receipt(ref, "undelivered" if n < 15 else "delivered", "unreachable-now") for n, ref in enumerate(refs)]
    deliveries.Receipts(db).take("fake", told, now)
    deliveries.apply_receipts(db, now)
    assert wave(db, line).pause_reason == "too-many-failures"


def test_a_provider_s_bad_day_buries_nobody_for_good(db, now):
    line = opened(db, now)
    before = make.people(db, 1, first=5_000_000, dead=True)
    send(db, line, now, Outcome.refused("number-invalid"), 40)
    assert how_many_dead(db) == 41
    with db.reading() as c:
        told = c.execute(select(contacts.c.dead_at, contacts.c.dead_wave).where(contacts.c.dead_at.is_not(None)))
        assert set(map(tuple, told)) == {(now, line.wave_id)}
    held = deliveries.claim(db, line, worker="w", limit=5, now=now).rows  # in the hands of a sender when it stops
    send(db, line, now, Outcome.refused("number-invalid"), 10)
    assert wave(db, line).status == "paused"
    assert '"revived": 50' in audit.latest(db, about=f"wave:{line.wave_id}")[0].detail
    results = [(each, Outcome.refused("number-invalid")) for each in held]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now)
    with db.reading() as c:
        assert list(c.execute(select(contacts.c.id).where(contacts.c.dead)).scalars()) == before


def test_who_died_earlier_stays_dead(db, now):
    """Another wave's word stands."""
    [person] = make.people(db, 1)
    with db.transaction() as c:
        c.execute(update(contacts).where(contacts.c.id == person).values(dead=True, dead_wave=7))
        assert dead.bury(c, [person], wave_id=8, now=now) == 0
        assert (dead.revive(c, 8), dead.revive(c, 7)) == (0, 1)
