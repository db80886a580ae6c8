"""Replies on their way out: one that breaks keeps nobody else waiting, and none stays in anybody's hands."""

import dataclasses
import threading
from types import SimpleNamespace

import pytest

from bots import inbox, sending, store
from bots.platform import ChatTraits
from db.tables import turns
from scheduler import replies
from sms.gateway import Outcome, OutOfReach
from tests.fakes import FakeGateway
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()


class Platform:
    def __init__(self, name="sms", **_):
        self.name, self.got, self.traits = name, [], ChatTraits()

    def send(self, reply):
        self.got.append(reply.text)
        return Outcome.accepted("ref")


@pytest.fixture
def rt(db):
    rt = a_runtime(db, {"fake": FakeGateway()}, SMS_GATEWAY="fake")
    return dataclasses.replace(rt, platforms={"sms": Platform()})


def heard(rt, text="xin chao") -> int:
    return inbox.receive(rt.db, platform="sms", address="+84912345678", text=text, provider_id=None, now=rt.clock())


def to_send(rt) -> int:
    with rt.db.transaction() as c:
        talk = store.conversation(
            c, platform="sms", person_index=b"p", gateway="fake", language=None, last_at=rt.clock(),
            address_sealed=rt.db.seal.seal("+84912345678", "conversations.address"),
        )
        sealed = rt.db.seal.seal("Chao ban", "turns.text")
        return store.add_turn(c, conversation_id=talk, direction="out", status="to-send", text_sealed=sealed,
                              at=rt.clock())


def status(rt, turn_id) -> str:
    with rt.db.reading() as c:
        return c.execute(turns.select().where(turns.c.id == turn_id)).one().status


def test_one_message_that_cannot_be_answered_keeps_nobody_waiting(rt, monkeypatch):
    bad, good = heard(rt, "bad"), heard(rt, "good")

    def answer(db, engine, turn_id, now, leaves):
        if turn_id == bad:
            raise RuntimeError
        return turn_id

    monkeypatch.setattr(inbox, "answer", answer)
    object.__setattr__(rt, "answers", SimpleNamespace(engine=None))  # no engine is needed
    assert replies.answer_waiting(rt, STOP) == {"answered": 1, "failed": 1}
    assert good != bad


def test_a_reply_is_sent_once(rt):
    turn_id = to_send(rt)
    assert replies.send_replies(rt, STOP) == {"sent": 1}
    assert replies.send_replies(rt, STOP) == {}
    assert (status(rt, turn_id), rt.platforms["sms"].got) == ("sent", ["Chao ban"])


def broken_off(rt, monkeypatch) -> int:
    """A reply whose sending broke off before anything was recorded; its worker is found gone."""
    turn_id = to_send(rt)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "record_replies", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replies.send_replies(rt, STOP)
    monkeypatch.setattr("campaigns.workers.GONE_SECONDS", 0.0)
    return turn_id


def test_a_run_that_breaks_off_in_a_living_process_leaves_nothing_behind(rt, monkeypatch):
    turn_id = broken_off(rt, monkeypatch)
    watch = replies.workers.Watch()
    assert replies.settle_held(rt, watch) == {"to-send": 1}
    assert status(rt, turn_id) == "to-send"


def test_a_gateway_out_of_reach_is_asked_later(rt, monkeypatch):
    turn_id = broken_off(rt, monkeypatch)

    def away(outgoing, since):
        raise OutOfReach

    monkeypatch.setattr(rt.gateways["fake"], "find", away)
    assert replies.settle_held(rt, replies.workers.Watch()) == {}
    assert status(rt, turn_id) == "sending"
