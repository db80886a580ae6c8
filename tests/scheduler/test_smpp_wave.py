"""A wave over SMPP: long messages, receipts as they like, an SMSC that dies; and what people write back."""

import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from campaigns import consent, deliveries, stats, waves
from db.tables import turns
from runtime import lines
from scheduler import dispatch, listening, replies
from sms.gateways.smpp import Smpp
from tests import learnt, make
from tests.scheduler.make_rt import a_runtime
from tests.servers import smsc
from tests.servers.smsc import Step
from tests.waiting import until

COUNT = 40
LONG = "Đừng đưa hộ chiếu và tiền cọc cho người lạ hứa việc ở nước ngoài. 😀 " * 3


@pytest.fixture
def server():
    with smsc.serve(receipt="DELIVRD", latency=0.01) as server:
        yield server
        assert server.fake.wrongs == []


@pytest.fixture
def rt(db, server):
    gateway = Smpp("127.0.0.1", server.port, smsc.SYSTEM_ID, smsc.PASSWORD, "9029")
    begun = time.monotonic()
    # A clock that goes: what waits some seconds for another session would wait for ever otherwise.
    rt = a_runtime(db, {"smpp": gateway}, clock=lambda: make.NOW + timedelta(seconds=time.monotonic() - begun))
    engine = learnt.engine()
    object.__setattr__(rt, "answers", SimpleNamespace(engine=engine, at_hand=engine, book=engine.book))
    lines.connect(gateway, db, rt.receipts, clock=rt.clock, wake=rt.wake)
    yield rt
    gateway.close()


def a_wave(rt, now, **texts) -> int:
    list_id = make.a_list(rt.db, "everybody", make.people(rt.db, COUNT))
    version = make.a_version(rt.db, **texts) if texts else None
    wave_id = make.a_wave(rt.db, list_ids=[list_id], gateway="smpp", version_id=version)
    waves.open_due(rt.db, rt.gateways, now)
    return wave_id


def works(rt, wave_id) -> dict:
    dispatch.send(rt, [deliveries.line(rt.db, wave_id, rt.gateways)], stop=threading.Event())
    return stats.of_wave(rt.db, wave_id).counts


@pytest.mark.parametrize("text", [make.VI, LONG], ids=["one part", "several parts"])
def test_everybody_gets_it_once_and_that_is_known(rt, server, now, text):
    wave_id = a_wave(rt, now, vi=text)
    assert works(rt, wave_id) == {"accepted": COUNT}
    until(lambda: server.fake.taken[0] == len(server.fake.submits))
    deliveries.apply_receipts(rt.db, now)
    assert stats.of_wave(rt.db, wave_id).counts == {"delivered": COUNT}
    assert set(server.fake.messages.values()) == {1} and len(server.fake.messages) == COUNT
    assert stats.faults(rt.db, wave_id) == {}


def test_one_lost_part_is_an_undelivered_message(rt, server, now):
    server.fake.script(make.number(3)[1:], Step(), Step(receipt="UNDELIV"))
    wave_id = a_wave(rt, now, vi=LONG)
    works(rt, wave_id)
    until(lambda: server.fake.taken[0] == len(server.fake.submits))
    deliveries.apply_receipts(rt.db, now)
    assert stats.of_wave(rt.db, wave_id).counts == {"delivered": COUNT - 1, "undelivered": 1}


def test_the_smsc_dies_in_the_middle(rt, server, now):
    server.fake.script(make.number(20)[1:], Step(drop=True, keep=True))
    wave_id = a_wave(rt, now)
    counts = works(rt, wave_id)
    assert counts["sending"] >= 1 and counts["sending"] + counts.get("accepted", 0) + counts.get("queued", 0) == COUNT
    assert max(server.fake.messages.values()) == 1, "nobody twice"
    assert stats.faults(rt.db, wave_id) == {}


def test_a_wrong_password_pauses_the_wave_and_says_so(rt, server, now):
    server.fake.binds.extend([0x0E] * 5)
    wave_id = a_wave(rt, now)
    assert works(rt, wave_id) == {"queued": COUNT}
    wave = waves.show(rt.db, wave_id).wave
    assert (wave.status, wave.pause_reason) == ("paused", "credentials")
    assert server.fake.bind_count == 1


def written(rt) -> int:
    with rt.db.reading() as c:
        return c.execute(select(func.count()).select_from(turns).where(turns.c.direction == "in")).scalar_one()


@pytest.mark.parametrize(
    "text", ["TC", "Từ chối", "dung nhan tin nua", "Đừng nhắn tin cho tôi nữa, tôi rất bực mình. " * 2]
)
def test_who_writes_that_they_want_no_more_gets_no_more(rt, server, now, monkeypatch, text):
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.05)
    stop = threading.Event()
    heard = listening.listen(rt, stop)
    until(lambda: server.fake.bound)
    server.people_write("84912345678", text)
    until(lambda: written(rt))
    stop.set()
    heard.join(10)
    replies.answer_waiting(rt, threading.Event())
    with rt.db.reading() as c:
        assert consent.is_out(c, rt.db.seal.index("+84912345678"))
