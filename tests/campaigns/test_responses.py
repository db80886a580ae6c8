"""What readers of a wave did within a week of getting it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from bots import inbox
from campaigns import consent, figures, optouts, responses, stops
from db import keepsakes
from db.tables import contacts, list_members, response_counts
from db.tables import deliveries as rows
from db.tables import responses as done
from sms.gateway import Outcome
from tests import make
from tests.campaigns.test_figures import arrive, opened, send

DAY = timedelta(days=1)


@pytest.fixture
def commune(db):
    return make.area(db, "17662")


@pytest.fixture
def wave(db, now, commune):
    """Three people of a commune have got it."""
    wave_id = opened(db, now, make.people(db, 3, area=commune))
    send(db, wave_id, now)
    return wave_id


def note(db, at, n=1, kind=responses.REPLIED):
    with db.transaction() as c:
        return responses.note(c, db.seal.index(make.number(n)), kind, at)


def test_the_first_time_counts(db, now, wave, commune):
    assert [note(db, now + DAY), note(db, now + 2 * DAY), note(db, now + DAY, 2)] == [wave] * 3
    note(db, now + DAY, kind=responses.ASKED)
    assert figures.responses(db, wave) == {commune: {"replied": 2, "asked": 1}}


@pytest.mark.parametrize(("after", "counts"), [
    (timedelta(0), True),
    (timedelta(days=6, hours=23), True),
    (timedelta(days=7), False),
    (timedelta(days=60), False),
    (-DAY, False),
])  # fmt: skip
def test_for_a_week(db, now, wave, after, counts):
    assert note(db, now + after) == (wave if counts else None)


def test_it_is_the_newest_wave_that_they_got(db, now, wave):
    second = opened(db, now + DAY, make.people(db, 1, first=50))
    with db.reading() as c:
        ids = list(c.execute(select(contacts.c.id).order_by(contacts.c.id)).scalars())
    third = opened(db, now + 2 * DAY, ids)
    claimed = send(db, third, now + 2 * DAY, answer={0: Outcome.refused("number-invalid")})
    arrive(db, claimed[1:2], now + 2 * DAY, "undelivered", "unreachable-now")
    assert note(db, now + 3 * DAY, 1) == wave, "the third was refused"
    assert note(db, now + 3 * DAY, 2) == wave, "the third did not arrive"
    assert note(db, now + 3 * DAY, 3) == third
    assert note(db, now + 3 * DAY, 50) == third
    assert figures.responses(db, second) == {}


def test_who_is_on_no_list_or_got_nothing_is_not_counted(db, now, wave):
    make.people(db, 1, first=90)
    assert note(db, now + DAY, 90) is None and note(db, now + DAY, 91) is None
    assert figures.responses(db, wave) == {}


def test_ways_to_say_stop(db, now, wave, commune):
    """By answering, on the page behind the address in the text, on the telephone; what a gateway says of somebody, or a
    file, says nothing of this wave.
    """
    soon = now + DAY
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index(make.number(1)), channel="sms", reason="asked", now=soon)
        consent.told_by_gateway(c, [db.seal.index(make.number(2))], soon)
    optouts.add(db, make.number(3), reason="gọi điện", by=1, now=soon)
    assert figures.responses(db, wave) == {commune: {"opted-out": 2}}
    assert figures.optouts(db, soon.date(), soon.date()) == {commune: 3}
    later = opened(db, now + 2 * DAY, make.people(db, 1, first=70, area=commune))
    send(db, later, now + 2 * DAY)
    optouts.add_file(db, make.number(70).encode(), reason="danh sách cũ", by=1, now=now + 3 * DAY)
    assert figures.responses(db, later) == {}


def test_a_gateways_word_on_many(db, now):
    """Their answers to a claim come together: everybody is out, each in their own commune."""
    communes = [make.area(db, code) for code in ("17662", "17689")]
    ids = [id for n, code in enumerate(communes) for id in make.people(db, 2, first=1 + 10 * n, area=code)]
    wave_id = opened(db, now, ids)
    send(db, wave_id, now, answer=dict.fromkeys(range(4), Outcome.refused("opted-out")))
    assert figures.optouts(db, now.date(), now.date()) == dict.fromkeys(communes, 2)


def test_after_somebody_is_erased(db, now, wave, commune):
    for n in (1, 2):
        note(db, now + DAY, n)
    with db.transaction() as c:
        person = select(contacts.c.id).where(contacts.c.number_index == db.seal.index(make.number(1))).scalar_subquery()
        for table, column in ((rows, rows.c.contact_id), (list_members, list_members.c.contact_id)):
            c.execute(delete(table).where(column == person))
        c.execute(delete(contacts).where(contacts.c.number_index == db.seal.index(make.number(1))))
    with db.reading() as c:
        assert c.execute(select(func.count()).select_from(done)).scalar_one() == 1
    assert figures.responses(db, wave) == {commune: {"replied": 2}}
    assert note(db, now + 2 * DAY, 1) is None and note(db, now + 2 * DAY, 2) == wave
    assert figures.rebuild(db)["response_counts", wave, commune, "replied"] == (2, 1), "who is gone is counted no more"


def test_counts_that_were_lost(db, now, wave, commune):
    note(db, now + DAY)
    with db.transaction() as c:
        c.execute(delete(response_counts))
    assert figures.rebuild(db) == {("response_counts", wave, commune, "replied"): (0, 1)}
    assert figures.responses(db, wave) == {commune: {"replied": 1}}


def test_what_people_wrote_before_an_upgrade(db, now, wave, commune):
    for n, day in ((1, 1), (1, 2), (2, 20), (99, 1)):
        inbox.receive(db, platform="sms", address=make.number(n), text="?", provider_id=None, now=now + day * DAY)
    inbox.receive(db, platform="web", address=make.number(3), text="?", provider_id=None, now=now + DAY)
    make.opted_out(db, make.number(3))
    known = figures.responses(db, wave)
    assert known == {commune: {"replied": 1}}
    with db.transaction() as c:
        c.execute(delete(done))
        c.execute(delete(response_counts))
        keepsakes.forget(c, "figures-filled")
    figures.mend(db, now + 30 * DAY)
    assert figures.responses(db, wave) == {commune: {"replied": 1, "opted-out": 1}}
    assert figures.rebuild(db) == {}


def test_the_page_behind_the_stop_address(db, now, wave, commune):
    with db.reading() as c:
        person = c.execute(select(contacts.c.id).order_by(contacts.c.id).limit(1)).scalar_one()
    code = stops.for_contacts(db, {person}, now)[person]
    stops.stop(db, code, now + DAY)
    assert figures.responses(db, wave) == {commune: {"opted-out": 1}}
