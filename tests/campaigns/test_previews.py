"""What a preview tells besides the count, that it is kept, and some of the people it speaks of."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from campaigns import deliveries, prices, rehearsal, waves
from campaigns.model import Limit
from db.tables import campaigns, contacts, list_members, staff
from messages.errors import Mistake
from sms.gateway import Outcome
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway(rate=1.0), "outside": FakeGateway("outside", leaves_machine=True)}


def named(db, name, first, **columns) -> list[int]:
    sealed = db.seal.seal(f'{{"name": "{name}"}}', "contacts.fields")
    return make.people(db, 1, first=first, fields_sealed=sealed, **columns)


def test_where_and_with_whom_the_people_are(db, now):
    for code in ("17662", "17689"):
        make.area(db, code)
    people = [
        *make.people(db, 3, area="17662", carrier="viettel"),
        *make.people(db, 2, first=10, area="17689", carrier="mobifone"),
        *make.people(db, 1, first=20, country="GB"),
        *make.people(db, 1, first=30, area="17689", dead=True),
    ]
    preview = waves.preview(db, make.a_wave(db, list_ids=[make.a_list(db, "l", people)]), GATEWAYS, now)
    assert preview.by_area == (("17662", 3), ("17689", 2), ("", 1))
    assert preview.areas == 3
    assert preview.by_carrier == {"viettel": 3, "mobifone": 2, "unknown": 1}
    assert preview.zones == {"VN": 5, "GB": 1}


def test_the_days_it_takes(db, now):
    tet = now.replace(year=2027, month=2, day=3, hour=14)  # 21:00 on the last day before Tết
    preview = waves.preview(db, make.a_wave(db, count=7200, rate=1.0), GATEWAYS, tet)
    assert (preview.starts, preview.ends) == (tet, tet.replace(day=11, hour=1))
    assert preview.nights == 8
    assert preview.holidays[0] == ("2027-02-04", "VN")


def test_what_the_limits_leave_afterwards(db, now):
    prices.put(db, gateway="fake", vnd_per_segment=100, valid_from=now.date(), by=None, now=now)
    with db.transaction() as c:
        limits = {"budget_vnd": 5000, "daily_cap": 30}
        statement = insert(campaigns).values(name="Chiến dịch", created_at=now, **limits)
        campaign = c.execute(statement.returning(campaigns.c.id)).scalar_one()
    first = make.a_wave(db, count=10, campaign_id=campaign)
    waves.open_due(db, GATEWAYS, now)
    line = deliveries.line(db, first, {"fake": FakeGateway()})
    claimed = deliveries.claim(db, line, worker="w", limit=10, now=now).rows
    results = [(each, Outcome.accepted("ref")) for each in claimed]
    deliveries.record(db, gateway="fake", worker="w", results=results, now=now)
    second = make.a_wave(db, count=45, campaign_id=campaign, budget_vnd=4000, daily_quota=25)
    preview = waves.preview(db, second, GATEWAYS, now)
    assert preview.cost_vnd == 4500
    assert preview.limits == (
        Limit("wave-budget", 4000, 0, -500),
        Limit("campaign-budget", 5000, 1000, -500),
        Limit("daily-quota", 25, 0, 0),
        Limit("daily-cap", 30, 10, 0),
    )
    # 20 today (30 less the 10 of the other wave), 25 tomorrow
    assert preview.ends == now.replace(day=2, hour=0) + timedelta(seconds=25)


def test_a_preview_is_kept_until_the_wave_is_another(db, now):
    people = make.people(db, 3)
    list_id = make.a_list(db, "l", people[:2])
    wave_id = make.a_wave(db, list_ids=[list_id], ready=False)
    assert waves.last_preview(db, wave_id) is None
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    kept = waves.last_preview(db, wave_id)
    assert (kept.preview, kept.at) == (preview, now)
    later = waves.preview(db, wave_id, GATEWAYS, now + timedelta(hours=1))
    assert waves.last_preview(db, wave_id) == waves.Kept(later, now + timedelta(hours=1))
    waves.change(db, wave_id, by=None, now=now, rate=5.0)
    assert waves.last_preview(db, wave_id) is None
    waves.preview(db, wave_id, GATEWAYS, now)
    with db.transaction() as c:
        c.execute(insert(list_members).values(list_id=list_id, contact_id=people[2], joined_at=now))
    make.count_members(db, list_id)
    assert waves.last_preview(db, wave_id) is None


def test_an_audience_without_lists(db, now):
    make.area(db, "17662")
    make.people(db, 2, area="17662")
    wave_id = make.a_wave(db, ready=False)
    waves.change(db, wave_id, by=None, now=now, audience={"areas": ["17662"]})
    assert waves.preview(db, wave_id, GATEWAYS, now).recipients == 2
    assert waves.last_preview(db, wave_id).preview.by_area == (("17662", 2),)


def test_some_of_the_people_the_longest_first(db, now):
    ids = [*named(db, "An", 1), *named(db, "Nguyễn Thị Hồng Nhung " * 6, 2), *named(db, "Bình", 3, language="en")]
    ids += make.people(db, 1, first=4)  # nobody knows the name: nothing can be written
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="", en="Hello {{ name }}")
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)], version_id=version)
    found = waves.readers(db, wave_id, now=now)
    assert [(each.language, each.segments) for each in found] == [("vi", 3), ("en", 1), ("vi", 1)]
    assert found[0].text.startswith("Chào Nguyễn Thị Hồng Nhung")
    assert found[2].name == "An"
    assert found[2].number == "+84 90* *** 001"
    assert len(waves.readers(db, wave_id, 1, now=now)) == 1


def test_a_number_among_the_values_is_shown_masked(db, now):
    version = make.a_version(db, vi="Chào {{ name }}", vi_unaccented="", en="")
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", named(db, "Lan 0987654321", 1))], version_id=version)
    (found,) = waves.readers(db, wave_id, now=now)
    assert (found.name, found.text) == ("Lan 098****321", "Chào Lan 098****321")


@pytest.mark.parametrize(("gateway", "people"), [("fake", 3), ("outside", 1)])
def test_made_up_people_are_shown_only_where_they_get_it(db, now, gateway, people):
    ids = [*make.people(db, 1), *make.people(db, 2, first=5, made_up=True)]
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "l", ids)], gateway=gateway)
    assert len(waves.readers(db, wave_id, now=now, gateways=GATEWAYS)) == people


def test_waves_nobody_planned(db, now):
    for call, options in ((waves.last_preview, {}), (waves.readers, {"now": now})):
        with pytest.raises(Mistake) as told:
            call(db, 404, **options)
        assert told.value.code == "wave-unknown"


def test_a_wave_nobody_counted_is_counted_once_and_again_after_a_change(db, now):
    wave_id = make.a_wave(db, ready=False)
    assert [waves.preview_uncounted(db, GATEWAYS, now) for _ in range(2)] == [1, 0]
    assert waves.last_preview(db, wave_id).preview.recipients == 3
    waves.change(db, wave_id, name="Khác", by=None, now=now)
    assert waves.last_preview(db, wave_id) is None
    assert waves.preview_uncounted(db, GATEWAYS, now) == 1


def test_an_approval_covers_no_more_people_than_were_counted(db, now):
    """Who was unreachable when it was approved and comes back before it opens was not in the number approved."""
    ids = make.people(db, 5, first=870)
    with db.transaction() as c:
        c.execute(update(contacts).where(contacts.c.id.in_(ids[:4])).values(dead=True))
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "Đô Thành", ids)], ready=False)
    with db.transaction() as c:
        rows = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
        author, other = c.execute(insert(staff).returning(staff.c.id), rows).scalars()
    waves.change(db, wave_id, name="Đợt", by=author, now=now)
    assert waves.preview(db, wave_id, GATEWAYS, now).recipients == 1
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    waves.schedule(db, wave_id, by=author, now=now)
    with db.transaction() as c:
        c.execute(update(contacts).values(dead=False))
    assert waves.open_due(db, GATEWAYS, now) == {}
    shown = waves.show(db, wave_id)
    assert (shown.wave.status, shown.wave.pause_reason, shown.figures.total) == ("paused", "approval-void", 0)


@pytest.mark.parametrize(("text", "minutes"), [("Chào bạn.", 0.1), ("Chào {{ name }}.", 10.5)])
def test_own_words_take_a_call_each_where_a_call_has_one_text(sqlite_db, now, text, minutes):
    gateway = FakeGateway(concurrency=4, recipients_per_call=100, one_text_per_call=True, calls_per_minute=60)
    fields = sqlite_db.seal.seal('{"name": "Lan"}', "contacts.fields")
    people = make.people(sqlite_db, 600, fields_sealed=fields)
    version = make.a_version(sqlite_db, vi=text, vi_unaccented="", en="")
    list_id = make.a_list(sqlite_db, "l", people)
    wave_id = make.a_wave(sqlite_db, list_ids=[list_id], version_id=version, ready=False)
    found = waves.preview(sqlite_db, wave_id, {"fake": gateway}, now)
    assert (found.ends - found.starts).total_seconds() / 60 == pytest.approx(minutes, rel=0.1)
    played = rehearsal.rehearse(sqlite_db, wave_id, {"fake": gateway}, now=now, by=None).result
    assert (played.ends - found.starts).total_seconds() / 60 == pytest.approx(minutes, rel=0.1)
