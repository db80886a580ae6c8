"""Holding some people back by chance, so that one can tell what a wave brought about."""

import math
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from campaigns import controls, holding_back, waves
from campaigns.responses import WEEK
from campaigns.store import waves as wave_store
from campaigns.waves import opening
from db.tables import contacts, conversations, deliveries, optouts, turns
from messages.errors import Mistake
from staff import accounts
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def officers(db, now):
    """The ids of one who writes and one who approves."""
    for name in ("an", "lo"):
        accounts.add(db, email=f"{name}@example.vn", role="admin", now=now)
    return [each.id for each in accounts.everybody(db)]


def opened(db, now, *, count=200, control=20, **more) -> int:
    wave_id = make.a_wave(db, count=count, control=control, **more)
    waves.open_due(db, GATEWAYS, now)
    while waves.open_on(db, GATEWAYS, now):
        pass
    return wave_id


def held(db, wave_id) -> set[int]:
    with db.reading() as c:
        found = select(deliveries.c.contact_id).where(deliveries.c.wave_id == wave_id, deliveries.c.reason == "control")
        return set(c.execute(found).scalars())


def everybody(db, wave_id) -> set[int]:
    with db.reading() as c:
        return set(c.execute(select(deliveries.c.contact_id).where(deliveries.c.wave_id == wave_id)).scalars())


def wave(db, wave_id):
    return waves.show(db, wave_id).wave


def test_the_share_is_drawn_by_chance():
    """Over many keys the numbers held back spread as coins would: n·p around it, and n·p·(1 − p) about that."""
    people, percent = range(1, 1001), 20
    draws = [controls.draw(percent, controls.new_key()) for _ in range(400)]
    counts = [sum(map(draw.holds_back, people)) for draw in draws]
    mean = sum(counts) / len(counts)
    variance = sum((n - mean) ** 2 for n in counts) / (len(counts) - 1)
    expected = len(people) * 0.2 * 0.8
    assert abs(mean - 200) < 5 * math.sqrt(expected / len(counts))
    # The variance of a variance of that many normal counts is 2σ⁴/n.
    assert abs(variance - expected) < 5 * expected * math.sqrt(2 / len(counts))


def test_neighbours_do_not_fall_together():
    """Of two people side by side on a list both are held back as often as chance says."""
    draws = [controls.draw(50, controls.new_key()) for _ in range(2000)]
    both = sum(draw.holds_back(7) and draw.holds_back(8) for draw in draws)
    assert abs(both - 500) < 5 * math.sqrt(2000 * 0.25 * 0.75)


def test_the_database_draws_the_same_people(db, now):
    wave_id = opened(db, now)
    draw = controls.draw(20, wave(db, wave_id).control_key)
    assert held(db, wave_id) == {id for id in everybody(db, wave_id) if draw.holds_back(id)} != set()


def test_ids_of_a_very_large_house(db, now):
    """The arithmetic stays within what both databases hold."""
    far = 2**31 + 12345
    with db.transaction() as c:
        first = {"number_index": b"far", "number_sealed": b"x", "source": "test", "created_at": now}
        c.execute(insert(contacts).values(id=far, **first))
    wave_id = opened(db, now, list_ids=[make.a_list(db, "far", [far])], control=50)
    draw = controls.draw(50, wave(db, wave_id).control_key)
    assert held(db, wave_id) == ({far} if draw.holds_back(far) else set())


def test_opened_in_parts_a_person_falls_as_in_the_preview(db, now, monkeypatch):
    monkeypatch.setattr(opening, "PART", 17)
    wave_id = make.a_wave(db, count=200, control=30)
    seen = waves.preview(db, wave_id, GATEWAYS, now)
    waves.open_due(db, GATEWAYS, now)
    parts = 1
    while waves.open_on(db, GATEWAYS, now):
        parts += 1
    assert parts > 5
    figures = waves.show(db, wave_id).figures
    assert figures.reasons["skipped"]["control"] == seen.skipped["control"] == len(held(db, wave_id))
    assert figures["queued"] == seen.recipients == 200 - seen.skipped["control"]


def test_who_would_get_nothing_anyway_is_no_control(db, now):
    people = make.people(db, 100)
    make.opted_out(db, *(make.number(n) for n in range(1, 41)))
    wave_id = opened(db, now, list_ids=[make.a_list(db, "a", people)], control=50)
    assert held(db, wave_id) <= set(people[40:])
    assert waves.show(db, wave_id).figures.reasons["skipped"]["opted-out"] == 40


def test_two_waves_hold_back_different_people(db, now):
    lists = [make.a_list(db, "a", make.people(db, 300))]
    first, second = (opened(db, now, list_ids=lists, control=30) for _ in range(2))
    assert held(db, first) != held(db, second)


@pytest.mark.parametrize("control", [0, 4, 51, 100, -5])
def test_a_share_that_is_none(db, now, control):
    with pytest.raises(Mistake) as caught:
        make.a_wave(db, control=control, ready=False)
    assert caught.value.code == "control-wrong"


