"""Who says stop: confirmed once, at any hour, on every channel they say it on; their own questions are answered on."""

import dataclasses
from datetime import timedelta

import pytest

from bots import sending
from campaigns import consent, deliveries, stops, waves
from sms.gateway import Outcome
from tests import make
from tests.bots.fake_engine import Echo
from tests.bots.talking import NUMBER, talk
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}
SENT = Outcome.accepted("SM1")
#: 23:30 in Vinh.
AT_NIGHT = timedelta(hours=14, minutes=30)


class Stopping(Echo):
    """As the real one, it files an opt-out and the answer that tells how under one topic."""

    def respond(self, heard):
        said = super().respond(heard)
        topics = {"stop": "opt-out", "start": "opt-in", "how do I stop?": "opt-out"}
        return dataclasses.replace(said, topic=topics.get(heard.text, said.topic))


def is_out(db, address=NUMBER) -> bool:
    with db.reading() as c:
        return consent.is_out(c, db.seal.index(address))


def write(db, now, text, outcome=SENT, **who) -> list[str]:
    """The texts that leave as an answer."""
    talk(db, now, text, engine=Stopping(), **who)
    replies = sending.claim_replies(db, "me", 10, now)
    sending.record_replies(db, "me", [(reply.turn_id, outcome) for reply in replies], now)
    return [reply.text for reply in replies]


@pytest.mark.parametrize("who", [{}, {"platform": "zalo", "address": "u1"}, {"platform": "telegram", "address": "7"}])
def test_a_stop_is_confirmed_once_a_day(db, now, who):
    assert len(write(db, now, "stop", **who)) == 1
    for hours in (0.01, 1, 12, 23.9):
        assert write(db, now + timedelta(hours=hours), "stop", **who) == []
    assert len(write(db, now + timedelta(hours=24.1), "stop", **who)) == 1, "another day, another word"


def test_on_our_own_page_every_stop_is_answered(db, now):
    answers = talk(db, now, "stop", "stop", engine=Stopping(), platform="web", address="w1")
    assert len(answers) == 2 and all(answer.turn_id for answer in answers)


def test_a_stop_after_coming_back_is_confirmed_anew(db, now):
    assert len(write(db, now, "stop")) == len(write(db, now + timedelta(minutes=1), "start")) == 1
    assert not is_out(db)
    assert len(write(db, now + timedelta(minutes=2), "stop")) == 1 and is_out(db)


def test_being_told_how_to_stop_is_no_confirmation(db, now):
    assert len(write(db, now, "how do I stop?")) == 1 and not is_out(db)
    assert len(write(db, now + timedelta(minutes=1), "stop")) == 1


def test_a_confirmation_that_never_left_confirms_nothing(db, now):
    assert write(db, now, "stop", outcome=Outcome.refused("content-refused")) and is_out(db)
    assert len(write(db, now + timedelta(hours=1), "stop")) == 1


def test_the_night_holds_no_confirmation_back(db, now):
    assert len(write(db, now + AT_NIGHT, "stop")) == 1


def test_their_own_questions_are_answered_on(db, now):
    write(db, now, "stop")
    assert write(db, now + timedelta(minutes=1), "đi Nhật hết bao nhiêu") == ["sms: đi Nhật hết bao nhiêu"]


def test_a_stop_by_sms_holds_for_waves_and_for_the_page_of_the_code(db, now):
    """Whichever way they say it, one line stands in the book, and either way leads back."""
    [contact] = make.people(db, 1)
    number = make.number(1)
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "one", [contact])])
    waves.open_due(db, GATEWAYS, now)
    write(db, now, "stop", address=number)
    got = deliveries.claim(db, deliveries.line(db, wave_id, GATEWAYS), worker="w", limit=9, now=now)
    assert not got.rows and is_out(db, number)
    code = stops.for_contacts(db, [contact], now)[contact]
    assert stops.come_back(db, code, now) and not is_out(db, number)
    assert stops.stop(db, code, now)
    write(db, now + timedelta(hours=1), "start", address=number)
    assert not is_out(db, number)


def test_a_stop_in_a_chat_is_that_chats_alone(db, now):
    """Nobody there knows which number is theirs: it says so, and how to stop what comes by SMS."""
    make.people(db, 1)
    write(db, now, "stop", platform="zalo", address="u1")
    assert is_out(db, "zalo:u1") and not is_out(db, make.number(1))
