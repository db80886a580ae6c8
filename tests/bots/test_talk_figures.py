"""What conversations amount to: counted by platform, by poster, and what the desk did about them."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

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


def said(db, conversation_id, *, helpful=None, written_by=None, status="sent", at=NOW) -> None:
    with db.transaction() as c:
        c.execute(insert(turns).values(
            conversation_id=conversation_id, direction="out", status=status, text_sealed=b"", at=at, helpful=helpful,
            written_by=written_by,
        ))


def test_nobody_wrote(db):
    assert talk_figures.by_platform(db, LONG_AGO) == []
    assert talk_figures.began_by(db, LONG_AGO) == []
    assert talk_figures.of_the_desk(db, LONG_AGO) == talk_figures.DeskFigures(0, 0, 0, None, None, None, {})


def test_each_platform_has_its_row_the_busiest_first(db):
    zalo = heard(db, "zalo", "a", topic="deposit")
    heard(db, "zalo", "a", at=NOW + timedelta(minutes=1))
    heard(db, "zalo", "b", danger="red", topic="hotline-vn")
    heard(db, "web", "c")
    said(db, zalo, helpful=True)
    said(db, zalo, helpful=False)
    said(db, zalo)
    said(db, zalo, written_by=7)
    said(db, zalo, status="failed")
    first, second = talk_figures.by_platform(db, LONG_AGO)
    assert first == talk_figures.OnPlatform(
        "zalo", people=2, heard=3, understood=2, red=1, by_machine=4, by_staff=1, helpful=1, not_helpful=1, failed=1
    )
    assert second == talk_figures.OnPlatform("web", people=1, heard=1)


def test_only_the_time_asked_for_counts(db):
    heard(db, "web", "a", at=NOW - timedelta(days=8))
    heard(db, "web", "b", at=NOW - timedelta(days=6))
    [row] = talk_figures.by_platform(db, NOW - timedelta(days=7))
    assert (row.people, row.heard) == (1, 1)


def test_posters_are_counted_by_the_conversations_they_began(db):
    for person, code in (("a", "17329"), ("b", "17329"), ("c", "17353"), ("d", None)):
        conversation_id = heard(db, "web", person)
        with db.transaction() as c:
            mine = update(conversations).where(conversations.c.id == conversation_id)
            c.execute(mine.values(came_by=code))
    assert talk_figures.began_by(db, LONG_AGO) == [("17329", 2), ("17353", 1)]


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