def test_an_approval_holds_whatever_chance_says(db, now, officers):
    """It covers whom chance may give the wave to, and not one more."""
    author, approver = officers
    list_id = make.a_list(db, "a", make.people(db, 60))
    wave_id = make.a_wave(db, list_ids=[list_id], control=50, ready=False, by=author)
    waves.preview(db, wave_id, GATEWAYS, now)
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=approver, digest=digest, now=now)
    with db.reading() as c:
        assert wave_store.decisions(c, wave_id)[0]["most"] == 60
    waves.schedule(db, wave_id, by=approver, now=now)
    waves.open_due(db, GATEWAYS, now)
    assert wave(db, wave_id).status == "sending"


def test_people_who_come_back_do_not_hide_behind_the_control(db, now, officers):
    """Twenty who had opted out return after the approval: with them the wave is for more than were approved."""
    author, approver = officers
    list_id = make.a_list(db, "a", make.people(db, 60))
    make.opted_out(db, *(make.number(n) for n in range(1, 21)))
    wave_id = make.a_wave(db, list_ids=[list_id], control=50, ready=False, by=author)
    waves.preview(db, wave_id, GATEWAYS, now)
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=approver, digest=digest, now=now)
    waves.schedule(db, wave_id, by=approver, now=now)
    with db.transaction() as c:
        c.execute(optouts.delete())
    waves.open_due(db, GATEWAYS, now)
    stands = wave(db, wave_id)
    assert (stands.status, stands.pause_reason) == ("paused", "approval-void")
    assert everybody(db, wave_id) == set()


def test_the_chance_is_not_drawn_again_by_editing(db, now, officers):
    wave_id = make.a_wave(db, control=20, ready=False)
    key = wave(db, wave_id).control_key
    waves.change(db, wave_id, by=None, now=now, control=None)
    waves.change(db, wave_id, by=None, now=now, control=30)
    assert wave(db, wave_id).control_key == key is not None


def test_without_a_control_group_nobody_is_held_back(db, now):
    wave_id = opened(db, now, control=None)
    assert held(db, wave_id) == set()
    assert wave(db, wave_id).control_key is None
    assert holding_back.review(db, now) == 0
    assert holding_back.effect(db, wave_id) is None


def writes(db, contact_id, at, platform="sms"):
    """What a person writes to us, without the bot."""
    with db.transaction() as c:
        person = c.execute(select(contacts.c.number_index).where(contacts.c.id == contact_id)).scalar_one()
        row = {"platform": platform, "person_index": person, "address_sealed": b"x", "created_at": at, "last_at": at}
        talk = c.execute(insert(conversations).values(row).returning(conversations.c.id)).scalar_one()
        turn = {"conversation_id": talk, "direction": "in", "status": "answered", "text_sealed": b"x", "at": at}
        c.execute(insert(turns).values(turn))


def finished(db, wave_id, now):
    with db.transaction() as c:
        wave_store.change(c, wave_id, status="finished", finished_at=now)


def test_what_both_groups_did(db, now):
    wave_id = opened(db, now, count=400, control=50)
    without = sorted(held(db, wave_id))
    got = sorted(everybody(db, wave_id) - set(without))
    make.people(db, 5, first=900_000)
    for person in got[:80]:
        writes(db, person, now + MINUTE)
    for person in without[:10]:
        writes(db, person, now + MINUTE)
    writes(db, got[90], now - MINUTE)  # before it opened
    writes(db, got[91], now + WEEK + 2 * MINUTE)  # too late
    writes(db, got[92], now + MINUTE, platform="web")  # not to be told from anybody else
    finished(db, wave_id, now + MINUTE)

    assert holding_back.review(db, now + 2 * MINUTE) == 1
    early = holding_back.effect(db, wave_id)
    assert (early.got.n, early.got.of, early.held.n, early.held.of) == (80, len(got), 10, len(without))
    assert not early.final and not early.surely  # however large the difference is
    assert holding_back.review(db, now + 3 * MINUTE) == 0  # looked at a moment ago

    over = now + WEEK + timedelta(hours=1)
    assert holding_back.review(db, over) == 1
    effect = holding_back.effect(db, wave_id)
    assert (effect.got.n, effect.held.n) == (80, 10)
    assert effect.final and effect.surely
    low, measured, high = effect.difference
    assert low < measured < high and measured == pytest.approx(80 / len(got) - 10 / len(without))
    assert holding_back.review(db, over + timedelta(days=1)) == 0  # counted for good


def test_who_opted_out_counts_on_neither_side(db, now):
    wave_id = opened(db, now, count=100, control=50)
    for person in everybody(db, wave_id):
        writes(db, person, now + MINUTE)
    with db.reading() as c:
        numbers = Counter(c.execute(select(contacts.c.number_index)).scalars())
    with db.transaction() as c:
        c.execute(insert(optouts), [{"person_index": person, "at": now, "channel": "sms"} for person in numbers])
    holding_back.review(db, now + 2 * MINUTE)
    effect = holding_back.effect(db, wave_id)
    assert (effect.got.n, effect.held.n) == (0, 0) and effect.held.of == len(held(db, wave_id))


def test_a_wave_with_nobody(db, now):
    wave_id = opened(db, now, list_ids=[make.a_list(db, "leer", [])], control=20)
    finished(db, wave_id, now)
    holding_back.review(db, now + 2 * WEEK)
    effect = holding_back.effect(db, wave_id)
    assert effect.difference is None and not effect.surely
