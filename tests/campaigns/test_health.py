"""How a gateway's weight moves: quickly down, slowly up; and what of the rows it is judged by."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from campaigns import deliveries, health, route_table, watching, waves
from campaigns.health import Health, Seen
from campaigns.store import routes as store
from db.tables import deliveries as rows
from sms.gateway import ERRORS, Consequence, Outcome
from tests import make
from tests.conftest import NOW
from tests.fakes import FakeGateway

LOOK = timedelta(seconds=5)


def looked(weight=1.0, *, taken=0, troubled=0, seen=None, after=LOOK, stopped=False, **known) -> Health:
    before = Health(weight, NOW, taken=taken, troubled=troubled, **known)
    return health.looked_at(before, seen, NOW + after, stopped=stopped)


@pytest.mark.parametrize(
    ("before", "taken", "troubled", "after"),
    [
        (1.0, 100, 0, 1.0),
        (1.0, 100, 5, 1.0),  # everyday
        (1.0, 100, 10, 0.81),
        (1.0, 100, 100, 0.0),
        (0.6, 100, 10, 0.512),  # with one message in ten it keeps half its share
        (0.3, 100, 10, 0.308),  # … and comes back to that slowly
        (1.0, 2, 2, 1.0),  # nothing is concluded from so few
        (0.0, 0, 0, 0.008),
        (0.995, 50, 0, 1.0),
    ],
)
def test_the_weight_after_a_look(before, taken, troubled, after):
    assert looked(before, taken=taken, troubled=troubled).weight == pytest.approx(after, abs=0.001)


def test_it_returns_by_a_tenth_a_minute():
    fares, weights = looked(taken=10, troubled=10), []
    assert (fares.weight, fares.why) == (0.0, health.ERROR)
    for minute in range(1, 12):
        fares = health.looked_at(fares, None, NOW + LOOK + timedelta(minutes=minute))
        weights.append(round(fares.weight, 3))
    assert weights == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1]
    assert fares.why is None


def test_wrong_settings_weigh_nothing():
    assert looked(stopped=True).weight == 0
    assert looked(stopped=True).why == health.SETTINGS


@pytest.mark.parametrize(
    ("usual_late", "seen", "weight"),
    [
        (0.1, Seen(100, [2.0] * 90), 1.0),
        (0.1, Seen(100, [2.0] * 75), 1.0),  # a little worse than usual
        (0.1, Seen(100, [2.0] * 50), 0.36),
        (0.1, Seen(100, []), 0.01),
        (1.0, Seen(100, []), 1.0),  # it never sends any
        (None, Seen(100, []), 1.0),  # nobody knows yet what is usual
        (0.1, Seen(4, []), 1.0),
        (0.1, None, 1.0),
    ],
)
def test_late_and_missing_receipts(usual_late, seen, weight):
    after = looked(seen=seen, usual_late=usual_late, usual_seconds=2.0)
    assert after.weight == pytest.approx(weight, abs=0.001)
    assert (after.why == health.SLOW) == (weight < 1)


def test_what_is_usual_is_learnt():
    fresh = looked(seen=Seen(10, [3.0, 4.0, 5.0] * 3))
    assert fresh.usual_late == pytest.approx(0.1)
    assert fresh.usual_seconds == 4.0
    assert looked(seen=Seen(10, [14.0] * 10), usual_late=0.0, usual_seconds=4.0).usual_seconds == 5.0
    assert health.patience(None) == timedelta(seconds=120)
    assert [health.patience(usual).total_seconds() for usual in (1.0, 50.0, 900.0)] == [60, 150, 600]


@pytest.mark.parametrize("code", ERRORS)
def test_a_number_s_fault_is_not_the_gateway_s(code):
    ours = code in ("gateway-trouble", "not-connected") or ERRORS[code] is Consequence.CONFIGURATION
    assert health.is_trouble(Outcome.refused(code)) == ours


def test_an_answer_that_never_came_is():
    assert health.is_trouble(Outcome.unknown())
    assert not health.is_trouble(Outcome.accepted("1"))


@pytest.mark.parametrize(
    ("why", "seconds", "sick"),
    [("balance", 1, True), ("balance", 0, False), ("too-fast", 1, False), ("too-fast", 60, True), ("quota", 60, True)],
)
def test_who_is_routed_round_while_it_rests(why, seconds, sick):
    assert health.is_sick(NOW + timedelta(seconds=seconds), why, NOW) == sick
    assert health.weights({"a": 0.7}, {"a": (NOW + timedelta(seconds=seconds), why)}, NOW)["a"] == (0 if sick else 0.7)


def test_with_less_than_the_least_a_gateway_gets_only_time():
    assert health.weights({"a": 0.04, "b": 0.05}, {}, NOW) == {"a": 0, "b": 0.05}


# -- on rows


@pytest.fixture
def gateways(db, now):
    names = ("a", "b")
    for place, name in enumerate(names):
        route_table.put(db, position=place + 1, gateway=name, known=names, by=None, now=now)
    return {name: FakeGateway(name) for name in names}


def fares(db, name="a"):
    with db.reading() as c:
        return next(row for row in store.health(c) if row.gateway == name)


def hand_over(db, gateways, now, *, count=20, answer=None):
    """A wave through `a`, all of it handed over."""
    wave_id = make.a_wave(db, count=count, gateway="a")
    waves.open_due(db, gateways, now)
    line = deliveries.line(db, wave_id, gateways)
    claimed = deliveries.claim(db, line, worker="w", limit=count, now=now).rows
    results = [(each, answer or Outcome.accepted(f"r{each.id}")) for each in claimed]
    deliveries.record(db, gateway="a", worker="w", results=results, now=now)
    return wave_id


def receipts(db, wave_id, now, share=1.0):
    """A share of the messages of the wave were delivered by now."""
    with db.transaction() as c:
        mine = rows.c.wave_id == wave_id
        most = c.execute(select(func.min(rows.c.id), func.count()).where(mine)).one()
        some = rows.c.id < most[0] + round(most[1] * share)
        c.execute(update(rows).where(mine, some).values(done_at=now))  # status and tally do not matter here


def test_errors_are_counted_where_results_are_recorded(db, gateways, now):
    hand_over(db, gateways, now, answer=Outcome.refused("not-connected"))
    assert (fares(db).taken, fares(db).troubled, fares(db, "b").taken) == (20, 20, 0)
    assert watching.look(db, gateways, now + LOOK) == {"fell": 1}
    assert (fares(db).weight, fares(db).taken, fares(db).why) == (0, 0, "errors")
    assert fares(db, "b").weight == 1
    assert watching.look(db, gateways, now + LOOK) == {}  # somebody looked just now
    assert watching.look(db, gateways, now + timedelta(minutes=1)) == {"rose": 1}


def test_a_gateway_with_wrong_settings_weighs_nothing_until_it_no_longer_rests(db, gateways, now):
    hand_over(db, gateways, now, answer=Outcome.refused("balance"))
    watching.look(db, gateways, now + LOOK)
    assert (fares(db).weight, fares(db).why) == (0, "settings")
    watching.look(db, gateways, now + timedelta(seconds=299))
    assert fares(db).weight == 0
    watching.look(db, gateways, now + timedelta(seconds=330))
    assert 0 < fares(db).weight < 0.1


def test_missing_receipts_make_a_gateway_slow(db, gateways, now):
    usual = hand_over(db, gateways, now)
    watching.look(db, gateways, now + LOOK)  # remembers what went out
    receipts(db, usual, now + timedelta(seconds=3))
    watching.look(db, gateways, now + timedelta(seconds=130))
    assert (fares(db).usual_late, fares(db).usual_seconds, fares(db).weight) == (0, 3, 1)
    later = now + timedelta(minutes=5)
    hand_over(db, gateways, later)
    watching.look(db, gateways, later + LOOK)
    assert watching.look(db, gateways, later + timedelta(seconds=70)) == {"fell": 1}
    assert (fares(db).why, fares(db).probes) == ("slow", "[]")
    assert fares(db).weight < 0.05


def test_a_gateway_without_receipts_is_not_slow(db, gateways, now):
    gateways["a"] = FakeGateway("a", receipts=False)
    for minute in range(3):
        moment = now + timedelta(minutes=5 * minute)
        hand_over(db, gateways, moment)
        watching.look(db, gateways, moment + LOOK)
    assert (fares(db).weight, fares(db).probes) == (1, "[]")


def test_a_gateway_in_no_route_is_not_watched(sqlite_db, now):
    gateways = {"a": FakeGateway("a")}
    hand_over(sqlite_db, gateways, now, answer=Outcome.refused("not-connected"))
    assert watching.look(sqlite_db, gateways, now) == {}
    with sqlite_db.reading() as c:
        assert store.health(c) == []
