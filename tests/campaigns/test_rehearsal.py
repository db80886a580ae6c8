"""A rehearsal tells what a real run then does, and touches nothing; what it warns of, told in both languages."""

import dataclasses
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns import deliveries, prices, programme, rehearsal, waves
from campaigns.pacing import ZONE
from campaigns.rehearsal import playing
from campaigns.rehearsal.result import Warning, from_json, to_json
from db.tables import allowances, approvals, contacts, spending, wave_tally
from db.tables import deliveries as rows
from db.tables import waves as wave_rows
from messages.errors import LANGUAGES, Mistake, sentence
from sms.gateways.simulator import Simulator
from sms.gateways.simulator_script import script_of
from staff import audit
from tests import make
from tests.fakes import FakeGateway

FAKE = {"fake": FakeGateway()}
AREAS = ("16936", "17329", "17000")


def at(text: str) -> datetime:
    """ "01T08:00" is a moment of December 2026 in Vietnam."""
    text = text if text.startswith("202") else f"2026-12-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def communes(db):
    """Three communes, one after the other on the list: 40, 30 and 20 people."""
    ids = []
    for code, count in zip(AREAS, (40, 30, 20), strict=True):
        make.area(db, code, f"Xã {code}")
        ids += make.people(db, count, first=1000 + len(ids), area=code)
    return ids


@pytest.fixture
def price(db, now):
    for gateway in ("fake", "simulator"):
        prices.put(db, gateway=gateway, vnd_per_segment=500, valid_from=date(2026, 1, 1), by=None, now=now)


def a_wave(db, ids, **plan):
    return make.a_wave(db, list_ids=[make.a_list(db, f"danh sách {len(ids)}", ids)], **plan)


def played(db, wave_id, now, gateways=FAKE, **more):
    return rehearsal.rehearse(db, wave_id, gateways, now=now, by=None, **more).result


def codes(result):
    return {warning.code: dict(warning.values) for warning in result.warnings}


# -- what it says is what happens


def really(db, wave_id, gateway, now):
    """Sends the wave as the dispatcher would, on a clock that is moved by hand to whenever something can happen."""
    gateways = {gateway.name: gateway}
    while not waves.open_due(db, gateways, now):
        now += timedelta(minutes=30)
    line, after, zone = deliveries.line(db, wave_id, gateways), 0, None
    while True:
        got = deliveries.claim(db, line, worker="w", limit=500, now=now, after=after, zone=zone)
        if got.rows:
            answers = gateway.send([row.outgoing for row in got.rows])
            results = list(zip(got.rows, answers, strict=True))
            deliveries.record(db, gateway=gateway.name, worker="w", results=results, now=now)
        if got.why in ("empty", "paused"):
            return
        after, zone = (0, None) if got.why else (got.last, got.zone)
        if got.why == "allowance":
            now += timedelta(seconds=5)
        elif got.until:
            now = got.until


def what_happened(db, wave_id):
    """By commune the first and the last hand-over, by day how many, as the rows say."""
    with db.reading() as c:
        sent = c.execute(
            select(rows.c.area, rows.c.sent_at).where(rows.c.wave_id == wave_id, rows.c.sent_at.is_not(None))
        ).all()
    times = {}
    for area, moment in sent:
        times.setdefault(area, []).append(moment)
    days = Counter(moment.astimezone(ZONE).date() for _, moment in sent)
    return {area: (min(those), max(those)) for area, those in times.items()}, dict(days)


