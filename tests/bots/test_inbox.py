"""The inbox: each message stored once, answered once, its answer sent once, whatever is repeated, late or at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from bots import desk, inbox
from campaigns import consent
from db.tables import turns
from sms.gateway import Outcome
from tests.bots.fake_engine import Echo

NUMBER = "+84912345678"


def hear(db, now, text, *, platform="sms", address=NUMBER, provider_id=None):
    return inbox.receive(db, platform=platform, address=address, text=text, provider_id=provider_id, now=now)


def talk(db, now, *texts, **who):
    """On doors of this machine, where everything may be said."""
    return [inbox.answer(db, Echo(), hear(db, now, text, **who), now, leaves=lambda *_: False) for text in texts]


def is_out(db, address=NUMBER):
    with db.reading() as c:
        return consent.is_out(c, db.seal.index(address))


def test_a_message_is_answered_and_the_answer_waits_to_be_sent(db, now):
    turn_id = hear(db, now, "xin chào")
    assert inbox.waiting(db, 10) == [turn_id]
    answered = inbox.answer(db, Echo(), turn_id, now)
    assert inbox.waiting(db, 10) == []
    [reply] = inbox.claim_replies(db, "me", 10, now)
    assert (reply.turn_id, reply.address, reply.text) == (answered.turn_id, NUMBER, "sms: xin chào")


def test_a_repeat_of_the_provider_changes_nothing(db, now):
    assert hear(db, now, "alo", provider_id="twilio:SM1") is not None
    assert hear(db, now, "alo", provider_id="twilio:SM1") is None
    assert len(inbox.waiting(db, 10)) == 1


def test_answering_twice_answers_once(db, now):
    turn_id = hear(db, now, "alo")
    assert inbox.answer(db, Echo(), turn_id, now) is not None
    assert inbox.answer(db, Echo(), turn_id, now) is None
    assert len(inbox.claim_replies(db, "me", 10, now)) == 1


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
    assert len(inbox.claim_replies(db, "me", 10, now)) == 1


def test_two_messages_within_a_moment_are_both_remembered(db, now):
    first, second = hear(db, now, "một"), hear(db, now, "hai")
    engine = Echo()

    def meanwhile():
        engine.before_reply = lambda: None
        inbox.answer(db, Echo(), second, now)

    engine.before_reply = meanwhile
    answered = inbox.answer(db, engine, first, now)
    assert answered.said.context.turns == 2


def test_a_claimed_reply_is_in_one_pair_of_hands(db, now):
    talk(db, now, "a", "b", "c")
    mine, theirs = inbox.claim_replies(db, "me", 2, now), inbox.claim_replies(db, "them", 5, now)
    assert (len(mine), len(theirs)) == (2, 1)
    outcomes = [(reply.turn_id, Outcome.accepted("x")) for reply in mine]
    assert inbox.record_replies(db, "them", outcomes, now) == {}
    assert inbox.record_replies(db, "me", outcomes, now) == {"sent": 2}


@pytest.mark.parametrize(
    ("outcome", "status", "again_after"),
    [
        (Outcome.accepted("SM1"), "sent", None),
        (Outcome.refused("gateway-trouble"), "to-send", timedelta(seconds=15)),
        (Outcome.refused("too-fast", wait=90), "to-send", timedelta(seconds=90)),
        (Outcome.refused("number-invalid"), "failed", None),
        (Outcome.unknown(), "failed", None),
    ],
    ids=["accepted", "trouble is tried again", "as long as asked", "never again", "nobody knows: not sent twice"],
)
def test_what_becomes_of_a_reply(db, now, outcome, status, again_after):
    talk(db, now, "a")
    [reply] = inbox.claim_replies(db, "me", 10, now)
    assert inbox.record_replies(db, "me", [(reply.turn_id, outcome)], now) == {status: 1}
    assert inbox.claim_replies(db, "me", 10, now) == []
    if again_after:
        assert len(inbox.claim_replies(db, "me", 10, now + again_after)) == 1


def test_an_answer_to_somebody_in_danger_is_tried_again_even_when_nobody_knows(db, now):
    talk(db, now, "help")
    [reply] = inbox.claim_replies(db, "me", 10, now)
    assert inbox.record_replies(db, "me", [(reply.turn_id, Outcome.unknown())], now) == {"to-send": 1}


def test_an_answer_that_cannot_be_sent_calls_a_person(db, now):
    talk(db, now, "a")
    [reply] = inbox.claim_replies(db, "me", 10, now)
    inbox.record_replies(db, "me", [(reply.turn_id, Outcome.refused("number-invalid"))], now)
    assert [case.reason for case in desk.to_do(db)] == [inbox.UNSENT]


def test_an_answer_that_cannot_be_opened_does_not_hold_up_the_others(db, now):
    first, _ = talk(db, now, "a", "b")
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == first.turn_id).values(text_sealed=b"damaged"))
    assert [reply.text for reply in inbox.claim_replies(db, "me", 10, now)] == ["sms: b"]
    assert inbox.holders(db) == ["me"]
    assert [case.reason for case in desk.to_do(db)] == [inbox.UNSENT]


def test_trouble_is_not_tried_for_ever(db, now):
    talk(db, now, "a")
    moment = now
    for _ in range(inbox.MOST_TRIES):
        [reply] = inbox.claim_replies(db, "me", 10, moment)
        last = inbox.record_replies(db, "me", [(reply.turn_id, Outcome.refused("not-connected"))], moment)
        moment += timedelta(days=1)
    assert last == {"failed": 1}


def test_somebody_in_danger_is_answered_first(db, now):
    talk(db, now, "a")
    talk(db, now, "help", address="+84912345679")
    assert [reply.text for reply in inbox.claim_replies(db, "me", 1, now)] == ["sms: help"]


def test_stop_holds_and_start_lifts_it(db, now):
    talk(db, now, "stop")
    assert is_out(db)
    talk(db, now, "start")
    assert not is_out(db)


def test_one_open_case_a_conversation_and_danger_only_grows(db, now):
    talk(db, now, "person", "help", "person")
    [case] = desk.to_do(db)
    assert (case.danger, case.reason, case.status) == ("red", "words", "open")


def test_the_desk_shows_red_first_then_who_waits_longest(db, now):
    talk(db, now, "person", address="+84912345670")
    talk(db, now + timedelta(minutes=1), "person", address="+84912345671")
    talk(db, now + timedelta(minutes=2), "help", address="+84912345672")
    assert [(case.danger, case.opened_at) for case in desk.to_do(db)] == [
        ("red", now + timedelta(minutes=2)), ("none", now), ("none", now + timedelta(minutes=1)),
    ]


def test_a_flood_is_answered_once_and_then_with_silence(db, now):
    answers = talk(db, now, *["alo"] * 50)
    replies = [answered.said.reply for answered in answers]
    assert replies[: inbox.FLOOD_MESSAGES] == ["sms: alo"] * inbox.FLOOD_MESSAGES
    assert replies[inbox.FLOOD_MESSAGES] == "slow_down vi sms"
    assert set(replies[inbox.FLOOD_MESSAGES + 1 :]) == {""}
    [later] = talk(db, now + timedelta(minutes=2), "alo")
    assert later.said.reply == "sms: alo"


def test_danger_and_stop_are_heard_in_a_flood(db, now):
    *_, help_answer, stop_answer = talk(db, now, *["alo"] * 20, "help", "stop")
    assert help_answer.said.reply == "sms: help"
    assert stop_answer.said.reply == "sms: stop"
    assert is_out(db)
    assert [case.danger for case in desk.to_do(db)] == ["red"]


def test_the_web_page_finds_the_answer_in_the_conversation(db, now):
    talk(db, now, "alo", platform="web", address="token")
    said = desk.conversation_of(db, platform="web", address="token")
    assert [(turn.direction, turn.text) for turn in said] == [("in", "alo"), ("out", "chat: alo")]
    assert inbox.claim_replies(db, "me", 10, now) == []
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


def test_replies_in_the_hands_of_the_dead_are_found(db, now):
    talk(db, now, "a", "b")
    inbox.claim_replies(db, "dead", 10, now)
    assert inbox.holders(db) == ["dead"]
    assert [held.reply.text for held in inbox.held_replies(db, ["dead"], 10)] == ["sms: a", "sms: b"]
    assert inbox.held_replies(db, ["me"], 10) == []
