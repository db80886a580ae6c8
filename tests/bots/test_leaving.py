"""What is added to a reply as it leaves: that it is late, its choices as numbers; and what may not leave any more."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bots import desk, inbox, sending
from bots.leaving import Door
from bots.model import NOT_ADOPTED, Choice
from bots.platform import ChatTraits
from db.tables import conversations, turns
from sms import segments
from tests import make
from tests.bots.approved import Approved
from tests.bots.talking import hear, here

QUESTION = "làm hộ chiếu ở đâu"
BUTTONS, NUMBERS = ChatTraits(), ChatTraits(buttons=False, longest_text=2_000)


@pytest.fixture
def door(book):
    return Door(book, traits={"zalo": NUMBERS, "telegram": BUTTONS, "sms": ChatTraits(buttons=False)})


def ask(db, engine, now, text=QUESTION, platform="zalo", address="u1"):
    return inbox.answer(db, engine, hear(db, now, text, platform=platform, address=address), now, here)


def left(db, now, door):
    [reply] = sending.claim_replies(db, "me", 10, now, lambda: door)
    return reply


def test_a_reply_in_time_leaves_as_it_is(db, engine, now, door):
    said = ask(db, engine, now, platform="telegram").said
    reply = left(db, now + timedelta(minutes=9), door)
    assert (reply.text, reply.choices, reply.language) == (said.reply, said.choices, "vi")
    assert reply.may_be_judged


def test_a_late_reply_says_to_what_it_answers(db, engine, now, door, book):
    """02:00 UTC is nine in the morning in Vinh."""
    said = ask(db, engine, now, platform="telegram").said
    reply = left(db, now + timedelta(hours=1), door)
    line = book.phrase("late", "vi", "chat", time="09:00", day="1/12/2026")
    assert reply.text == f"{line}\n\n{said.reply}"
    assert Approved(book).left_over(reply.text, QUESTION) == ""


def test_help_in_danger_stands_before_the_excuse(db, engine, now, door):
    said = ask(db, engine, now, "cứu em với, em bị nhốt ở Campuchia", platform="telegram").said
    reply = left(db, now + timedelta(hours=1), door)
    assert reply.text.startswith(said.reply)
    assert "09:00" in reply.text.removeprefix(said.reply)


def test_tried_again_it_says_so_once(db, engine, now, door):
    ask(db, engine, now, platform="telegram")
    first = left(db, now + timedelta(hours=1), door)
    sending.record_replies(db, "me", [(first.turn_id, sending.Outcome.refused("not-connected"))], now)
    assert left(db, now + timedelta(hours=1), door).text == first.text


@pytest.mark.parametrize("address", [make.number(1)])
@pytest.mark.parametrize("text", ["làm hộ chiếu ở đâu", "lam ho chieu o dau", "where do I get a passport"])
def test_by_sms_it_is_said_only_where_it_fits(db, engine, now, door, book, text, address):
    said = ask(db, engine, now, text, platform="sms", address=address).said
    reply = left(db, now + timedelta(hours=1), door)
    assert reply.text.endswith(said.reply)
    assert segments.count(reply.text).segments <= 2
    assert Approved(book).left_over(reply.text, text) == ""


def test_what_staff_wrote_says_when_they_wrote_it(db, engine, now, door, book):
    ask(db, engine, now, platform="telegram")
    first = left(db, now, door)
    sending.record_replies(db, "me", [(first.turn_id, sending.Outcome.accepted("1"))], now)
    with db.transaction() as c:
        talk = c.execute(select(conversations.c.id)).scalar_one()
        c.execute(insert(turns).values(conversation_id=talk, direction="out", status="to-send", written_by=7, at=now,
                                       text_sealed=db.seal.seal("Chị Lan đây", "turns.text")))
    reply = left(db, now + timedelta(minutes=30), door)
    line = book.phrase("late_staff", "vi", "chat", time="09:00", day="1/12/2026")
    assert (reply.text, reply.by_staff, reply.may_be_judged) == (f"{line}\n\nChị Lan đây", True, False)


# -- Choices ----------------------------------------------------------------------------------------------------------


def test_where_there_are_no_buttons_choices_are_numbers(db, engine, now, door, book):
    said = ask(db, engine, now).said
    reply = left(db, now, door)
    assert said.choices
    numbered = "\n".join(f"{n}. {choice.text}" for n, choice in enumerate(said.choices, start=1))
    assert reply.text == f"{said.reply}\n\n{book.phrase('choices_line', 'vi', 'chat', choices=numbered)}"
    assert Approved(book).left_over(reply.text, QUESTION) == ""
    again = ask(db, engine, now, "1").said
    assert book.answer(again.topic, "vi").title == said.choices[0].text


def test_numbers_that_stand_there_are_not_said_twice_and_none_where_they_do_not_fit(db, engine, now, door):
    said = ask(db, engine, now).said
    with db.reading() as c:
        row = c.execute(select(turns, conversations.c.platform, conversations.c.gateway, turns.c.at.label("asked_at"))
                        .join(conversations).where(turns.c.direction == "out")).one()
    choices = [Choice("A", "A"), Choice("B", "B")]
    assert door.text(row, "Chọn:\n1. A\n2. B", choices, now) == "Chọn:\n1. A\n2. B"
    tight = dataclasses.replace(door, traits={"zalo": ChatTraits(buttons=False, longest_text=len(said.reply) + 5)})
    assert tight.text(row, said.reply, said.choices, now) == said.reply


# -- What may not leave any more ----------------------------------------------------------------------------------


def test_what_expired_while_it_waited_does_not_leave_and_a_person_is_called(db, engine, now, door, book):
    ask(db, engine, now)
    outside = dataclasses.replace(door, may_say=lambda platform, gateway: frozenset())
    reply = left(db, now, outside)
    assert (reply.text, reply.choices) == (book.phrase("not_adopted", "vi", "chat"), ())
    assert [case.reason for case in make.open_cases(db)] == [NOT_ADOPTED]
    said = desk.conversation_of(db, platform="zalo", address="u1")
    assert said[-1].text == reply.text


@pytest.mark.parametrize("text", ["cứu em với, em bị nhốt ở Vinh không cho ra ngoài", "từ chối", "english please"])
def test_help_and_what_is_only_a_phrase_leave_all_the_same(db, engine, now, door, text):
    said = ask(db, engine, now, text).said
    outside = dataclasses.replace(door, may_say=lambda platform, gateway: frozenset())
    assert left(db, now, outside).text.startswith(said.reply)


def test_what_staff_wrote_is_theirs_to_say(db, engine, now, door):
    turn_id = ask(db, engine, now).turn_id
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == turn_id).values(written_by=7))
    outside = dataclasses.replace(door, may_say=lambda platform, gateway: frozenset())
    assert not left(db, now, outside).text.startswith(outside.book.phrase("not_adopted", "vi", "chat"))
