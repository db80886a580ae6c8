"""The inbox: each message stored once and answered once, in order, whatever is repeated, late or at once."""

import random
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from bots import desk, inbox, sending, silence
from campaigns import consent
from db.tables import turns
from tests import make
from tests.bots.fake_engine import Echo
from tests.bots.talking import NUMBER, hear, talk


def is_out(db, address=NUMBER):
    with db.reading() as c:
        return consent.is_out(c, db.seal.index(address))


def test_a_message_is_answered_and_the_answer_waits_to_be_sent(db, now):
    turn_id = hear(db, now, "xin chào")
    assert inbox.waiting(db, 10) == [turn_id]
    answered = inbox.answer(db, Echo(), turn_id, now)
    assert inbox.waiting(db, 10) == []
    [reply] = sending.claim_replies(db, "me", 10, now)
    assert (reply.turn_id, reply.address, reply.text) == (answered.turn_id, NUMBER, "sms: xin chào")


def test_a_repeat_of_the_provider_changes_nothing(db, now):
    assert hear(db, now, "alo", provider_id="twilio:SM1") is not None
    assert hear(db, now, "alo", provider_id="twilio:SM1") is None
    assert len(inbox.waiting(db, 10)) == 1


def test_answering_twice_answers_once(db, now):
    turn_id = hear(db, now, "alo")
    assert inbox.answer(db, Echo(), turn_id, now) is not None
    assert inbox.answer(db, Echo(), turn_id, now) is None
    assert len(sending.claim_replies(db, "me", 10, now)) == 1


def test_two_threads_answering_the_same_turn_make_one_reply(db, now):
    turn_id = hear(db, now, "alo")
    engine, both = Echo(), threading.Barrier(2, timeout=10)
    engine.before_reply = both.wait
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(inbox.answer(db, engine, turn_id, now))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([answered for answered in answers if answered]) == 1
    assert len(sending.claim_replies(db, "me", 10, now)) == 1


def test_two_messages_within_a_moment_are_both_answered_in_order_each_once(db, now):
    first, second = hear(db, now, "một"), hear(db, now + timedelta(milliseconds=100), "hai")
    engine, between = Echo(), []

    def meanwhile():
        engine.before_reply = lambda: None
        between.append(inbox.answer(db, Echo(), second, now))

    engine.before_reply = meanwhile
    assert inbox.answer(db, engine, first, now) is None  # whoever answered the second had answered it by then
    assert between[0].said.context.turns == 2
    with db.reading() as c:
        replies = c.execute(select(turns.c.reply_to).where(turns.c.direction == "out").order_by(turns.c.id))
        assert list(replies.scalars()) == [first, second]


