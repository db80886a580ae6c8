"""Reconciliation end to end: orphans, the gateway that is asked, and the replies that were held."""

import threading
from collections import Counter

import pytest

from campaigns import deliveries, stats, waves, workers
from scheduler import dispatch, retry
from sms.gateway import Found, Outcome, Whereabouts
from tests import make
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime


def left_behind(rt, count=10, handed=4) -> int:
    """A wave of which a sender that died had claimed everything and handed over `handed`."""
    wave_id = make.a_wave(rt.db, count=count)
    waves.open_due(rt.db, rt.gateways, rt.clock())
    line = deliveries.line(rt.db, wave_id, rt.gateways)
    rows = deliveries.claim(rt.db, line, worker="dead", limit=count, now=rt.clock()).rows
    for claimed in rows[:handed]:
        rt.gateways["fake"].take(claimed.outgoing)
    workers.leave(rt.db, "dead")
    return wave_id


def finish(rt, wave_id):
    dispatch.send(rt, [deliveries.line(rt.db, wave_id, rt.gateways)], stop=threading.Event())
    return stats.of_wave(rt.db, wave_id).counts


def test_nobody_twice_and_nobody_missed(db):
    gateway = FakeGateway()
    rt = a_runtime(db, {"fake": gateway})
    wave_id = left_behind(rt)
    assert retry.reconcile(rt) == {"accepted": 4, "queued": 6}
    assert finish(rt, wave_id) == {"accepted": 10}
    assert Counter(gateway.got.values()) == {1: 10}
    assert stats.faults(db, wave_id) == {}


def test_more_orphans_than_are_asked_about_at_a_time(sqlite_db, monkeypatch):
    monkeypatch.setattr(retry, "BATCH", 3)
    rt = a_runtime(sqlite_db, {"fake": FakeGateway()})
    left_behind(rt)
    assert retry.reconcile(rt) == {"accepted": 4, "queued": 6}


def test_a_gateway_that_cannot_be_asked_is_asked_later(sqlite_db):
    class Away(FakeGateway):
        away = True

        def find(self, outgoing, since):
            if self.away:
                raise ConnectionError
            return super().find(outgoing, since)

    gateway = Away()
    rt = a_runtime(sqlite_db, {"fake": gateway})
    wave_id = left_behind(rt)
    assert retry.reconcile(rt) == {}
    assert stats.of_wave(sqlite_db, wave_id).counts == {"sending": 10}
    gateway.away = False
    assert retry.reconcile(rt) == {"accepted": 4, "queued": 6}


def test_a_gateway_that_cannot_look_is_never_sent_to_again(sqlite_db):
    gateway = FakeGateway(find=False)
    rt = a_runtime(sqlite_db, {"fake": gateway})
    wave_id = left_behind(rt)
    assert retry.reconcile(rt) == {"unknown": 10}
    assert finish(rt, wave_id) == {"unknown": 10}
    assert sum(gateway.got.values()) == 4


def test_an_answer_that_was_lost(sqlite_db):
    """The gateway takes the message and the line goes dead: found, not sent again."""

    def answer(outgoing):
        gateway.take(outgoing)
        return Outcome.unknown("closed")

    gateway = FakeGateway(answer=answer)
    rt = a_runtime(sqlite_db, {"fake": gateway})
    wave_id = make.a_wave(sqlite_db, count=5)
    waves.open_due(sqlite_db, rt.gateways, rt.clock())
    assert finish(rt, wave_id) == {"sending": 5}
    assert retry.reconcile(rt, wave_ids=[wave_id]) == {"accepted": 5}
    assert set(gateway.got.values()) == {1}


def test_a_living_worker_s_messages_are_left_alone(sqlite_db):
    rt = a_runtime(sqlite_db, {"fake": FakeGateway()})
    wave_id = make.a_wave(sqlite_db, count=2)
    waves.open_due(sqlite_db, rt.gateways, rt.clock())
    line = deliveries.line(sqlite_db, wave_id, rt.gateways)
    deliveries.claim(sqlite_db, line, worker="alive", limit=2, now=rt.clock())
    assert retry.reconcile(rt) == {}


@pytest.mark.parametrize("where", Whereabouts)
def test_every_answer_of_find_is_understood(sqlite_db, where):
    gateway = FakeGateway()
    gateway.find = lambda outgoing, since: Found(where, "ref" if where is Whereabouts.THERE else None)
    rt = a_runtime(sqlite_db, {"fake": gateway})
    left_behind(rt, count=1, handed=0)
    expected = {Whereabouts.THERE: "accepted", Whereabouts.NOT_THERE: "queued", Whereabouts.CANNOT_TELL: "sending"}
    assert retry.reconcile(rt) == {expected[where]: 1}
