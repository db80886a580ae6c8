"""Messages whose sender died: asked about, settled, never guessed; and how we know that a sender died."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from campaigns import deliveries, stats, waves, workers
from campaigns.deliveries import outcomes
from db.tables import deliveries as rows
from db.tables import workers as worker_rows
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

THERE, NOT_THERE = Found(Whereabouts.THERE, "SM1"), Found(Whereabouts.NOT_THERE)
CANNOT_TELL = Found(Whereabouts.CANNOT_TELL)


@pytest.fixture
def gateways():
    return {
        "fake": FakeGateway(),
        "blind": FakeGateway("blind", find=False),
        "idempotent": FakeGateway("idempotent", find=False, idempotent=True),
        "slow": FakeGateway("slow", find_after=60.0),
    }


@pytest.fixture
def watch():
    return workers.Watch()


def left_behind(db, gateways, now, *, gateway="fake", count=1, worker="dead") -> deliveries.Line:
    """A wave whose messages were claimed by somebody who has ended since without a word."""
    wave_id = make.a_wave(db, count=count, gateway=gateway)
    waves.open_due(db, gateways, now)
    line = deliveries.line(db, wave_id, gateways)
    deliveries.claim(db, line, worker=worker, limit=count, now=now)
    workers.leave(db, worker)
    return line


def row(db):
    with db.reading() as c:
        return c.execute(select(rows)).one()


def settle(db, line, watch, answer, now):
    orphans = deliveries.orphans(db, line, watch, now=now)
    return deliveries.settle(db, line, [(orphan, answer) for orphan in orphans], now)


def test_found_at_the_gateway(db, gateways, watch, now):
    line = left_behind(db, gateways, now)
    assert settle(db, line, watch, THERE, now) == {"accepted": 1}
    assert (row(db).status, row(db).ref, row(db).segments) == ("accepted", "SM1", 1)


def test_the_gateway_never_got_it(db, gateways, watch, now):
    line = left_behind(db, gateways, now)
    assert settle(db, line, watch, NOT_THERE, now) == {"queued": 1}
    assert row(db).sent_at is None
    assert len(deliveries.claim(db, line, worker="w", limit=1, now=now).rows) == 1


def test_nobody_can_tell(db, gateways, watch, now):
    line = left_behind(db, gateways, now, gateway="blind")
    assert settle(db, line, watch, CANNOT_TELL, now) == {"unknown": 1}
    assert deliveries.claim(db, line, worker="w", limit=1, now=now).why == "empty"
    assert waves.finish_done(db, now) == [line.wave_id]


def test_a_gateway_out_of_reach_is_asked_again_for_a_while(db, gateways, watch, now):
    line, moment = left_behind(db, gateways, now), now
    for _ in range(12):
        assert settle(db, line, watch, CANNOT_TELL, moment) == {"sending": 1}
        assert deliveries.orphans(db, line, watch, now=moment) == []
        moment += timedelta(seconds=outcomes.ASK_AGAIN)
    assert settle(db, line, watch, CANNOT_TELL, moment) == {"unknown": 1}


def test_an_idempotent_gateway_may_simply_get_it_again(db, gateways, watch, now):
    line = left_behind(db, gateways, now, gateway="idempotent")
    assert settle(db, line, watch, CANNOT_TELL, now) == {"queued": 1}


def test_not_before_the_gateway_must_know(db, gateways, watch, now):
    line = left_behind(db, gateways, now, gateway="slow")
    assert deliveries.orphans(db, line, watch, now=now) == []
    watch._gone["dead"] -= 60
    assert len(deliveries.orphans(db, line, watch, now=now)) == 1


def test_an_unheard_answer_is_asked_about_when_the_gateway_must_know(db, gateways, watch, now):
    wave_id = make.a_wave(db, count=1, gateway="slow")
    waves.open_due(db, gateways, now)
    line = deliveries.line(db, wave_id, gateways)
    [claimed] = deliveries.claim(db, line, worker="alive", limit=1, now=now).rows
    results = [(claimed, Outcome.unknown())]
    deliveries.record(db, gateway="slow", worker="alive", results=results, find_after=60.0, now=now)
    assert settle(db, line, watch, NOT_THERE, now + timedelta(seconds=59)) == {}
    assert settle(db, line, watch, NOT_THERE, now + timedelta(seconds=60)) == {"queued": 1}


def test_an_answer_that_comes_too_late_changes_nothing(db, gateways, watch, now):
    """Two reconcilers asked; the first settled it and somebody sends it again already."""
    line = left_behind(db, gateways, now)
    [orphan] = deliveries.orphans(db, line, watch, now=now)
    deliveries.settle(db, line, [(orphan, NOT_THERE)], now)
    deliveries.claim(db, line, worker="w", limit=1, now=now)
    assert deliveries.settle(db, line, [(orphan, NOT_THERE)], now) == {}
    assert row(db).worker == "w"


def test_a_cancelled_wave_s_messages_are_not_queued_again(db, gateways, watch, now):
    line = left_behind(db, gateways, now)
    waves.cancel(db, line.wave_id, by=None, now=now)
    assert settle(db, line, watch, NOT_THERE, now) == {"skipped": 1}


def test_given_up_on_and_asked_once_more(db, gateways, watch, now):
    line = left_behind(db, gateways, now, count=2, gateway="blind")
    settle(db, line, watch, CANNOT_TELL, now)
    waves.finish_done(db, now)
    assert deliveries.orphans(db, line, watch, now=now) == []
    first, second = deliveries.orphans(db, line, watch, now=now, unknown_too=True)
    answers = [(first, THERE), (second, NOT_THERE)]
    assert deliveries.settle(db, line, answers, now) == {"accepted": 1, "queued": 1}
    assert waves.show(db, line.wave_id).wave.status == "sending"
    assert stats.of_wave(db, line.wave_id).counts == {"accepted": 1, "queued": 1}


def test_receipts_that_were_given_up_on_are_remembered(db, gateways, watch, now):
    line = left_behind(db, gateways, now)
    deliveries.Receipts(db).take("fake", [Receipt("SM1", "delivered")], now)
    later = now + timedelta(minutes=11)
    deliveries.apply_receipts(db, later)
    settle(db, line, watch, THERE, later)
    assert row(db).status == "delivered"


def test_a_message_that_can_no_longer_be_written_is_still_settled(db, gateways, watch, now):
    ids = make.people(db, 1, fields_sealed=db.seal.seal('{"name": "Hương"}', "contacts.fields"))
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)], version_id=make.a_version(db, vi="{{ name }}"))
    waves.open_due(db, gateways, now)
    line = deliveries.line(db, wave_id, gateways)
    deliveries.claim(db, line, worker="dead", limit=1, now=now)
    workers.leave(db, "dead")
    with db.transaction() as c:
        c.exec_driver_sql("UPDATE contacts SET fields_sealed = NULL")
    [orphan] = deliveries.orphans(db, line, watch, now=now)
    assert orphan.outgoing.to == ""


# -- who is dead


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def a_worker(db, now, name, *, host=None, pid=None):
    with db.transaction() as c:
        host, pid = host or workers.host(), pid or os.getpid()
        row = {"name": name, "host": host, "pid": pid, "kind": "sender", "started_at": now, "seen_at": now}
        c.execute(insert(worker_rows).values(row))


def lost(db, watch, names, up):
    with db.reading() as c:
        return workers.lost(c, watch, names, after=0.0, up=up)


def test_a_process_that_is_no_more_is_gone_at_once(db, watch, now):
    a_worker(db, now, "dead", pid=ended_process())
    a_worker(db, now, "alive")
    assert lost(db, watch, {"dead", "alive", "never heard of", None}, up=0.0) == ({"dead", "never heard of"}, set())


def test_a_process_of_another_machine_is_gone_after_a_long_silence_of_our_own_clock(db, watch, now):
    """Its clock may be wrong by years: only whether the mark moves counts."""
    a_worker(db, now - timedelta(days=999), "far", host="elsewhere", pid=1)
    assert lost(db, watch, {"far"}, up=1000.0) == (set(), set())
    assert lost(db, watch, {"far"}, up=1059.0) == (set(), set())
    assert lost(db, watch, {"far"}, up=1060.0) == (set(), {"far"})
    assert lost(db, watch, {"far"}, up=1600.0) == ({"far"}, set())


def test_a_sign_of_life_ends_the_silence(db, watch, now):
    a_worker(db, now, "far", host="elsewhere", pid=1)
    lost(db, watch, {"far"}, up=0.0)
    with db.transaction() as c:
        c.execute(worker_rows.update().values(seen_at=now + timedelta(seconds=5)))
    assert lost(db, watch, {"far"}, up=70.0) == (set(), set())


def test_a_silent_worker_s_messages_are_looked_for_but_not_sent_again(db, gateways, watch, now):
    """It may only be frozen, with a message in its hands."""
    line = left_behind(db, gateways, now, count=2, worker="frozen")
    a_worker(db, now, "frozen", host="elsewhere", pid=1)
    watch._seen["frozen"] = (now, workers.uptime() - workers.SILENT_SECONDS)
    first, second = deliveries.orphans(db, line, watch, now=now)
    assert deliveries.settle(db, line, [(first, THERE), (second, NOT_THERE)], now) == {"accepted": 1}
    watch._seen["frozen"] = (now, workers.uptime() - workers.GONE_SECONDS)
    assert settle(db, line, watch, NOT_THERE, now) == {"queued": 1}


def test_workers_that_hold_nothing_are_forgotten(db, gateways, watch, now):
    left_behind(db, gateways, now, worker="holds")
    a_worker(db, now, "holds", pid=ended_process())
    a_worker(db, now, "idle", pid=ended_process())
    a_worker(db, now, "alive")
    assert workers.clear_away(db, watch) == 1
    with db.reading() as c:
        assert set(c.execute(select(worker_rows.c.name)).scalars()) == {"holds", "alive"}


def test_uptime_is_not_the_clock_on_the_wall():
    assert 0 <= workers.uptime() - workers.uptime() + 1 <= 1
