"""What came of a wave, added up from counters: every step of it, and by place without naming anybody."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from campaigns import waves
from campaigns.figures import funnel, places, rebuilding
from campaigns.store import tally
from db.tables import areas, contacts, deliveries, responses
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}
HOUR = timedelta(hours=1)


def opened(db, now, people, **more) -> int:
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, f"l{people[:1]}", people)], **more)
    waves.open_due(db, GATEWAYS, now)
    return wave_id


def stand(db, wave_id, people, status, now, reason=None, vnd=None):
    """As if the gateway had answered so; the counters are made from the rows afterwards."""
    with db.transaction() as c:
        mine = (deliveries.c.wave_id == wave_id, deliveries.c.contact_id.in_(people))
        changes = Counter()
        for row in c.execute(select(deliveries.c.area, deliveries.c.status).where(*mine)):
            changes[tally.place(wave_id, row.area, row.status, None)] -= 1
            changes[tally.place(wave_id, row.area, status, reason)] += 1
        tally.shift(c, changes)
        c.execute(update(deliveries).where(*mine).values(status=status, reason=reason, sent_at=now, vnd=vnd))


def respond(db, wave_id, people, kind, now):
    with db.transaction() as c:
        found = c.execute(select(contacts.c.id, contacts.c.area).where(contacts.c.id.in_(people))).all()
        c.execute(insert(responses), [{"wave_id": wave_id, "contact_id": id, "area": area, "kind": kind, "at": now}
                                      for id, area in found])  # fmt: skip


def a_district(db, code="426", communes=("17001", "17002", "17003")):
    """A former district with today's communes."""
    with db.transaction() as c:
        unit = {"province": "40", "folded": "x"}
        c.execute(insert(areas), [{"code": code, "level": "former-district", "name": f"Huyện {code}", **unit}])
        c.execute(insert(areas), [{"code": each, "level": "commune", "name": f"Xã {each}", "former_district": code,
                                   **unit} for each in communes])  # fmt: skip


def test_every_step(db, now):
    people = make.people(db, 100)
    make.opted_out(db, *(make.number(n) for n in range(1, 11)))
    wave_id = opened(db, now, people)
    able = people[10:]
    stand(db, wave_id, able[:60], "delivered", now, vnd=300)
    stand(db, wave_id, able[60:70], "undelivered", now, "absent")
    stand(db, wave_id, able[70:80], "accepted", now)
    stand(db, wave_id, able[80:85], "failed", now, "number-wrong")
    respond(db, wave_id, able[:12], "asked", now + HOUR)
    respond(db, wave_id, able[:14], "replied", now + HOUR)
    respond(db, wave_id, able[:2], "opted-out", now + HOUR)
    rebuilding.rebuild(db)

    found = funnel.of_wave(db, wave_id)
    assert (found.selected, found.recipients) == (100, 90)
    assert found.left_out == {"opted-out": 10}
    assert found.lost == {"absent": 10, "number-wrong": 5}
    assert (found.handed_over.n, found.handed_over.of) == (80, 90)
    assert (found.delivered.n, found.delivered.of) == (60, 80)
    assert (found.asked.n, found.asked.of) == (12, 70)  # 60 delivered and 10 of whom nobody heard that they were not
    assert (found.replied.n, found.opted_out.n) == (14, 2)
    assert found.delivered.low < 0.75 < found.delivered.high


def test_what_one_reached_cost():
    counts = {"delivered": 40, "accepted": 10}
    assert funnel.Funnel(counts, vnd=20_000).vnd_each == 500
    assert funnel.Funnel(counts).vnd_each is None  # no price is known: it did not cost nothing
    assert funnel.Funnel({"accepted": 10}, vnd=20_000).vnd_each is None


def test_nobody_and_not_begun(db, now):
    empty = opened(db, now, [])
    draft = make.a_wave(db, ready=False)
    found = funnel.of_waves(db, [empty, draft])
    for each in found.values():
        assert (each.selected, each.handed_over.of, each.asked.of) == (0, 0, 0)
        assert each.delivered.share is None and each.vnd_each is None
    assert places.of_wave(db, empty) == places.Places([], [])


def test_who_wrote_before_it_was_said_that_nothing_arrived(db, now):
    """A rate never has more people than it is measured on."""
    people = make.people(db, 3)
    wave_id = opened(db, now, people)
    respond(db, wave_id, people, "asked", now)
    stand(db, wave_id, people[:2], "undelivered", now)
    stand(db, wave_id, people[2:], "delivered", now)
    rebuilding.rebuild(db)
    found = funnel.of_wave(db, wave_id)
    assert (found.asked.n, found.asked.of) == (1, 1)


def test_waves_together():
    one = funnel.Funnel({"delivered": 4, "skipped": 1}, {"dead": 1}, {}, {"asked": 1}, 100)
    two = funnel.Funnel({"delivered": 6, "failed": 2}, {}, {"absent": 2}, {"asked": 2}, 50)
    both = funnel.together([one, two])
    assert both.counts == {"delivered": 10, "failed": 2, "skipped": 1}
    assert (both.left_out, both.lost, both.responses, both.vnd) == ({"dead": 1}, {"absent": 2}, {"asked": 3}, 150)
    assert funnel.together([]) == funnel.Funnel()


@pytest.fixture
def by_place(db, now):
    """Three communes of one district with 40, 30 and 4 people, and twelve of whom nothing is known."""
    a_district(db)
    homes = (("17001", 40), ("17002", 30), ("17003", 4), (None, 12))
    people, first = {}, 1
    for code, n in homes:
        people[code] = make.people(db, n, first=first, area=code)
        first += n
    wave_id = opened(db, now, [each for those in people.values() for each in those])
    for those in people.values():
        stand(db, wave_id, those, "delivered", now)
    respond(db, wave_id, people["17001"][:15], "asked", now)
    respond(db, wave_id, people["17002"][:3], "asked", now)
    rebuilding.rebuild(db)
    return places.of_wave(db, wave_id)


def test_a_small_commune_is_hidden(by_place):
    shown = {place.code: place for place in by_place.communes}
    assert shown["17003"].people is None and shown["17003"].delivered.rate is None
    assert shown["17001"].people == 40 and shown[""].people == 12


def test_nobody_is_found_by_taking_away(by_place):
    """Of the district and of the whole at least two numbers are always missing, or none."""
    communes = [place for place in by_place.communes if place.district]
    (district,) = [place for place in by_place.districts if place.code == "426"]
    if district.people is not None:
        assert sum(place.people is None for place in communes) != 1
    hidden = sum(place.people is None for place in by_place.districts)
    assert hidden != 1
    for measure in ("delivered", "asked", "opted_out"):
        if getattr(district, measure).n is not None:
            assert sum(getattr(place, measure).n is None for place in communes) != 1


def test_names_and_districts(by_place):
    first = by_place.communes[0]
    assert (first.name, first.district) == ("Xã 17001", "Huyện 426")
    known = [place.people for place in by_place.communes if place.people is not None]
    assert known == sorted(known, reverse=True)
    assert by_place.communes[-1].people is None
