"""What the page of a conversation is told, on both databases."""

from datetime import timedelta

from sqlalchemy import insert, update

from bots import inbox, webtalk
from db.tables import cases, conversations, turns
from tests.conftest import NOW


def heard(db, text: str, address: str = "p1") -> int:
    provider_id = f"web:{address}:{text}"
    return inbox.receive(db, platform="web", address=address, text=text, provider_id=provider_id, now=NOW)


def said(db, text: str, at=NOW - timedelta(hours=1), **more) -> int:
    row = {"conversation_id": 1, "direction": "out", "status": "sent", "at": at, **more}
    with db.transaction() as c:
        sealed = db.seal.seal(text, "turns.text")
        return c.execute(insert(turns).values(**row, text_sealed=sealed)).inserted_primary_key[0]


def texts(db, **asked) -> list[str]:
    return [turn.text for turn in webtalk.talk(db, "p1", now=NOW, **asked).turns]


def test_who_never_wrote_has_no_conversation(db):
    heard(db, "của người khác", address="p2")
    assert webtalk.talk(db, "p1", now=NOW) == webtalk.Talk()


def test_turns_are_told_oldest_first_after_one_and_before_another(db):
    first, *_rest, last = [heard(db, text) for text in ("một", "hai", "ba", "bốn")]
    heard(db, "của người khác", address="p2")
    assert texts(db) == ["một", "hai", "ba", "bốn"]
    assert texts(db, after=first) == ["hai", "ba", "bốn"]
    assert texts(db, before=last) == ["một", "hai", "ba"]
    assert texts(db, limit=2) == ["ba", "bốn"]
    assert texts(db, after=last) == []


def test_the_reply_to_a_message_is_found_and_so_is_a_message_that_came_before(db):
    turn = heard(db, "một")
    reply = said(db, "trả lời", reply_to=turn)
    talk = webtalk.talk(db, "p1", now=NOW)
    assert talk.reply_to(turn).id == reply
    assert talk.reply_to(reply) is None
    assert talk.reply_to(None) is None
    assert heard(db, "một") is None
    assert webtalk.turn_of(db, "web:p1:một") == turn
    assert webtalk.turn_of(db, "web:p1:hai") is None


def test_more_may_come_while_a_case_is_open_a_person_answers_or_has_answered(db):
    last = heard(db, "một")
    assert webtalk.talk(db, "p1", now=NOW, after=last).awaited, "the bot may still learn, and answers then"
    with db.transaction() as c:
        c.execute(update(turns).values(status="answered"))
    assert not webtalk.talk(db, "p1", now=NOW).awaited
    with db.transaction() as c:
        c.execute(insert(cases).values(conversation_id=1, danger="none", reason="asked", opened_at=NOW))
    assert webtalk.talk(db, "p1", now=NOW, after=last).awaited, "also when nothing new was said"
    with db.transaction() as c:
        c.execute(update(cases).values(status="closed"))
    assert not webtalk.talk(db, "p1", now=NOW).awaited
    with db.transaction() as c:
        c.execute(update(conversations).values(attended_by=1, attended_until=NOW + timedelta(hours=1)))
    assert webtalk.talk(db, "p1", now=NOW).awaited
    assert not webtalk.talk(db, "p1", now=NOW + timedelta(hours=2)).awaited
    said(db, "của cán bộ", written_by=1)
    assert webtalk.talk(db, "p1", now=NOW + timedelta(hours=2)).awaited


def test_what_staff_wrote_a_moment_ago_is_told_again(db):
    last = heard(db, "một")
    said(db, "của máy", at=NOW)
    said(db, "của cán bộ", at=NOW, written_by=1)
    said(db, "cũ của cán bộ", written_by=1)
    assert texts(db, after=last + 50) == ["của cán bộ"]
    assert texts(db, after=last) == ["của máy", "của cán bộ", "cũ của cán bộ"]
