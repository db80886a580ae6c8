"""What cannot be opened any more (another key, a damaged row) keeps staff from nothing else."""

import pytest
from sqlalchemy import update

from bots import desk as said
from bots.cases import answering, queue, search, talks, work
from bots.readable import UNREADABLE
from db.tables import case_events, conversations, turns
from tests.bots.cases.people import claimed, handed_over, minutes


@pytest.fixture
def damaged(db, now, desk):
    """A case of which nothing can be opened."""
    case = claimed(db, now, desk.lan)
    work.note(db, case.id, by=desk.lan.id, text="mẹ em gọi", now=now)
    wrong = db.seal.seal("x", "another field")
    with db.transaction() as c:
        c.execute(update(turns).values(text_sealed=wrong, why_sealed=wrong, danger="red"))
        c.execute(update(conversations).values(address_sealed=wrong))
        c.execute(update(case_events).where(case_events.c.text_sealed.is_not(None)).values(text_sealed=wrong))
    return case


def test_the_queue_the_case_and_the_conversations_are_shown(db, now, desk, damaged):
    other = handed_over(db, now, who="b")
    assert talks.cries(db, [damaged.conversation_id])[damaged.conversation_id].words == UNREADABLE
    assert [talk.address for talk in talks.recent(db, desk.lan)] == ["b", UNREADABLE]
    assert talks.show(db, desk.lan, damaged.conversation_id).address == UNREADABLE
    [turn] = queue.said(db, desk.lan, damaged.id, now=now)
    assert (turn.text, turn.why) == (UNREADABLE, ())
    assert [event.text for event in queue.events(db, damaged.id)] == ["", "", UNREADABLE]
    assert said.conversation(db, damaged.conversation_id)[0].text == UNREADABLE
    assert search.index(db) == 2
    assert [case.id for case in search.search(db, desk.lan, "cuu em")] == [other]


def test_they_can_be_answered_and_closed(db, now, desk, damaged, book):
    def say(text, at):
        return answering.reply(
            db, damaged.id, by=desk.lan.id, text=text, seen=0, now=at, silent_hours=8, book=book
        )
    first = say("Bạn ở đâu?", now)
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == first).values(text_sealed=db.seal.seal("x", "another field")))
    assert say("Alo?", now + minutes(1)) != first
    work.close(db, damaged.id, by=desk.lan.id, outcome="helped", version=damaged.version, now=now + minutes(2))
    assert queue.closed(db, desk.lan)[0].id == damaged.id
