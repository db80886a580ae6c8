"""From a platform's door to its reply, by the tasks as the clock calls them."""

import dataclasses
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from bots import desk, inbox
from bots.platform import ChatTraits, Incoming
from db.tables import arrivals, cases, conversations, turns
from scheduler import replies, tasks
from sms.gateway import Outcome
from tests import learnt, make
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
AWAY = Outcome.refused("not-connected")


class Chat:
    """A platform on this machine that may be away."""

    name, traits = "zalo", ChatTraits(leaves_machine=False)

    def __init__(self):
        self.got, self.away = [], False

    def send(self, reply):
        if self.away:
            return AWAY
        self.got.append((reply.address, reply.text))
        return Outcome.accepted(f"m{len(self.got)}")


class Clock:
    def __init__(self):
        self.at = make.NOW

    def __call__(self):
        return self.at


@pytest.fixture
def rt(db):
    engine = learnt.engine()
    rt = dataclasses.replace(a_runtime(db, {}, clock=Clock()), platforms={"zalo": Chat()})
    object.__setattr__(rt, "answers", SimpleNamespace(engine=engine, at_hand=engine, book=engine.book))
    return rt


def bring(rt, *incoming):
    rt.arrivals.take("zalo", incoming, rt.clock())


def work(rt, rounds=1):
    for _ in range(rounds):
        for run in (replies.take_in, replies.answer_waiting, replies.send_replies):
            run(rt, STOP)


def test_what_a_door_brings_is_answered_once_and_in_order(rt):
    message = Incoming("m1", "u1", text="xin chào")
    bring(rt, message, Incoming("m2", "u1", text="làm hộ chiếu ở đâu"), Incoming("m3", "u2", text="hello"))
    bring(rt, message)
    work(rt, 3)
    got = rt.platforms["zalo"].got
    assert [address for address, _ in got].count("u1") == 2
    to_first = [text for address, text in got if address == "u1"]
    assert rt.book.answer("passport-apply", "vi").chat in to_first[1]
    assert rt.wake.is_set()


def test_a_platform_away_for_an_hour_gets_each_reply_once_and_late_ones_say_so(rt):
    rt.platforms["zalo"].away = True
    bring(rt, *(Incoming(f"m{n}", f"u{n}", text="làm hộ chiếu ở đâu") for n in range(5)))
    for _ in range(60):
        work(rt)
        rt.clock.at += timedelta(minutes=1)
    rt.platforms["zalo"].away = False
    for _ in range(10):
        work(rt)
        rt.clock.at += timedelta(minutes=1)
    got = rt.platforms["zalo"].got
    assert sorted(address for address, _ in got) == [f"u{n}" for n in range(5)]
    late = rt.book.phrase("late", "vi", "chat", time="09:00", day="1/12/2026")
    assert all(text.startswith(late) for _, text in got)
    assert make.open_cases(rt.db) == []


def test_one_message_that_cannot_be_answered_is_put_off(rt, monkeypatch):
    bring(rt, Incoming("m1", "u1", text="xin chào"))
    replies.take_in(rt, STOP)
    monkeypatch.setattr(inbox, "answer", lambda *_: 1 / 0)
    assert replies.answer_waiting(rt, STOP) == {"failed": 1}
    assert replies.answer_waiting(rt, STOP) == {}
    rt.clock.at += timedelta(minutes=1)
    assert replies.answer_waiting(rt, STOP) == {"failed": 1}


def test_a_place_sent_while_a_red_case_was_open_is_seen_by_staff_at_once(rt):
    bring(rt, Incoming("m1", "u1", text="cứu em với, em bị nhốt không cho ra ngoài"))
    work(rt)
    with rt.db.transaction() as c:
        c.execute(update(cases).values(status="closed"))
    rt.clock.at += timedelta(hours=2)
    bring(rt, Incoming("m2", "u1", "location", "18.67, 105.69"))
    work(rt)
    assert [(case.danger, case.reason) for case in make.open_cases(rt.db)] == [("red", "location")]
    assert rt.platforms["zalo"].got[-1][1] == rt.book.phrase("red_location", "vi", "chat")
    said = desk.conversation_of(rt.db, platform="zalo", address="u1")
    assert [turn.text for turn in said if turn.kind == "location"] == ["18.67, 105.69"]


def test_a_button_under_an_answer(rt):
    bring(rt, Incoming("m1", "u1", text="làm hộ chiếu ở đâu"))
    work(rt)
    with rt.db.reading() as c:
        answer = c.execute(select(turns.c.id).where(turns.c.direction == "out")).scalar_one()
    bring(rt, Incoming("p1", "u1", "press", f"choice:{answer}:0"), Incoming("p2", "u1", "press", f"helpful:{answer}:1"))
    work(rt, 2)
    assert len(rt.platforms["zalo"].got) == 3
    assert rt.platforms["zalo"].got[-1][1] == rt.book.phrase("judged_thanks", "vi", "chat")


def test_the_clock_tidies_up(rt):
    bring(rt, Incoming("m1", "u1", text="xin chào"))
    replies.take_in(rt, STOP)
    with rt.db.transaction() as c:
        c.execute(update(conversations).values(attended_by=7, attended_until=rt.clock()))
    rt.clock.at += timedelta(days=4)
    by_name = {task.name: task for task in tasks.TASKS}
    assert tasks.run(rt, by_name["let_bot_return"], STOP) == {"returned": 1}
    assert tasks.run(rt, by_name["tidy_inbox"], STOP) == {"forgotten": 1}
    with rt.db.reading() as c:
        assert c.execute(select(arrivals)).all() == []


@pytest.mark.parametrize("task,done", [(replies.take_in, "taken"), (replies.answer_waiting, "answered")])
def test_the_work_steps_aside_while_doors_are_crowded_but_not_for_ever(rt, monkeypatch, task, done):
    bring(rt, Incoming("m1", "u1", text="xin chào"), Incoming("m2", "u2", text="xin chào"))
    if task is replies.answer_waiting:
        replies.take_in(rt, STOP)
    asked = []
    monkeypatch.setattr(type(rt.arrivals), "is_crowded", lambda arrivals: asked.append(1) or True)
    monkeypatch.setattr(replies, "STEPS_ASIDE", 0.3)
    began = time.monotonic()
    assert task(rt, STOP)[done] == 2
    assert len(asked) > 3 and time.monotonic() - began >= 0.3