@pytest.mark.parametrize("seed", range(3))
def test_whoever_answers_what_the_answers_come_in_order(db, now, seed):
    """Three workers pick at random among the messages of two people."""
    asked = [hear(db, now, f"{person} {n}", platform="zalo", address=person) for n in range(6) for person in "ab"]
    chance = random.Random(seed)
    picks = [chance.sample(asked, len(asked)) for _ in range(3)]
    threads = [threading.Thread(target=lambda ids=ids: [inbox.answer(db, Echo(), each, now) for each in ids])
               for ids in picks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as c:
        columns = turns.c.conversation_id, turns.c.reply_to
        rows = c.execute(select(*columns).where(turns.c.direction == "out").order_by(turns.c.id)).all()
    assert sorted(row.reply_to for row in rows) == sorted(asked)
    for talk_id in {row.conversation_id for row in rows}:
        theirs = [row.reply_to for row in rows if row.conversation_id == talk_id]
        assert theirs == sorted(theirs)


def test_what_cannot_be_answered_is_tried_later_and_then_given_to_a_person(db, now):
    bad, good = hear(db, now, "bad"), hear(db, now, "good")
    engine = Echo()
    engine.before_reply = lambda: 1 / 0
    for attempt in range(inbox.MOST_TRIES):
        moment = now + timedelta(minutes=attempt)
        assert inbox.answer(db, engine, good, moment) is None  # after it, or not at all
    assert [case.reason for case in make.open_cases(db)] == [inbox.UNANSWERED]
    assert inbox.waiting(db, 10) == [good] != [bad]
    assert inbox.answer(db, Echo(), good, moment).said.reply == "sms: good"


@pytest.mark.parametrize(("words", "danger"), [("phí bao nhiêu", "none"), ("cứu em với, em bị nhốt", "red")])
def test_a_cry_that_could_not_be_answered_is_urgent_all_the_same(db, now, words, danger):
    turn_id = hear(db, now, words)
    for _ in range(inbox.MOST_TRIES):
        inbox.put_off(db, turn_id, now)
    assert [case.danger for case in make.open_cases(db)] == [danger]


@pytest.mark.parametrize("values", [{"text": "a\ud83d"}, {"provider_id": "x:\ud83d\0"}, {"text": "a\0"}])
def test_what_nothing_can_hold_is_taken_in_without_it(db, now, values):
    """Half an emoji must not keep a gateway trying for ever, and somebody from being heard."""
    values = {"text": "a", "provider_id": "x:1", **values}
    heard = inbox.receive(db, platform="sms", address=make.number(1), now=now, **values)
    assert inbox.answer(db, Echo(), heard, now).said.reply.startswith("sms: a")


def test_stop_holds_and_start_lifts_it(db, now):
    talk(db, now, "stop")
    assert is_out(db)
    talk(db, now, "start")
    assert not is_out(db)


def test_one_open_case_a_conversation_and_danger_only_grows(db, now):
    talk(db, now, "person", "help", "person")
    [case] = make.open_cases(db)
    assert (case.danger, case.reason, case.status) == ("red", "words, asked", "open")


def test_the_desk_shows_red_first_then_who_waits_longest(db, now):
    talk(db, now, "person", address="+84912345670")
    talk(db, now + timedelta(minutes=1), "person", address="+84912345671")
    talk(db, now + timedelta(minutes=2), "help", address="+84912345672")
    assert [(case.danger, case.opened_at) for case in make.open_cases(db)] == [
        ("red", now + timedelta(minutes=2)), ("none", now), ("none", now + timedelta(minutes=1)),
    ]


def test_a_flood_is_answered_once_and_then_with_silence(db, now):
    answers = talk(db, now, *(f"alo {n} nhé" for n in range(50)), platform="zalo", address="u1")
    replies = [answered.said.reply for answered in answers]
    assert replies[: silence.FLOOD_MESSAGES] == [f"chat: alo {n} nhé" for n in range(silence.FLOOD_MESSAGES)]
    assert replies[silence.FLOOD_MESSAGES] == "slow_down vi chat"
    assert set(replies[silence.FLOOD_MESSAGES + 1 :]) == {""}
    [later] = talk(db, now + timedelta(minutes=2), "alo", platform="zalo", address="u1")
    assert later.said.reply == "chat: alo"


def test_danger_and_stop_are_heard_in_a_flood(db, now):
    *_, help_answer, stop_answer = talk(db, now, *(f"alo {n}" for n in range(20)), "help", "stop")
    assert help_answer.said.reply == "sms: help"
    assert stop_answer.said.reply == "sms: stop"
    assert is_out(db)
    assert [case.danger for case in make.open_cases(db)] == ["red"]


def test_the_web_page_finds_the_answer_in_the_conversation(db, now):
    talk(db, now, "alo", platform="web", address="token")
    said = desk.conversation_of(db, platform="web", address="token")
    assert [(turn.direction, turn.text) for turn in said] == [("in", "alo"), ("out", "chat: alo")]
    assert sending.claim_replies(db, "me", 10, now) == []
    assert desk.conversation_of(db, platform="web", address="another") == []


def test_nothing_a_person_wrote_or_is_reached_by_lies_open_in_the_database(sqlite_db, now, tmp_path):
    talk(sqlite_db, now, "con tôi đang ở Calais")
    with sqlite_db.engine.connect() as c:
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = (tmp_path / "an-lo.db").read_bytes()
    assert b"Calais" not in content
    assert b"912345678" not in content


def test_a_book_pasted_into_the_box_is_cut(db, now):
    [answered] = talk(db, now, "x" * 1_000_000)
    assert len(answered.said.why[0]) == inbox.LONGEST_TEXT