@pytest.mark.parametrize(
    ("plan", "begins"),
    [
        ({"rate": 0.1}, "01T09:00"),
        ({"rate": 0.1}, "01T21:48"),
        ({"rate": 0.1}, "01T23:00"),
        ({"rate": 0.1, "daily_quota": 25}, "01T09:00"),
        ({"rate": 0.1}, "2026-12-31T21:48"),
        ({"rate": 0.1, "on_holidays": True}, "2026-12-31T21:48"),
        ({"rate": 0.1, "budget_vnd": 20_000}, "01T09:00"),
    ],
    ids=["a morning", "into the night", "due at night", "a quota", "a holiday", "on holidays too", "a budget"],
)
def test_what_is_rehearsed_is_what_happens(db, communes, price, tmp_path, plan, begins):
    moment = at(begins).astimezone(UTC)
    simulator = Simulator(tmp_path / "simulator.db", secret="s", clock=lambda: moment)
    wave_id = a_wave(db, communes, gateway="simulator", **plan)
    told = played(db, wave_id, moment, {"simulator": simulator})
    really(db, wave_id, simulator, moment)
    times, days = what_happened(db, wave_id)
    assert [area.code for area in told.areas] == [code for code in AREAS if code in times]
    assert {day.day: day.messages for day in told.days} == days
    assert sum(area.people for area in told.areas) == sum(days.values()) == told.messages
    for area in told.areas:
        first, last = times[area.code]
        assert abs(area.first - first) <= timedelta(seconds=15), area
        assert abs(area.last - last) <= timedelta(seconds=15), area
    spent = sum(row.vnd for row in _table(db, spending))
    assert told.cost_vnd == spent
    simulator.close()


def test_abroad_it_is_another_hour(db, communes, price, tmp_path):
    """Half of the second commune lives in England: their morning is our afternoon."""
    moment = at("01T09:00").astimezone(UTC)
    with db.transaction() as c:
        c.execute(contacts.update().where(contacts.c.id.in_(communes[55:70])).values(country="GB"))
    simulator = Simulator(tmp_path / "simulator.db", secret="s", clock=lambda: moment)
    wave_id = a_wave(db, communes, gateway="simulator", rate=0.1)
    told = played(db, wave_id, moment, {"simulator": simulator})
    really(db, wave_id, simulator, moment)
    times, days = what_happened(db, wave_id)
    assert {day.day: day.messages for day in told.days} == days
    reached = {area.code: area for area in told.areas}
    assert reached["17329"].last > at("01T14:00")
    for code, (first, last) in times.items():
        assert abs(reached[code].first - first) <= timedelta(seconds=15)
        assert abs(reached[code].last - last) <= timedelta(seconds=15)
    simulator.close()


def _table(db, table):
    with db.reading() as c:
        return c.execute(select(table)).all()


def test_nothing_is_sent_and_nothing_is_counted(db, communes, price, now):
    """Not even beside a wave that is being sent."""
    other = make.a_wave(db, count=3)
    waves.open_due(db, FAKE, now)
    wave_id = a_wave(db, communes, rate=0.5, ready=False)
    tables = (rows, wave_tally, spending, allowances, wave_rows, contacts, approvals)
    before = [_table(db, table) for table in tables]
    result = played(db, wave_id, now, outage=(at("01T09:00"), at("01T09:10")))
    assert result.messages == 90
    assert [_table(db, table) for table in tables] == before
    assert waves.show(db, other).figures["queued"] == 3
    assert FAKE["fake"].got == {}
    assert audit.latest(db, about=f"wave:{wave_id}")[0].action == "waves.rehearse"


# -- what it says


def test_who_is_left_out_and_why(db, communes, price, now):
    make.opted_out(db, make.number(1000), make.number(1001))
    result = played(db, a_wave(db, communes), now)
    assert (result.recipients, result.messages, result.skipped) == (88, 88, {"opted-out": 2})
    assert (result.segments, result.cost_vnd, result.cost_gbp) == (88, 44_000, None)


def test_what_it_costs_in_pounds(db, communes, price, now):
    prices.put_rate(db, vnd=33_000, valid_from=date(2026, 1, 1), by=None, now=now)
    assert played(db, a_wave(db, communes), now).cost_gbp == 1.36


