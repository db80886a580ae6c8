"""Stop everything while messages are leaving: after two seconds none leaves; people are answered all the same."""

import dataclasses
import threading
import time

from bots import inbox
from bots.platform import ChatTraits
from campaigns import deliveries, halts, stats, waves
from scheduler import dispatch, replies, tasks
from sms.gateway import Outcome
from tests import make
from tests.bots.fake_engine import Echo
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime


class Slow(FakeGateway):
    def __init__(self, seconds: float, **traits):
        super().__init__(**traits)
        self.seconds, self.last = seconds, 0.0

    def send(self, batch):
        time.sleep(self.seconds)
        self.last = time.monotonic()
        return super().send(batch)


def test_two_seconds_after_a_stop_no_message_leaves(db, now):
    gateways = {"fake": Slow(0.05, concurrency=8), "other": Slow(0.05, name="other", concurrency=4)}
    rt = a_runtime(db, gateways, clock=lambda: now)
    ids = [make.a_wave(db, count=800, gateway=name) for name in gateways]
    waves.open_due(db, gateways, now)
    stopped = []

    def stop():
        halts.stop(db, reason="nội dung sai", by=None, now=now)
        stopped.append(time.monotonic())

    timer = threading.Timer(1.0, stop)
    timer.start()
    senders = [
        threading.Thread(
            target=dispatch.send,
            args=(rt, [deliveries.line(db, wave_id, gateways)]),
            kwargs={"stop": threading.Event(), "seconds": 20},
        )
        for wave_id in ids
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    timer.join()
    for wave_id, gateway in zip(ids, gateways.values(), strict=True):
        figures = stats.of_wave(db, wave_id)
        assert gateway.last - stopped[0] < 2
        assert (figures["sending"], figures["accepted"]) == (0, sum(gateway.got.values()))
        assert 0 < figures["accepted"] < 800
    assert tasks.send(rt, threading.Event()) == {}
    halts.lift(db, by=None, now=now)
    assert waves.sending(db, gateways, now) == {"fake": [ids[0]], "other": [ids[1]]}


class Phone:
    """The platform people write to us on."""

    def __init__(self):
        self.name, self.got, self.traits = "sms", [], ChatTraits()

    def send(self, reply):
        self.got.append(reply.text)
        return Outcome.accepted("ref")


def test_somebody_in_danger_is_answered_while_everything_is_stopped(db, now):
    phone, engine = Phone(), Echo()
    rt = dataclasses.replace(
        a_runtime(db, {"fake": FakeGateway()}, clock=lambda: now, SMS_GATEWAY="fake"), platforms={"sms": phone}
    )
    halts.stop(db, reason="nội dung sai", by=None, now=now)
    turn_id = inbox.receive(db, platform="sms", address="+84912345678", text="help", provider_id=None, now=now)
    inbox.answer(db, engine, turn_id, now)
    replies.send_replies(rt, threading.Event())
    assert phone.got == ["sms: help"]
