"""What grows old is found before people are told it."""

import dataclasses
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bots import adoption, inbox
from bots.answering import due
from bots.answering.living import overlaid
from bots.engine import Engine
from bots.model import NOT_ADOPTED
from db.tables import conversations, turns
from messages.book import Fact
from tests.bots.answering.writing import TODAY, TOPIC, changed, shipped
from tests.conftest import NOW


def with_answer(**parts):
    return overlaid(shipped(), {(TOPIC, "vi"): changed(**parts)})


def of_topic(found):
    return [each for each in found if (each.topic, each.language) == (TOPIC, "vi")]


@pytest.mark.parametrize(
    "left, listed, gone", [(61, False, False), (60, True, False), (0, True, False), (-1, True, True)]
)
def test_expiring_and_expired(left, listed, gone):
    book = with_answer(expires=TODAY + timedelta(days=left))
    found = of_topic(due.expiring(book, TODAY))
    assert [each.days for each in found] == ([left] if listed else [])
    assert (TOPIC in due.expired(book, TODAY)) is gone


def fact(**parts):
    values = {"claim_vi": "", "claim_en": "", "source": "A | B", "source_date": "2026-01-01", "confidence": "high"}
    return Fact("f", **{**values, **parts})


@pytest.mark.parametrize(
    "parts, codes",
    [
        ({}, []),
        ({"source_date": "undated"}, []),
        ({"source_date": "2021-05"}, ["fact-old"]),
        ({"source_date": "2022"}, []),
        ({"source_date": "undated (c. 2024)", "confidence": "medium"}, ["fact-fair"]),
        ({"source_date": "2025-01-01", "confidence": "medium"}, []),
        ({"source_date": "2019, read 2026"}, []),
        ({"expires": TODAY + timedelta(days=60)}, ["fact-ends"]),
        ({"expires": TODAY + timedelta(days=61)}, []),
    ],
)
def test_why_an_answer_should_be_read_over(parts, codes):
    answer = with_answer(sources=("f",), reviewed=TODAY)
    book = dataclasses.replace(answer, facts={"f": fact(**parts)})
    found = of_topic(due.stale(book, TODAY))
    assert [reason.code for each in found for reason in each.reasons] == codes


@pytest.mark.parametrize("days, codes", [(180, []), (181, ["unread"])])
def test_not_read_over_for_long(days, codes):
    book = with_answer(sources=(), reviewed=TODAY - timedelta(days=days))
    assert [reason.code for each in of_topic(due.stale(book, TODAY)) for reason in each.reasons] == codes


def test_the_worst_comes_first():
    book = with_answer(expires=date(2026, 11, 30))
    assert due.stale(book, TODAY)[0].topic == TOPIC


def heard(db, topics, at=NOW):
    """One conversation in which these topics were answered in order."""
    with db.transaction() as c:
        index = f"{topics}{at}".encode()
        row = {"platform": "web", "person_index": index, "address_sealed": b"x", "created_at": at, "last_at": at}
        talk = c.execute(insert(conversations).values(**row).returning(conversations.c.id)).scalar_one()
        said = {"conversation_id": talk, "direction": "in", "status": "answered", "text_sealed": b"x", "at": at}
        c.execute(insert(turns), [{**said, "topic": topic} for topic in topics])


def test_said_not_to_help(db):
    for n in range(3):
        heard(db, [TOPIC, due.COMPLAINT, "deposit"], NOW + timedelta(seconds=n))
    heard(db, ["deposit", due.COMPLAINT])
    heard(db, [due.COMPLAINT])
    assert due.complaints(db, NOW + timedelta(days=1)) == {TOPIC: (3, 3)}
    assert due.complaints(db, NOW + timedelta(days=91)) == {}
    reasons = of_topic(due.stale(with_answer(sources=(), reviewed=TODAY), TODAY, {TOPIC: (3, 3)}))[0].reasons
    assert [(reason.code, reason.what) for reason in reasons] == [("unhelpful", "3/3")]


def test_a_few_complaints_among_many_are_no_sign(db):
    for n in range(3):
        heard(db, [TOPIC, due.COMPLAINT], NOW + timedelta(seconds=n))
    heard(db, [TOPIC] * 40)
    assert due.complaints(db, NOW + timedelta(days=1)) == {}


def test_an_expired_answer_is_not_said_outside(sqlite_db, small_book, monkeypatch):
    """A person is called instead; where nothing leaves this machine it is said, so that staff can try it."""
    db, engine = sqlite_db, Engine.train(small_book)
    everything = frozenset({*small_book.topics, "phrase:first_message"})
    monkeypatch.setattr(adoption, "may_say", lambda *_: everything)
    day = small_book.answer("fees", "vi").expires
    for outside, days, withheld in ((True, 0, False), (True, 1, True), (False, 1, False)):
        now = NOW.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=days)
        turn_id = inbox.receive(db, platform="web", address=f"{outside}{days}", provider_id=None,
                                text=small_book.answer("fees", "vi").title, now=now)  # fmt: skip
        said = inbox.answer(db, engine, turn_id, now, lambda *_, outside=outside: outside).said
        assert said.withheld is withheld
        assert ("fees" in said.reply) is not withheld
        assert any(getattr(effect, "reason", "") == NOT_ADOPTED for effect in said.effects) is withheld
