"""Figures of waves: kept as messages go out, told by period and commune, and counted anew from the rows."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from campaigns import consent, deliveries, figures, optouts, stats, waves
from campaigns.figures import rebuilding
from campaigns.store import figures as store
from campaigns.store import recounting
from db import keepsakes
from db.tables import contacts, spending, wave_counts, wave_figures, wave_tally
from db.tables import deliveries as rows
from sms.gateway import Outcome, Receipt
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}
HOUR = timedelta(hours=1)
CARRIERS = {"Viettel": 3, "Vinaphone": 2, "Mobifone": 1}


def people(db, first=1, area=None):
    """Six people of three carriers."""
    ids = []
    for carrier, count in CARRIERS.items():
        ids += make.people(db, count, first=first + len(ids), carrier=carrier, area=area)
    return ids


def opened(db, now, ids=None, **plan):
    ids = people(db) if ids is None else ids
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, f"list {random.random()}", ids)], **plan)
    waves.open_due(db, GATEWAYS, now)
    return wave_id


def send(db, wave_id, now, count=100, answer=None):
    """Hands over `count` of them at `now`; each is accepted, or `answer`ed by its id."""
    line = deliveries.line(db, wave_id, GATEWAYS)
    claimed = deliveries.claim(db, line, worker="w", limit=count, now=now).rows
    results = [(each, (answer or {}).get(n) or Outcome.accepted(f"SM{each.id}")) for n, each in enumerate(claimed)]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now, chance=lambda: 0.0)
    return claimed


def arrive(db, claimed, now, status="delivered", code=None):
    given = [Receipt(f"SM{each.id}", status, code=code, key=str(each.id)) for each in claimed]
    deliveries.Receipts(db).take("fake", given, now)
    deliveries.apply_receipts(db, now)


def hours(db, wave_id):
    return {at.hour: counts for at, counts in figures.wave_hours(db, wave_id)}


# -- kept as things happen


def test_a_waves_life_by_carrier_and_hour(db, now):
    wave_id = opened(db, now)
    assert figures.wave_carriers(db, wave_id) == {name: {("queued", ""): n} for name, n in CARRIERS.items()}
    assert figures.wave_hours(db, wave_id) == [], "nothing was handed over"
    early = send(db, wave_id, now, count=4)
    send(db, wave_id, now + HOUR, count=2)
    assert figures.wave_hours(db, wave_id) == [(now, {"accepted": 4}), (now + HOUR, {"accepted": 2})]
    arrive(db, early[:3], now + 2 * HOUR)
    arrive(db, early[3:], now + 2 * HOUR, "undelivered", "unreachable-now")
    assert hours(db, wave_id) == {now.hour: {"delivered": 3, "undelivered": 1}, now.hour + 1: {"accepted": 2}}
    assert figures.wave_carriers(db, wave_id) == {
        "Viettel": {("delivered", ""): 3},
        "Vinaphone": {("undelivered", "unreachable-now"): 1, ("accepted", ""): 1},
        "Mobifone": {("accepted", ""): 1},
    }


def test_what_was_refused_was_handed_over_in_no_hour(db, now):
    wave_id = opened(db, now)
    send(db, wave_id, now, answer={0: Outcome.refused("number-invalid"), 1: Outcome.refused("gateway-trouble")})
    assert hours(db, wave_id) == {now.hour: {"accepted": 4}}
    assert figures.wave_carriers(db, wave_id)["Viettel"] == {
        ("failed", "number-invalid"): 1, ("queued", ""): 1, ("accepted", ""): 1
    }
    send(db, wave_id, now + HOUR)
    assert hours(db, wave_id) == {now.hour: {"accepted": 4}, now.hour + 1: {"accepted": 1}}


def test_who_is_left_out_is_counted_under_their_carrier(db, now):
    ids = people(db)
    make.opted_out(db, make.number(1), make.number(4))
    wave_id = opened(db, now, ids)
    assert figures.wave_carriers(db, wave_id) == {
        "Viettel": {("queued", ""): 2, ("skipped", "opted-out"): 1},
        "Vinaphone": {("queued", ""): 1, ("skipped", "opted-out"): 1},
        "Mobifone": {("queued", ""): 1},
    }


def test_the_carrier_is_that_of_the_day_the_wave_opened(db, now):
    wave_id = opened(db, now)
    with db.transaction() as c:
        c.execute(update(contacts).values(carrier="Viettel"))
    send(db, wave_id, now)
    assert {name: sum(n.values()) for name, n in figures.wave_carriers(db, wave_id).items()} == CARRIERS


# -- by period

#: 23:00 on 1 December in Vietnam, and 01:00 on the day after.
LATE = make.NOW.replace(hour=16)
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)


@pytest.fixture
def two_nights(db, now):
    """Two waves that ignore the hours: one sends 4 on the first day and 2 on the second, the other 1 on the second."""
    area = make.area(db, "17662")
    one = opened(db, now, people(db, area=area), ignore_quiet_hours=True)
    other = opened(db, LATE + 2 * HOUR, make.people(db, 1, first=500), ignore_quiet_hours=True)
    arrive(db, send(db, one, LATE, count=4), LATE)
    send(db, one, LATE + 2 * HOUR)
    send(db, other, LATE + 3 * HOUR)
    return one, other


@pytest.mark.parametrize(("start", "end", "found"), [
    (FIRST, FIRST, (1, {"delivered": 4})),
    (SECOND, SECOND, (2, {"accepted": 3})),
    (FIRST, SECOND, (2, {"delivered": 4, "accepted": 3})),
    (date(2017, 1, 1), date(2026, 12, 31), (2, {"delivered": 4, "accepted": 3})),
    (SECOND, FIRST, (0, {})),
    (date(2026, 11, 1), date(2026, 11, 30), (0, {})),
])  # fmt: skip
def test_a_day_is_one_of_vietnam(db, two_nights, start, end, found):
    period = figures.of_period(db, start, end)
    assert (period.waves, period.counts) == found
    assert period.segments == sum(found[1].values())
    days = figures.by_day(db, start, end)
    assert [day for day, _ in days] == [start + timedelta(n) for n in range((end - start).days + 1)]
    assert sum(sum(counts.values()) for _, counts in days) == sum(found[1].values())


def test_days_and_communes(db, two_nights):
    assert figures.by_day(db, FIRST, SECOND) == [(FIRST, {"delivered": 4}), (SECOND, {"accepted": 3})]
    one, other = two_nights
    opened_then = {one: {"17662": {"delivered": 4, "accepted": 2}}}
    assert figures.by_area(db, FIRST, FIRST) == opened_then, "however late they were sent"
    assert figures.by_area(db, SECOND, SECOND) == {other: {"": {"accepted": 1}}}
    assert figures.by_area(db, SECOND, FIRST) == {}


def test_an_empty_database_has_figures_of_nobody(db):
    assert figures.of_period(db, FIRST, SECOND) == figures.PeriodFigures(0, {}, 0, 0)
    assert figures.by_day(db, FIRST, FIRST) == [(FIRST, {})]
    assert figures.by_area(db, FIRST, SECOND) == figures.optouts(db, FIRST, SECOND) == {}
    assert figures.wave_hours(db, 7) == [] and figures.wave_carriers(db, 7) == figures.responses(db, 7) == {}
    assert figures.response_links(db, 7) == figures.ResponseLinks(0, 0)
    assert figures.rebuild(db) == {}


# -- counted anew


def spoil(db, wave_id):
    """As a fault of ours, or an older version of this software, would leave the counters."""
    with db.transaction() as c:
        of_viettel = (wave_figures.c.which == "Viettel", wave_figures.c.wave_id == wave_id)
        c.execute(update(wave_figures).where(*of_viettel).values(n=wave_figures.c.n + 5))
        c.execute(delete(wave_figures).where(wave_figures.c.by == store.HOUR))
        c.execute(update(wave_tally).values(n=wave_tally.c.n - 1))
        c.execute(delete(wave_counts))
        c.execute(update(spending).values(messages=spending.c.messages + 1, vnd=spending.c.vnd - 7))


@pytest.mark.parametrize("at_once", [1, 4, 50_000])
def test_whatever_the_counters_say_it_is_the_rows_that_count(db, now, monkeypatch, at_once):
    monkeypatch.setattr(recounting, "AT_ONCE", at_once)
    wave_id = opened(db, now)
    send(db, wave_id, now, count=4)
    carriers, by_hour = figures.wave_carriers(db, wave_id), figures.wave_hours(db, wave_id)
    assert figures.rebuild(db) == {}
    spoil(db, wave_id)
    found = figures.rebuild(db)
    assert found["wave_figures", wave_id, "carrier", "Viettel", "accepted", ""] == (8, 3)
    assert found["wave_figures", wave_id, "hour", "2026-12-01T02", "accepted", ""] == (0, 4)
    assert found["wave_counts", wave_id, "queued", ""] == (0, 2)
    assert found["wave_tally", wave_id, "", "accepted", ""] == (3, 4)
    assert found["spending", wave_id, "2026-12-01", "messages"] == (5, 4)
    assert found["spending", wave_id, "2026-12-01", "vnd"] == (-7, 0)
    assert ("spending", wave_id, "2026-12-01", "segments") not in found, "that was right"
    assert (figures.wave_carriers(db, wave_id), figures.wave_hours(db, wave_id)) == (carriers, by_hour)
    assert figures.rebuild(db) == stats.faults(db, wave_id) == {}


def test_what_was_spent_is_counted_anew_by_days_of_vietnam(db, now, two_nights):
    one, other = two_nights
    with db.transaction() as c:
        # What was spent is known when a message is written out; here 300 and 500 VND.
        c.execute(update(rows).where(rows.c.wave_id == one).values(vnd=300, segments=2))
        c.execute(update(rows).where(rows.c.wave_id == other).values(vnd=500))
        c.execute(delete(spending).where(spending.c.wave_id == other))
    assert figures.rebuild(db) == {
        ("spending", one, "2026-12-01", "segments"): (4, 8), ("spending", one, "2026-12-01", "vnd"): (0, 1200),
        ("spending", one, "2026-12-02", "segments"): (2, 4), ("spending", one, "2026-12-02", "vnd"): (0, 600),
        ("spending", other, "2026-12-02", "messages"): (0, 1), ("spending", other, "2026-12-02", "segments"): (0, 1),
        ("spending", other, "2026-12-02", "vnd"): (0, 500),
    }  # fmt: skip
    assert figures.of_period(db, FIRST, FIRST).vnd == 1200
    assert figures.of_period(db, SECOND, SECOND).vnd == 1100
    assert figures.rebuild(db) == {}


def meanwhile(monkeypatch, happens):
    """Does `happens` once, between the look at the rows and the writing."""
    counted, once = recounting.counted, [happens]

    def looked(c, wave_id):
        found = counted(c, wave_id)
        while once:
            once.pop()()
        return found

    monkeypatch.setattr(recounting, "counted", looked)


def test_messages_that_go_out_while_it_counts_are_counted_once(db, now, monkeypatch):
    wave_id = opened(db, now)
    spoil(db, wave_id)
    meanwhile(monkeypatch, lambda: send(db, wave_id, now, count=4))
    assert figures.rebuild(db)
    assert hours(db, wave_id) == {now.hour: {"accepted": 4}}
    assert stats.faults(db, wave_id) == {}


def test_two_who_count_at_once_do_not_add_the_same_twice(db, now, monkeypatch):
    wave_id = opened(db, now)
    spoil(db, wave_id)
    meanwhile(monkeypatch, lambda: figures.rebuild(db))
    assert figures.rebuild(db) == {}, "the other one was quicker"
    assert stats.faults(db, wave_id) == {}


def before_the_counters(db):
    """The tables as an upgrade finds them."""
    with db.transaction() as c:
        c.execute(delete(wave_figures))
        c.execute(update(rows).values(carrier=None))
        keepsakes.forget(c, "figures-filled")


def test_after_an_upgrade_all_waves_are_counted(db, now, monkeypatch):
    monkeypatch.setattr(recounting, "FILLED_AT_ONCE", 2)
    old = opened(db, now - timedelta(days=400))
    going = opened(db, now, people(db, first=100))
    send(db, old, now - timedelta(days=400))
    before_the_counters(db)
    send(db, going, now, count=4)
    assert figures.mend(db, now) == 2
    assert hours(db, going) == {now.hour: {"accepted": 4}}
    assert {name: sum(n.values()) for name, n in figures.wave_carriers(db, old).items()} == CARRIERS
    assert figures.mend(db, now) == 0 and figures.rebuild(db) == {}


def test_whoever_is_stopped_goes_on_later(db, now):
    ids = [opened(db, now, make.people(db, 2, first=10 * n)) for n in range(1, 4)]
    before_the_counters(db)
    looks = iter([False, True])
    assert figures.mend(db, now, stop=lambda: next(looks)) == 1
    assert keepsakes.get(db, "figures-filled") is None
    assert [bool(stats.faults(db, wave_id)) for wave_id in ids] == [False, True, True]
    assert figures.mend(db, now) == 2


def test_what_an_older_version_moved_beside_this_one_is_found(db, now):
    """While machines are upgraded one after the other. Of what is long over nobody asks every few minutes."""
    wave_id = opened(db, now)
    assert figures.mend(db, now) == 0
    with db.transaction() as c:
        first = select(rows.c.id).where(rows.c.wave_id == wave_id).order_by(rows.c.id).limit(1).scalar_subquery()
        c.execute(update(rows).where(rows.c.id == first).values(status="failed", reason="expired"))
        for status, reason, n in (("queued", "", -1), ("failed", "expired", 1)):
            place = {"wave_id": wave_id, "status": status, "reason": reason}
            c.execute(delete(wave_counts).where(wave_counts.c.wave_id == wave_id, wave_counts.c.status == status))
            c.execute(wave_counts.insert(), {**place, "n": 6 + n if n < 0 else n})
            c.execute(delete(wave_tally).where(wave_tally.c.wave_id == wave_id, wave_tally.c.status == status))
            c.execute(wave_tally.insert(), {**place, "area": "", "n": 6 + n if n < 0 else n})
    assert figures.mend(db, now + rebuilding.YOUNG + HOUR) == 0
    assert figures.mend(db, now + HOUR) == 1
    assert figures.wave_carriers(db, wave_id)["Viettel"] == {("queued", ""): 2, ("failed", "expired"): 1}


# -- opt-outs


def told(db, now, *numbers, channel="sms", **more):
    with db.transaction() as c:
        return [consent.opt_out(c, db.seal.index(n), channel=channel, now=now, **more) for n in numbers]


def test_opt_outs_by_day_and_commune(db):
    area = make.area(db, "17662")
    make.people(db, 2, area=area)
    assert told(db, LATE, make.number(1), "zalo:7") == [True, True]
    assert told(db, LATE + 2 * HOUR, make.number(1), make.number(2)) == [False, True], "once said is said"
    assert figures.optouts(db, FIRST, FIRST) == {area: 1, "": 1}
    assert figures.optouts(db, FIRST, SECOND) == {area: 2, "": 1}
    with db.transaction() as c:
        consent.opt_in(c, db.seal.index(make.number(2)), LATE + 3 * HOUR)
    assert figures.optouts(db, SECOND, SECOND) == {area: 1}, "on that day they did not want to hear from us"
    assert figures.rebuild(db) == {}


def test_a_file_of_opt_outs_says_nothing_of_the_day(db, now):
    optouts.add_file(db, f"{make.number(1)}\n{make.number(2)}\n".encode(), reason="nhà mạng gửi", by=1, now=now)
    optouts.add(db, make.number(3), reason="gọi điện", by=1, now=now)
    assert figures.optouts(db, FIRST, FIRST) == {"": 1}
    assert figures.rebuild(db) == {}


def test_opt_outs_of_before_they_were_counted(db, now):
    make.opted_out(db, make.number(1), make.number(2))
    assert figures.rebuild(db) == {("optout_days", "2026-12-01", "", "sms"): (0, 2)}
    assert figures.optouts(db, FIRST, FIRST) == {"": 2}
    assert figures.rebuild(db) == {}
