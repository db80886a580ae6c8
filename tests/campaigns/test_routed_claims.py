"""Claims of a wave by the routing table, on both databases: each message once, through the gateway it falls to then."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from campaigns import deliveries, prices, route_table, spending, stats, waves
from campaigns.deliveries import walking
from sms.gateway import Outcome
from tests import make
from tests.campaigns.routed import claim, opened, record, route, three_gateways, through, ways, weigh
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")


@pytest.fixture
def gateways():
    return three_gateways()


def test_each_gateway_takes_its_share(db, gateways, now):
    route(db, gateways, now, "a", weight=70)
    route(db, gateways, now, "b", weight=30)
    wave_id = opened(db, gateways, now, count=200)
    assert waves.sending(db, gateways, now) == {"a": [wave_id], "b": [wave_id]}
    first = claim(db, through(db, gateways, wave_id, "a"), now)
    second = claim(db, through(db, gateways, wave_id, "b"), now)
    assert (len(first.rows), len(second.rows)) == (140, 60)
    assert not {each.id for each in first.rows} & {each.id for each in second.rows}
    assert ways(db, wave_id) == {"a": 140, "b": 60}
    assert claim(db, through(db, gateways, wave_id, "a"), now).why == "empty"


def test_by_carrier_and_by_language(db, gateways, now):
    route(db, gateways, now, "a", carrier="Viettel")
    route(db, gateways, now, "b", position=2, language="en")
    route(db, gateways, now, "c", position=3)
    people = [
        *make.people(db, 3, carrier="Viettel"),
        *make.people(db, 4, first=10, carrier="MobiFone", language="en"),
        *make.people(db, 5, first=20, carrier="unknown", language="zh"),
        *make.people(db, 6, first=30, carrier="Viettel", language="en"),
    ]
    wave_id = opened(db, gateways, now, list_ids=[make.a_list(db, "l", people)])
    taken = {name: len(claim(db, through(db, gateways, wave_id, name), now).rows) for name in "cba"}
    assert taken == {"a": 9, "b": 4, "c": 5}


def test_shares_that_move_send_nobody_twice(db, gateways, now):
    """Four workers claim while the weights are turned about: every message is taken once."""
    route(db, gateways, now, "a")
    route(db, gateways, now, "b")
    wave_id, over = opened(db, gateways, now, count=600), threading.Event()
    got, lock = Counter(), threading.Lock()

    def work(name, worker):
        line = through(db, gateways, wave_id, name)
        while not over.is_set() and stats.of_wave(db, wave_id)["queued"]:
            claimed = claim(db, line, now, limit=13, worker=worker).rows
            with lock:
                got.update(each.id for each in claimed)

    threads = [threading.Thread(target=work, args=("ab"[n % 2], f"w{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for n in range(200):
        weigh(db, a=(n % 5) / 4, b=((n + 3) % 4) / 3)
        if not stats.of_wave(db, wave_id)["queued"]:
            break
    weigh(db, a=1.0, b=1.0)
    for thread in threads:
        thread.join(30)
    over.set()
    assert len(got) == 600
    assert set(got.values()) == {1}
    assert sum(ways(db, wave_id).values()) == 600


def test_when_all_are_sick_the_wave_waits(db, gateways, now):
    route(db, gateways, now, "a")
    route(db, gateways, now, "b", position=2)
    wave_id = opened(db, gateways, now, count=5)
    for name in "ab":
        line = through(db, gateways, wave_id, name)
        record(db, line, claim(db, line, now).rows, now, Outcome.refused("credentials"))
    assert waves.sending(db, gateways, now) == {}
    assert deliveries.lines(db, wave_id, gateways, now) == []
    assert stats.of_wave(db, wave_id).counts == {"queued": 5}
    assert waves.finish_done(db, now) == []
    route_table.try_again(db, "b", by=None, now=now)
    assert list(waves.sending(db, gateways, now)) == ["b"]


def test_resuming_lets_every_gateway_be_tried_again(sqlite_db, gateways, now):
    db = sqlite_db
    route(db, gateways, now, "a")
    wave_id = opened(db, gateways, now)
    line = through(db, gateways, wave_id, "a")
    record(db, line, claim(db, line, now, limit=1).rows, now, Outcome.refused("balance"))
    waves.pause(db, wave_id, reason="", by=None, now=now)
    waves.resume(db, wave_id, by=None, now=now)
    assert list(waves.sending(db, gateways, now)) == ["a"]


def test_what_falls_to_others_is_walked_past_a_part_at_a_time(db, gateways, now, monkeypatch):
    monkeypatch.setattr(walking, "LOOKED_THROUGH", 10)
    route(db, gateways, now, "a", carrier="Viettel")
    route(db, gateways, now, "b", position=2)
    people = [*make.people(db, 45), *make.people(db, 3, first=100, carrier="Viettel")]
    wave_id = opened(db, gateways, now, list_ids=[make.a_list(db, "l", people)])
    line, got, after, tries = through(db, gateways, wave_id, "a"), [], 0, 0
    while True:
        found = deliveries.claim(db, line, worker="w", limit=2, now=now, after=after)
        got, after, tries = [*got, *found.rows], found.last, tries + 1
        if found.why == "elsewhere":
            break
    assert len(got) == 3
    assert tries <= 8


def test_made_up_people_never_leave_by_a_side_road(db, gateways, now):
    route(db, gateways, now, "a")
    ids = make.people(db, 4, made_up=True)
    wave_id = opened(db, gateways, now, list_ids=[make.a_list(db, "l", ids)])
    assert stats.of_wave(db, wave_id).counts == {"queued": 4}
    route(db, gateways, now, "c", position=2)
    weigh(db, a=0.0)
    assert claim(db, through(db, gateways, wave_id, "c"), now).rows == []
    assert stats.of_wave(db, wave_id).reasons == {"skipped": {"made-up": 4}}
    other = opened(db, gateways, now, list_ids=[1])
    assert stats.of_wave(db, other).reasons["skipped"] == {"made-up": 4}


def test_what_it_costs_is_the_price_of_the_way_it_went(db, gateways, now):
    for name, vnd in (("a", 100), ("b", 300)):
        prices.put(db, gateway=name, vnd_per_segment=vnd, valid_from=now.date(), by=None, now=now)
    route(db, gateways, now, "a", carrier="Viettel")
    route(db, gateways, now, "b", position=2)
    people = [*make.people(db, 2, carrier="Viettel"), *make.people(db, 3, first=50, carrier="MobiFone")]
    list_id = make.a_list(db, "l", people)
    wave_id = make.a_wave(db, gateway="routes", list_ids=[list_id], version_id=make.a_version(db, vi="Chào"))
    assert waves.preview(db, wave_id, gateways, now).cost_vnd == 2 * 100 + 3 * 300
    weigh(db, a=0.0)
    assert waves.preview(db, wave_id, gateways, now).cost_vnd == 5 * 300
    weigh(db, b=0.0)  # while none can send: as if all could
    assert waves.preview(db, wave_id, gateways, now).cost_vnd == 2 * 100 + 3 * 300
    weigh(db, a=1.0, b=1.0)
    waves.open_due(db, gateways, now)
    for name in "ab":
        line = through(db, gateways, wave_id, name)
        record(db, line, claim(db, line, now).rows, now)
    assert spending.of_wave(db, wave_id, now).vnd == 2 * 100 + 3 * 300


def test_replies_go_first_through_each_gateway(db, now):
    gateways = {"a": FakeGateway("a", rate=10.0), "b": FakeGateway("b", rate=10.0)}
    for name in gateways:
        route(db, gateways, now, name)
    wave_id = opened(db, gateways, now, count=200)
    deliveries.spend(db, gateway="a", rate=10.0, count=15, now=now)
    a, b = (through(db, gateways, wave_id, name) for name in "ab")
    assert claim(db, a, now).why == "allowance"
    assert len(claim(db, b, now).rows) == 10
    assert len(claim(db, a, now + timedelta(seconds=1)).rows) == 5
