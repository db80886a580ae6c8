"""Replies on their way out: one that breaks keeps nobody else waiting, and none stays in anybody's hands."""

import dataclasses
import threading
import time
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
    object.__setattr__(rt, "answers", SimpleNamespace(engine=None, at_hand=None))  # no engine is needed
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
    assert replies.settle_held(rt) == {"to-send": 1}
    assert status(rt, turn_id) == "to-send"


def test_a_gateway_out_of_reach_is_asked_later(rt, monkeypatch):
    turn_id = broken_off(rt, monkeypatch)

    def away(outgoing, since):
        raise OutOfReach

    monkeypatch.setattr(rt.gateways["fake"], "find", away)
    assert replies.settle_held(rt) == {}
    assert status(rt, turn_id) == "sending"


# -- Help in danger waits for nobody ------------------------------------------------------------------------------


class Hanging(Platform):
    """A platform that does not answer before it is let go."""

    def __init__(self, name):
        super().__init__(name)
        self.asked, self.let_go = threading.Event(), threading.Event()

    def send(self, reply):
        self.asked.set()
        assert self.let_go.wait(30)
        return super().send(reply)


def written(rt, platform, person, danger="none", words="Chào bạn") -> int:
    with rt.db.transaction() as c:
        talk = store.conversation(
            c, platform=platform, person_index=person.encode(), gateway=None, language="vi", last_at=rt.clock(),
            address_sealed=rt.db.seal.seal(person, "conversations.address"),
        )
        return store.add_turn(c, conversation_id=talk, direction="out", status="to-send", danger=danger,
                              text_sealed=rt.db.seal.seal(words, "turns.text"), at=rt.clock())


@pytest.fixture
def two(db):
    """Two platforms, of which one hangs."""
    rt = a_runtime(db, {"fake": FakeGateway()}, SMS_GATEWAY="fake")
    return dataclasses.replace(rt, platforms={"zalo": Hanging("zalo"), "telegram": Platform("telegram")})


def test_a_platform_that_hangs_holds_up_neither_the_others_nor_help(two):
    hanging = two.platforms["zalo"]
    written(two, "zalo", "a"), written(two, "telegram", "b")
    first = threading.Thread(target=replies.send_replies, args=(two, STOP))
    first.start()
    assert hanging.asked.wait(10)
    until(lambda: replies._busy.now() == {"zalo"})
    later, other, cry = written(two, "zalo", "c"), written(two, "telegram", "d"), written(two, "zalo", "e", "red")
    second = threading.Thread(target=replies.send_replies, args=(two, STOP))
    second.start()
    until(lambda: status(two, other) == "sent" and status(two, cry) == "sending")
    assert status(two, later) == "to-send"
    hanging.let_go.set()
    first.join(20), second.join(20)
    assert replies.send_replies(two, STOP) == {"sent": 1}
    assert sorted(status(two, turn_id) for turn_id in (later, other, cry)) == ["sent"] * 3


def test_what_is_not_handed_over_yet_when_the_process_ends_waits_for_the_next(two):
    turn_id, stop = written(two, "telegram", "a"), threading.Event()
    stop.set()
    assert replies.send_replies(two, stop) == {"to-send": 1}
    assert (status(two, turn_id), two.platforms["telegram"].got) == ("to-send", [])


@pytest.mark.parametrize("held", ["none", "red"])
def test_a_reply_in_dead_hands_holds_help_up_for_half_a_minute_at_most(two, held):
    """Another machine holds it, of which nobody knows yet that it died."""
    written(two, "telegram", "a", held)
    sending.claim_replies(two.db, "elsewhere", 10, two.clock())
    replies.workers.beat(two.db, "elsewhere", kind="replies", now=two.clock())
    cry = written(two, "telegram", "a", "red", "Gọi 111")
    assert replies.send_replies(two, STOP) == {}
    later = dataclasses.replace(two, clock=lambda: two.clock() + sending.IN_HANDS_RED)
    assert replies.send_replies(later, STOP) == {"sent": 1}
    assert status(two, cry) == "sent"
    assert replies.settle_held(later) == ({"to-send": 1} if held == "red" else {})


def test_what_was_cut_off_by_the_end_waits_as_before(rt, monkeypatch):
    turn_id, stop = heard(rt), threading.Event()

    def cut_off(*_):
        stop.set()
        raise RuntimeError

    monkeypatch.setattr(inbox, "answer", cut_off)
    object.__setattr__(rt, "answers", SimpleNamespace(engine=None, at_hand=None))
    assert replies.answer_waiting(rt, stop) == {}
    with rt.db.reading() as c:
        assert c.execute(turns.select().where(turns.c.id == turn_id)).one().attempts == 0


def test_one_reply_that_cannot_be_made_ready_takes_no_others_along(two, monkeypatch):
    """Help goes out as it stands; the other is tried again."""
    plain, fine = written(two, "telegram", "a"), written(two, "telegram", "c")
    cry = written(two, "telegram", "b", "red")
    text = replies.Door.text

    def breaks(self, row, *rest):
        if row.id != fine:
            raise KeyError("no such phrase")
        return text(self, row, *rest)

    monkeypatch.setattr(replies.Door, "text", breaks)
    replies.send_replies(two, STOP)
    assert [status(two, turn_id) for turn_id in (plain, cry, fine)] == ["to-send", "sent", "sent"]


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