def test_a_personal_text_is_weighed_by_its_people(db, price, now):
    people = make.people(db, 3, first=500)
    with db.transaction() as c:
        sealed = db.seal.seal('{"name": "Hoa"}', "contacts.fields")
        c.execute(contacts.update().where(contacts.c.id.in_(people[:2])).values(fields_sealed=sealed))
    version = make.a_version(db, vi="Chào {{ name }}.", vi_unaccented="", en="Dear {{ name }}.")
    result = played(db, a_wave(db, people, version_id=version), now)
    assert (result.recipients, result.failures["template-value-missing"]) == (3, 1)
    assert codes(result)["unwritable"] == {"n": 1}


def test_failures_as_the_simulators_numbers_fare(db, now):
    people = make.people(db, 200, first=1000)
    result = played(db, a_wave(db, people), now)
    assert (result.failures, result.failures_from) == ({"unreachable-now": 4, "unreachable-for-good": 2}, "simulator")


def test_the_usual_failures_are_the_simulators():
    """Of 20,000 ordinary numbers."""
    steps = [step for n in range(20_000) for step in script_of(f"+8491{n:07d}", 0).receipts]
    fates = Counter(step.code for step in steps if step.status != "delivered")
    for code, share in playing.USUAL_FAILURES.items():
        assert abs(fates[code] / 20_000 - share) < 0.005
    assert set(fates) == set(playing.USUAL_FAILURES)


@pytest.mark.rows_by_hand
def test_failures_as_the_gateway_fared_lately(db, now):
    old, lately = (make.a_wave(db) for _ in range(2))
    with db.transaction() as c:
        for wave_id, days in ((old, 31), (lately, 3)):
            c.execute(wave_rows.update().where(wave_rows.c.id == wave_id).values(
                status="finished", opened_at=now - timedelta(days=days), finished_at=now))
        tallied = [(old, "failed", "number-invalid", 900), (lately, "delivered", "", 950),
                   (lately, "undelivered", "unreachable-now", 50)]
        c.execute(wave_tally.insert(), [
            {"wave_id": wave_id, "area": "", "status": status, "reason": reason, "n": n}
            for wave_id, status, reason, n in tallied
        ])  # fmt: skip
    result = played(db, a_wave(db, make.people(db, 100, first=3000)), now)
    assert (result.failures, result.failures_from) == ({"unreachable-now": 5}, "history")
    with db.transaction() as c:
        c.execute(wave_tally.delete())


def test_failures_can_be_given(db, communes, now):
    result = played(db, a_wave(db, communes), now, failures={"blocked-by-carrier": 0.5})
    assert (result.failures, result.failures_from) == ({"blocked-by-carrier": 45}, "given")
    assert codes(result)["failures-high"] == {"percent": 50, "limit": 20}


def test_when_the_gateway_is_down(db, communes, price, now):
    down = (at("01T09:05"), at("01T10:05"))
    result = played(db, a_wave(db, communes, rate=0.1), now, outage=down)
    assert [(wait.why, wait.begins, wait.ends) for wait in result.waits] == [("outage", *down)]
    assert result.later_by == 3600
    assert set(codes(result)) == {"outage-waits", "outage-pauses"}
    assert codes(result)["outage-waits"]["n"] == 60
    other, later = {"other": FakeGateway("other")}, (at("01T12:00"), at("01T12:05"))
    calm = played(db, make.a_wave(db, rate=0.1, gateway="other"), now, other, outage=later)
    assert ("outage-nothing" in codes(calm), calm.later_by) == (True, 0)


def test_what_somebody_should_know(db, communes, now):
    campaign = programme.create(db, name="Chiến dịch", by=None, now=now, ends_on=date(2026, 12, 2))
    make.a_wave(db, starts_at=at("01T22:00"))
    wave_id = a_wave(db, communes, rate=0.1, starts_at=at("01T22:00"), daily_quota=40, campaign_id=campaign)
    result = played(db, wave_id, now)
    assert codes(result) == {
        "starts-later": {"wanted": "2026-12-01T22:00:00+07:00", "at": "2026-12-02T07:00:00+07:00"},
        "nights": {"n": 2},
        "quota-days": {"n": 3, "quota": 40},
        "price-missing": {"n": 90},
        "neighbours": {"n": 1},
        "after-campaign": {"day": "2026-12-02"},
    }
    assert [wait.why for wait in result.waits] == ["quota", "night", "quota", "night"]


