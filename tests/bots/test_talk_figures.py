"""What conversations amount to: counted by poster, and what the desk did about them."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bots import inbox, store, talk_figures
from bots.effects import hand_over
from db.tables import cases, conversations, turns
from tests.conftest import NOW

LONG_AGO = NOW - timedelta(days=365)


def heard(db, platform, person, *, topic=None, danger="none", at=NOW) -> int:
    """Somebody's message, thought about; the id of its conversation."""
    turn_id = inbox.receive(db, platform=platform, address=person, text="…", provider_id=f"{person}:{at}", now=at)
    with db.transaction() as c:
        store.mark_answered(c, turn_id, topic=topic, danger=danger)
        found = update(turns).where(turns.c.id == turn_id).values(topic=topic).returning(turns.c.conversation_id)
        return c.execute(found).scalar_one()


def test_nobody_wrote(db):
    assert talk_figures.began_by(db, LONG_AGO) == []
    assert talk_figures.of_the_desk(db, LONG_AGO) == talk_figures.DeskFigures(0, 0, 0, None, None, None, {})


def test_posters_are_counted_by_the_conversations_they_began(db):
    for person, code in (("a", "17329"), ("b", "17329"), ("c", "17353"), ("d", None)):
        conversation_id = heard(db, "web", person)
        with db.transaction() as c:
            mine = update(conversations).where(conversations.c.id == conversation_id)
            c.execute(mine.values(came_by=code))
    assert talk_figures.began_by(db, LONG_AGO) == [("17329", 2), ("17353", 1)]
    assert talk_figures.began_by(db, LONG_AGO, until=NOW) == talk_figures.began_by(db, NOW + timedelta(seconds=1)) == []
    assert talk_figures.began_by(db, LONG_AGO, limit=1) == [("17329", 2)]


@pytest.mark.parametrize(("waits", "typical"), [((4,), 4), ((2, 4, 90), 4), ((2, 4), 3)])
def test_the_desk_s_waiting_times_are_those_of_half_the_cases(db, waits, typical):
    for n, minutes in enumerate(waits):
        conversation_id = heard(db, "web", f"p{n}", danger="red")
        with db.transaction() as c:
            hand_over(c, conversation_id, "red", "cry", NOW)
            claimed = NOW + timedelta(minutes=minutes)
            mine = update(cases).where(cases.c.conversation_id == conversation_id)
            c.execute(mine.values(status="closed", outcome="helped", claimed_at=claimed, closed_at=claimed))
    found = talk_figures.of_the_desk(db, LONG_AGO)
    assert (found.opened, found.red, found.still_open) == (len(waits), len(waits), 0)
    assert found.until_claimed == found.until_closed == timedelta(minutes=typical)
    assert found.until_answered is None
    assert found.outcomes == {"helped": len(waits)}
