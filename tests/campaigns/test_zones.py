"""People abroad get their messages in their own day, at home in ours; and what a waiting wave says of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns import deliveries, stats, waves
from campaigns.pacing import ZONE
from db.tables import deliveries as rows
from sms.gateway import Outcome
from tests import make
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")

GATEWAYS = {"fake": FakeGateway()}


def vinh(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MORNING, AFTERNOON, NIGHT = vinh("2026-12-01 09:00"), vinh("2026-12-01 15:00"), vinh("2026-12-01 23:00")


def a_list(db, **by_country: int) -> int:
    """A list of so many people in each country."""
    ids = [
        id
        for at, (country, n) in enumerate(by_country.items())
        for id in make.people(db, n, first=1000 * at + 1, country=country)
    ]
    return make.a_list(db, " ".join(by_country), ids)


def opened(db, moment, **by_country: int) -> deliveries.Line:
    wave_id = make.a_wave(db, list_ids=[a_list(db, **by_country)])
    assert wave_id in waves.open_due(db, GATEWAYS, moment)
    return deliveries.line(db, wave_id, GATEWAYS)


def claim(db, line, moment, limit=10, last=deliveries.Claim()):  # noqa: B008 - frozen
    return deliveries.claim(db, line, worker="w", limit=limit, now=moment, after=last.last, zone=last.zone)


def waiting(db, line, moment) -> waves.Waiting | None:
    return waves.waiting_why(db, waves.show(db, line.wave_id).wave, GATEWAYS, moment)


def test_a_delivery_carries_the_country_whose_hours_hold(db):
    line = opened(db, MORNING, VN=1, GB=1, KR=1, AQ=1)
    with db.reading() as c:
        found = c.execute(select(rows.c.zone).where(rows.c.wave_id == line.wave_id).order_by(rows.c.id)).scalars()
        assert list(found) == [None, "GB", "KR", None]


def test_only_those_whose_day_it_is_are_claimed(db):
    line = opened(db, MORNING, GB=2, VN=2, JP=1)
    first = claim(db, line, MORNING)
    assert (len(first.rows), first.zone) == (2, None)
    second = claim(db, line, MORNING, last=first)
    assert (len(second.rows), second.zone) == (1, "JP")
    assert claim(db, line, MORNING, last=second).why == "again"
    closed = claim(db, line, MORNING)
    assert (closed.why, closed.until) == ("quiet-hours", vinh("2026-12-01 14:00"))
    assert waiting(db, line, MORNING) == waves.Waiting("quiet-hours", vinh("2026-12-01 14:00"))
    assert waves.sending(db, GATEWAYS, MORNING) == {}
    assert waves.sending(db, GATEWAYS, AFTERNOON) == {"fake": [line.wave_id]}
    assert waiting(db, line, AFTERNOON) is None
    assert len(claim(db, line, AFTERNOON).rows) == 2


def test_zones_are_gone_through_without_missing_anybody(db):
    line = opened(db, AFTERNOON, VN=7, GB=5, FR=3)
    got, last = [], deliveries.Claim()
    while not last.why:
        last = claim(db, line, AFTERNOON, limit=2, last=last)
        got += [each.id for each in last.rows]
    assert (last.why, len(got), len(set(got))) == ("again", 15, 15)
    assert claim(db, line, AFTERNOON).why == "empty"


def test_what_is_to_be_tried_again_abroad_waits_for_its_own_day(db):
    line = opened(db, AFTERNOON, GB=1)
    late = vinh("2026-12-02 04:59:59")
    claimed = claim(db, line, late).rows
    results = [(each, Outcome.refused("gateway-trouble")) for each in claimed]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=late, chance=lambda: 1.0)
    soon = claim(db, line, late)
    assert (soon.why, soon.until) == ("later", late + timedelta(seconds=2))
    closed = claim(db, line, late + timedelta(seconds=2))
    assert (closed.why, closed.until) == ("quiet-hours", vinh("2026-12-02 14:00"))


def test_what_is_claimed_abroad_is_given_back_when_their_day_ends(db):
    line = opened(db, AFTERNOON, GB=1, VN=1)
    evening, night = vinh("2026-12-02 04:30"), vinh("2026-12-02 05:00")
    zones = {line.wave_id: {"GB"}}
    assert deliveries.unwanted(db, [line], evening, zones) == set()
    assert deliveries.unwanted(db, [line], night, zones) == {line.wave_id}
    assert deliveries.unwanted(db, [line], night, {}) == set()


@pytest.mark.parametrize(
    ("people", "moment", "opens", "code", "until"),
    [
        ({"VN": 1}, MORNING, True, None, None),
        ({"VN": 1}, NIGHT, False, "quiet-hours", "2026-12-02 07:00"),
        ({"VN": 1, "GB": 1}, NIGHT, True, None, None),
        ({"GB": 1}, MORNING, False, "quiet-hours", "2026-12-01 14:00"),
        ({"GB": 1}, AFTERNOON, True, None, None),
        ({"VN": 1}, vinh("2026-12-01 21:51"), False, "closing", "2026-12-02 07:00"),
        ({"VN": 1}, vinh("2026-12-01 21:50"), True, None, None),
        ({"VN": 1}, vinh("2027-02-06 09:00"), False, "holiday", "2027-02-11 07:00"),
        ({"GB": 1}, vinh("2027-02-06 15:00"), True, None, None),
        ({"GB": 1}, vinh("2026-12-25 15:00"), False, "holiday", "2026-12-27 14:00"),
    ],
)
@pytest.mark.parametrize("looked_at", [False, True], ids=["never previewed", "previewed"])
def test_when_a_wave_that_is_due_begins(db, people, moment, opens, code, until, looked_at):
    wave_id = make.a_wave(db, list_ids=[a_list(db, **people)])
    if looked_at:
        waves.preview(db, wave_id, GATEWAYS, moment)
    assert (waves.open_due(db, GATEWAYS, moment) != {}) is opens
    told = waves.waiting_why(db, waves.show(db, wave_id).wave, GATEWAYS, moment)
    assert told == (waves.Waiting(code, vinh(until)) if code else None)
    if until:
        assert waves.open_due(db, GATEWAYS, vinh(until)) == {wave_id: len(people)}


def test_a_wave_waits_for_its_time_and_then_for_the_morning(db):
    wave_id = make.a_wave(db, starts_at=vinh("2026-12-03 23:00"))
    told = waves.waiting_why(db, waves.show(db, wave_id).wave, GATEWAYS, MORNING)
    assert told == waves.Waiting("starts", vinh("2026-12-04 07:00"))


def test_an_officer_may_choose_to_send_on_holidays(db):
    tet = vinh("2027-02-06 09:00")
    quiet, chosen = make.a_wave(db), make.a_wave(db, on_holidays=True)
    assert waves.open_due(db, GATEWAYS, tet) == {chosen: 3}
    assert waves.preview(db, quiet, GATEWAYS, tet).starts == vinh("2027-02-11 07:00")
    assert waves.open_due(db, GATEWAYS, tet.replace(hour=23)) == {}


def test_a_holiday_that_begins_stops_a_wave_and_it_goes_on_afterwards(db):
    line = opened(db, vinh("2027-02-03 21:00"), VN=2)
    assert len(claim(db, line, vinh("2027-02-03 21:59"), limit=1).rows) == 1
    closed = claim(db, line, vinh("2027-02-04 09:00"))
    assert (closed.why, closed.until) == ("holiday", vinh("2027-02-11 07:00"))
    assert deliveries.unwanted(db, [line], vinh("2027-02-04 09:00")) == {line.wave_id}
    assert len(claim(db, line, vinh("2027-02-11 07:00")).rows) == 1


def test_a_wave_nobody_waits_for(db):
    line = opened(db, MORNING, VN=1)
    claim(db, line, MORNING)
    assert waiting(db, line, NIGHT) is None
    assert stats.of_wave(db, line.wave_id)["sending"] == 1
    draft = waves.show(db, make.a_wave(db, ready=False)).wave
    assert waves.waiting_why(db, draft, GATEWAYS, NIGHT) is None