def test_a_budget_without_a_price_would_stop_it(db, communes, now):
    assert "price-missing-stops" in codes(played(db, a_wave(db, communes, budget_vnd=1000, ready=False), now))


def test_a_budget_stops_it(db, communes, price, now):
    result = played(db, a_wave(db, communes, budget_vnd=10_000), now)
    assert (result.messages, result.left, result.stopped) == (20, 70, "budget")
    assert codes(result)["budget-stops"]["left"] == 70


def test_what_the_campaign_has_left_is_all_there_is(db, communes, price, now):
    campaign = programme.create(db, name="Chiến dịch", by=None, now=now, budget_vnd=10_000, daily_cap=15)
    result = played(db, a_wave(db, communes, campaign_id=campaign), now)
    assert [day.messages for day in result.days] == [15, 5]
    assert (result.left, result.stopped) == (70, "budget")


def test_nobody_and_most(db, communes, now):
    nobody = played(db, a_wave(db, []), now)
    assert (codes(nobody), nobody.ends) == ({"nobody": {"skipped": 0}}, None)
    make.opted_out(db, *(make.number(1000 + n) for n in range(46)))
    assert codes(played(db, a_wave(db, communes), now))["most-skipped"] == {"skipped": 46}


def test_a_holiday_is_named_as_one(db, communes, price):
    moment = at("2026-12-31T21:48").astimezone(UTC)
    result = played(db, a_wave(db, communes, rate=0.1), moment)
    assert [wait.why for wait in result.waits] == ["holiday"]
    assert (result.nights, result.holidays) == (2, [("2027-01-01", "VN")])


# -- kept


def test_it_is_kept_and_read_again(db, communes, price, now):
    kept = rehearsal.rehearse(
        db, a_wave(db, communes, rate=0.1), FAKE, now=now, by=None, outage=(at("01T09:05"), at("01T10:05"))
    )
    again = rehearsal.show(db, kept.id)
    assert dataclasses.replace(again, result=None) == dataclasses.replace(kept, result=None)
    assert to_json(again.result) == to_json(kept.result)
    assert from_json(to_json(kept.result)).areas[0].first == at("01T09:00")
    assert [each.id for each in rehearsal.of_wave(db, kept.wave_id)] == [kept.id]
    with pytest.raises(Mistake, match="rehearsal-unknown"):
        rehearsal.show(db, 99)


@pytest.mark.parametrize("outage", [("01T10:00", "01T09:00"), ("01T10:00", "01T10:00"), ("01T10:00", "09T10:00")])
def test_an_outage_that_cannot_be(db, communes, now, outage):
    with pytest.raises(Mistake, match="outage-wrong"):
        played(db, a_wave(db, communes), now, outage=tuple(map(at, outage)))


def test_what_has_begun_is_no_rehearsal_any_more(db, communes, now):
    wave_id = a_wave(db, communes)
    waves.open_due(db, FAKE, now)
    with pytest.raises(Mistake, match="rehearsal-late"):
        played(db, wave_id, now)
    with pytest.raises(Mistake, match="wave-unknown"):
        played(db, 99, now)
    with pytest.raises(Mistake, match="gateway-unknown"):
        played(db, make.a_wave(db, gateway="pigeon"), now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_warning_has_its_sentence(language):
    names = "n skipped wanted at left percent limit quota day minutes"
    values = {name: 1 for name in names.split()}
    for code in CODES:
        assert "{" not in sentence(f"rehearsal-{code}", language, **values)


#: Every code that verdict.py says.
CODES = (
    "nobody", "starts-later", "holidays", "nights", "quota-days", "budget-stops", "price-missing",
    "price-missing-stops", "estimated", "failures-high", "unwritable", "neighbours", "outage-nothing", "outage-waits",
    "outage-pauses", "most-skipped", "unending", "after-campaign",
)  # fmt: skip


def test_a_warning_without_values_is_plain():
    assert Warning("estimated").values == {}
