"""A series from its plan to its waves: two people behind the rule, every day once, none of them on another day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from campaigns import authoring, deliveries, programme, series, waves
from campaigns.model import APPROVAL_VOID
from campaigns.pacing import ZONE
from campaigns.timetable import AFTER_JOINING, REPEATING, Timetable
from db.tables import imports, list_members
from db.tables import series as rows
from messages.errors import Mistake
from staff import accounts, audit
from tests import make
from tests.fakes import FakeGateway

AUTHOR, APPROVER = 1, 2
#: Wednesday 2 December 2026; make.NOW is the day before, 09:00.
FIRST = date(2026, 12, 2)
GATEWAYS = {"fake": FakeGateway()}


def at(text: str) -> datetime:
    """ "02T08:00" is a moment of December 2026 in Vietnam, as rooms get it."""
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=ZONE).astimezone(UTC)


def daily(**changes) -> Timetable:
    return Timetable(**{"kind": REPEATING, "at_time": time(8), "starts_on": FIRST, "every_days": 1, **changes})


def welcome(days_after=3, **changes) -> Timetable:
    table = {"kind": AFTER_JOINING, "at_time": time(8), "starts_on": FIRST, "days_after": days_after}
    return Timetable(**{**table, **changes})


@pytest.fixture
def officers(db):
    for name in ("lan", "minh"):
        accounts.add(db, email=f"{name}@an-lo.example", role="officer", now=make.NOW)


@pytest.fixture
def people(db, officers):
    """A list of three."""
    return make.a_list(db, "người mới", make.people(db, 3))


def planned(db, list_id, **plan):
    given = {
        "name": "Nhắc giấy tờ", "version_id": make.a_version(db), "audience": {"lists": [list_id]}, "gateway": "fake",
        "table": daily(), "most_people": 100, "by": AUTHOR, "now": make.NOW, **plan,
    }  # fmt: skip
    return series.plan(db, **given)


def running(db, list_id, **plan):
    series_id = planned(db, list_id, **plan)
    digest = series.submit(db, series_id, by=AUTHOR, now=make.NOW)
    series.approve(db, series_id, by=APPROVER, digest=digest, now=make.NOW)
    return series_id


def opened(db, moment: str):
    return dict(series.open_series(db, GATEWAYS, at(moment)))


def made(db, series_id):
    """(day, status) of its waves, oldest first."""
    return [(wave.series_day[8:], wave.status) for wave, _ in reversed(series.show(db, series_id).waves)]


def actions(db, series_id):
    return [row.action for row in reversed(audit.latest(db, about=f"series:{series_id}"))]


# -- two people


def test_two_people_stand_behind_a_series(db, people):
    series_id = planned(db, people)
    digest = series.submit(db, series_id, by=AUTHOR, now=make.NOW)
    with pytest.raises(Mistake, match="series-own"):
        series.approve(db, series_id, by=AUTHOR, digest=digest, now=make.NOW)
    with pytest.raises(Mistake, match="series-stale"):
        series.approve(db, series_id, by=APPROVER, digest="another", now=make.NOW)
    assert opened(db, "02T08:00") == {}
    series.approve(db, series_id, by=APPROVER, digest=digest, now=make.NOW)
    shown = series.show(db, series_id).series
    assert (shown.status, shown.approved_by, shown.approved_digest) == ("active", APPROVER, digest)
    assert actions(db, series_id) == ["series.plan", "series.submit", "series.approve"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Tên khác"}, {"form": "vi-unaccented"}, {"gateway": "other"}, {"table": daily(at_time=time(9))},
        {"table": daily(every_days=2)}, {"table": daily(ends_on=date(2027, 1, 1))}, {"most_people": 101},
        {"daily_quota": 5}, {"budget_vnd": 5000}, {"audience": {"lists": [1], "language": "vi"}},
    ],
)  # fmt: skip
def test_any_edit_voids_the_approval(db, people, changes):
    series_id = running(db, people)
    before = series.show(db, series_id).digest
    series.change(db, series_id, by=AUTHOR, now=make.NOW, **changes)
    shown = series.show(db, series_id)
    assert (shown.series.status, shown.series.approved_by, shown.series.approved_digest) == ("draft", None, None)
    assert shown.digest != before
    assert opened(db, "02T08:00") == {}


def test_who_edits_is_the_author_now(db, people):
    series_id = running(db, people)
    series.change(db, series_id, by=APPROVER, now=make.NOW, most_people=7)
    digest = series.submit(db, series_id, by=APPROVER, now=make.NOW)
    with pytest.raises(Mistake, match="series-own"):
        series.approve(db, series_id, by=APPROVER, digest=digest, now=make.NOW)


@pytest.mark.parametrize("hand", ["submitted", "planned", "wrote"])
def test_who_had_a_hand_in_it_does_not_approve(db, people, hand):
    """Officer 1 is the author; 2 would approve."""
    by = APPROVER if hand == "planned" else AUTHOR
    words = {}
    if hand == "wrote":
        words["version_id"] = authoring.write(
            db, title="Lời", vi=make.VI, vi_unaccented="", en="", by=APPROVER, now=make.NOW
        )
    series_id = planned(db, people, by=by, **words)
    series.change(db, series_id, by=AUTHOR, now=make.NOW, most_people=7)
    digest = series.submit(db, series_id, by=APPROVER if hand == "submitted" else AUTHOR, now=make.NOW)
    with pytest.raises(Mistake, match="series-own"):
        series.approve(db, series_id, by=APPROVER, digest=digest, now=make.NOW)


def test_what_it_made_and_has_not_begun_ends_with_it(db, people):
    begun = running(db, people, name="Đã gửi")
    opened(db, "02T08:00")
    [(gone, _)] = series.show(db, begun).waves
    waves.open_due(db, GATEWAYS, at("02T08:00"))
    scheduled = running(db, people, name="Hẹn giờ", table=daily(starts_on=date(2026, 12, 3)))
    draft = running(db, people, name="Chờ", most_people=1, table=daily(starts_on=date(2026, 12, 3)))
    opened(db, "03T08:00")
    for series_id in (begun, scheduled, draft):
        series.end(db, series_id, by=APPROVER, now=at("03T08:00"))
    assert made(db, begun) == [("02", "sending"), ("03", "cancelled")]
    assert made(db, scheduled) == made(db, draft) == [("03", "cancelled")]
    [(wave, _)] = series.show(db, scheduled).waves
    assert wave.pause_reason == "series-over"
    newest = audit.latest(db, about=f"wave:{wave.id}")[0]
    assert (newest.action, newest.actor) == ("waves.cancel", f"staff:{APPROVER}")
    assert waves.open_due(db, GATEWAYS, at("03T08:01")) == {}
    assert waves.show(db, gone.id).wave.status == "sending"


def test_a_closed_campaign_gets_no_more_waves(db, people):
    campaign = programme.create(db, name="Chiến dịch", by=AUTHOR, now=make.NOW)
    series_id = running(db, people, campaign_id=campaign)
    with pytest.raises(Mistake, match="campaign-series") as told:
        programme.close(db, campaign, by=AUTHOR, now=make.NOW)
    assert all("Nhắc giấy tờ" in told.value.sentence(language) for language in ("vi", "en"))
    series.pause(db, series_id, reason="", by=APPROVER, now=make.NOW)
    programme.close(db, campaign, by=AUTHOR, now=make.NOW)
    series.resume(db, series_id, by=APPROVER, now=make.NOW)
    assert opened(db, "02T08:00") == {}
    assert made(db, series_id) == []
    programme.reopen(db, campaign, by=AUTHOR, now=make.NOW)
    assert opened(db, "02T08:01") == {"made": 1}


def test_what_an_officer_paused_meanwhile_is_left_to_officers(db, people, monkeypatch):
    """It was read as void; under its lock it is paused for another reason."""
    series_id = running(db, people)
    opened(db, "02T08:00")
    [(wave, _)] = series.show(db, series_id).waves
    waves.pause(db, wave.id, reason="sếp bảo dừng", by=AUTHOR, now=at("02T08:00"))
    monkeypatch.setattr("campaigns.store.series.not_begun", lambda c: [wave.id])
    assert not opened(db, "02T08:01").get("again")
    assert made(db, series_id) == [("02", "paused")]
    assert waves.show(db, wave.id).wave.pause_reason == "sếp bảo dừng"


def test_a_rule_changed_behind_our_back_makes_nothing(db, people):
    series_id = running(db, people)
    with db.transaction() as c:
        c.execute(update(rows).values(most_people=1_000_000))
    assert opened(db, "02T08:00") == {"paused": 1}
    assert series.show(db, series_id).series.pause_reason == APPROVAL_VOID
    with pytest.raises(Mistake, match="series-stale"):
        series.resume(db, series_id, by=APPROVER, now=make.NOW)


def test_it_goes_back_with_a_note(db, people):
    series_id = running(db, people)
    series.return_to_author(db, series_id, by=APPROVER, note="Thưa hơn.", now=make.NOW)
    shown = series.show(db, series_id).series
    assert (shown.status, shown.note, shown.approved_digest) == ("draft", "Thưa hơn.", None)


@pytest.mark.parametrize(
    ("step", "code"),
    [("pause", "series-cannot-pause"), ("resume", "series-cannot-resume"), ("approve", "series-cannot-approve")],
)
def test_a_draft_cannot_be(db, people, step, code):
    series_id = planned(db, people)
    more = {"pause": {"reason": ""}, "approve": {"digest": ""}}.get(step, {})
    with pytest.raises(Mistake, match=code):
        getattr(series, step)(db, series_id, by=APPROVER, now=make.NOW, **more)


def test_what_has_ended_stays_ended(db, people):
    series_id = running(db, people)
    series.end(db, series_id, by=AUTHOR, now=make.NOW)
    assert opened(db, "02T08:00") == {}
    for step in ("end", "submit"):
        with pytest.raises(Mistake, match=f"series-cannot-{step}"):
            getattr(series, step)(db, series_id, by=AUTHOR, now=make.NOW)
    assert series.upcoming(series.show(db, series_id).series, make.NOW) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "series-unnamed"),
        ({"name": "x" * 101}, "series-name-unusable"),
        ({"table": daily(at_time=time(6, 59))}, "series-time-wrong"),
        ({"table": daily(at_time=time(21, 1))}, "series-time-wrong"),
        ({"table": daily(ends_on=date(2026, 12, 1))}, "series-dates-wrong"),
        ({"table": daily(starts_on=date(1990, 1, 1))}, "series-dates-wrong"),
        ({"table": daily(every_days=0)}, "series-days-wrong"),
        ({"table": daily(every_days=None, weekdays=(0,))}, "series-days-wrong"),
        ({"table": welcome(0)}, "series-joining-wrong"),
        ({"table": welcome(kind="hourly")}, "series-kind-unknown"),
        ({"most_people": 0}, "series-most-wrong"),
        ({"daily_quota": 0}, "quota-wrong"),
        ({"budget_vnd": -1}, "budget-wrong"),
        ({"audience": {}}, "audience-empty"),
        ({"version_id": 99}, "version-unknown"),
        ({"form": "fr"}, "form-unknown"),
        ({"campaign_id": 99}, "campaign-unknown"),
    ],
)
def test_what_cannot_be_planned(db, people, changes, code):
    with pytest.raises(Mistake, match=code):
        planned(db, people, **changes)


def test_after_joining_needs_a_list(db, officers):
    make.area(db, "16936")
    with pytest.raises(Mistake, match="series-no-list"):
        planned(db, 0, audience={"areas": ["16936"]}, table=welcome())


def test_a_short_link_belongs_to_one_wave(db, people):
    version = make.a_version(db, vi="Xem {{ link }}", vi_unaccented="", en="")
    with pytest.raises(Mistake, match="series-link"):
        planned(db, people, version_id=version)


def test_what_no_text_may_say_is_not_submitted(db, people):
    version = make.a_version(db, vi="An Lộ: cam kết đậu visa 100%. Gọi 111.", vi_unaccented="", en="")
    series_id = planned(db, people, version_id=version)
    with pytest.raises(Mistake, match="message-blocked"):
        series.submit(db, series_id, by=AUTHOR, now=make.NOW)


# -- its waves


def test_each_day_becomes_a_wave_once(db, people):
    series_id = running(db, people)
    assert opened(db, "02T07:59") == {}
    assert opened(db, "02T08:00") == {"made": 1}
    assert opened(db, "02T08:01") == {}
    [(wave, _)] = series.show(db, series_id).waves
    assert (wave.status, wave.author_id, wave.name) == ("scheduled", AUTHOR, "Nhắc giấy tờ · 02/12/2026")
    assert (wave.series_day, wave.starts_at) == ("2026-12-02", at("02T08:00"))
    assert wave.audience == {"lists": [people]}


def test_its_waves_go_out_under_the_approval_of_the_series(db, people):
    series_id = running(db, people)
    opened(db, "02T08:00")
    [(wave, _)] = series.show(db, series_id).waves
    [decision] = waves.decisions(db, wave.id)
    assert (decision["decision"], decision["by"], decision["note"]) == ("approved", APPROVER, f"series:{series_id}")
    assert waves.open_due(db, GATEWAYS, at("02T08:00")) == {wave.id: 3}
    told = {row.action: row.actor for row in audit.latest(db, about=f"wave:{wave.id}")}
    assert (told["waves.plan"], told["waves.approve"]) == ("system", "system")


def test_limits_of_the_series_are_those_of_its_waves(db, people):
    series_id = running(db, people, daily_quota=2, budget_vnd=9000)
    opened(db, "02T08:00")
    [(wave, _)] = series.show(db, series_id).waves
    assert (wave.daily_quota, wave.budget_vnd) == (2, 9000)


def test_too_many_people_wait_for_an_officer(db, people):
    series_id = running(db, people, most_people=2)
    assert opened(db, "02T08:00") == {"waiting": 1}
    assert made(db, series_id) == [("02", "draft")]
    assert waves.open_due(db, GATEWAYS, at("02T08:01")) == {}


def test_while_one_waits_the_next_is_not_made(db, people):
    series_id = running(db, people, most_people=2)
    opened(db, "02T08:00")
    assert opened(db, "03T08:00") == {"kept": 1}
    assert made(db, series_id) == [("02", "draft")]
    assert series.show(db, series_id).missed == ["2026-12-03"]


def test_nobody_there_makes_no_wave(db, officers):
    series_id = running(db, make.a_list(db, "trống", []))
    assert opened(db, "02T08:00") == {"empty": 1}
    assert made(db, series_id) == []
    assert opened(db, "02T08:01") == {}


def test_a_server_that_slept_makes_only_today(db, people):
    series_id = running(db, people)
    opened(db, "02T08:00")
    waves.open_due(db, GATEWAYS, at("02T08:00"))
    assert opened(db, "05T15:00") == {"made": 1, "missed": 2}
    assert made(db, series_id) == [("02", "sending"), ("05", "scheduled")]
    assert series.show(db, series_id).missed == ["2026-12-04", "2026-12-03"]


def test_a_server_that_woke_in_the_evening_makes_nothing(db, people):
    series_id = running(db, people)
    assert opened(db, "02T21:55") == {"missed": 1}
    assert opened(db, "03T07:00") == {}
    assert made(db, series_id) == []


def test_approved_at_nine_it_does_not_send_what_was_due_at_eight(db, people):
    series_id = running(db, people, table=daily(starts_on=date(2026, 12, 1)))
    assert opened(db, "01T09:01") == {}
    assert opened(db, "02T08:00") == {"made": 1}
    assert made(db, series_id) == [("02", "scheduled")]


def test_a_holiday_puts_it_off(db, people):
    series_id = running(db, people, table=daily(starts_on=date(2027, 1, 1), every_days=7))
    assert opened(db, "31T20:00") == {}
    new_year = datetime(2027, 1, 1, 8, tzinfo=ZONE)
    assert series.open_series(db, GATEWAYS, new_year) == {}
    assert series.open_series(db, GATEWAYS, new_year + timedelta(days=1)) == {"made": 1}
    [(wave, _)] = series.show(db, series_id).waves
    assert (wave.series_day, wave.starts_at) == ("2027-01-01", new_year + timedelta(days=1))


def test_paused_it_makes_nothing_and_then_goes_on_with_the_next(db, people):
    series_id = running(db, people)
    series.pause(db, series_id, reason="Lũ", by=APPROVER, now=at("01T10:00"))
    assert opened(db, "02T08:00") == {}
    series.resume(db, series_id, by=APPROVER, now=at("02T10:00"))
    assert opened(db, "02T10:00") == {}
    assert opened(db, "03T08:00") == {"made": 1}
    assert made(db, series_id) == [("03", "scheduled")]


def test_a_list_that_is_being_filled_is_waited_for(db, people):
    running(db, people)
    with db.transaction() as c:
        row = {"list_id": people, "filename": "x", "stored_as": "x", "source": "x", "created_at": make.NOW}
        import_id = c.execute(insert(imports).values(**row, status="working").returning(imports.c.id)).scalar_one()
    assert opened(db, "02T08:00") == {}
    with db.transaction() as c:
        c.execute(update(imports).where(imports.c.id == import_id).values(status="done"))
    assert opened(db, "02T08:05") == {"made": 1}


def test_who_joined_n_days_before_gets_it_and_nobody_else(db, officers):
    ids = make.people(db, 4)
    list_id = make.a_list(db, "người mới", ids)
    for contact_id, joined in zip(ids, ("29T23:59", "30T00:00", "30T23:59", "01T00:00"), strict=True):
        day = datetime.fromisoformat(f"2026-{'12' if joined < '02' else '11'}-{joined}").replace(tzinfo=ZONE)
        with db.transaction() as c:
            c.execute(update(list_members).where(list_members.c.contact_id == contact_id).values(joined_at=day))
    series_id = running(db, list_id, table=welcome(2))
    assert opened(db, "02T08:00") == {"made": 1}
    [(wave, _)] = series.show(db, series_id).waves
    assert wave.audience["joined"] == {"from": "2026-11-29T17:00:00.000000Z", "to": "2026-11-30T17:00:00.000000Z"}
    assert waves.open_due(db, GATEWAYS, at("02T08:00")) == {wave.id: 2}
    assert opened(db, "03T08:00") == {"made": 1}


def test_who_joins_while_it_waits_is_counted_and_approved_anew(db, people):
    """The list grew between the making and the opening: the wave's approval is void, that of the series is not."""
    series_id = running(db, people)
    opened(db, "02T08:00")
    _join(db, people, 1, first=50)
    assert waves.open_due(db, GATEWAYS, at("02T08:00:01")) == {}
    assert made(db, series_id) == [("02", "paused")]
    assert opened(db, "02T08:00:30") == {"again": 1}
    assert list(waves.open_due(db, GATEWAYS, at("02T08:00:31")).values()) == [4]


def test_but_not_when_they_are_too_many(db, people):
    series_id = running(db, people, most_people=3)
    opened(db, "02T08:00")
    _join(db, people, 1, first=50)
    waves.open_due(db, GATEWAYS, at("02T08:00:01"))
    assert opened(db, "02T08:00:30") == {}
    assert made(db, series_id) == [("02", "paused")]


def _join(db, list_id, count, first):
    joined_at = make.NOW + timedelta(hours=1)
    ids = make.people(db, count, first=first)
    joining = [{"list_id": list_id, "contact_id": contact_id, "joined_at": joined_at} for contact_id in ids]
    with db.transaction() as c:
        c.execute(insert(list_members), joining)
    make.count_members(db, list_id)


def test_what_has_not_begun_by_the_evening_never_does(db, people):
    series_id = running(db, people)
    opened(db, "02T08:00")
    assert opened(db, "02T21:59") == {}
    assert opened(db, "02T22:00") == {"over": 1}
    [(wave, _)] = series.show(db, series_id).waves
    assert (wave.status, wave.pause_reason) == ("cancelled", "series-day-over")
    assert waves.open_due(db, GATEWAYS, at("03T07:00")) == {}


def test_a_wave_that_an_officer_changed_is_theirs(db, people):
    series_id = running(db, people)
    opened(db, "02T08:00")
    [(wave, _)] = series.show(db, series_id).waves
    waves.change(db, wave.id, by=APPROVER, now=at("02T08:01"), name="Của tôi")
    assert opened(db, "02T22:30") == {}
    assert made(db, series_id) == [("02", "draft")]


def test_two_processes_make_one_wave(db, people):
    running(db, people)
    counts = [opened(db, "02T08:00"), opened(db, "02T08:00")]
    assert counts == [{"made": 1}, {}]
    with db.reading() as c:
        assert len(c.execute(select(rows.c.settled)).all()) == 1


def test_the_next_ones_are_told(db, people):
    shown = series.show(db, running(db, people)).series
    told = series.upcoming(shown, make.NOW, 3)
    assert [(day.day, moment) for day, moment in told] == [
        (2, at("02T08:00")), (3, at("03T08:00")), (4, at("04T08:00"))
    ]  # fmt: skip


def test_series_of_a_campaign(db, people):
    series_id = running(db, people)
    assert [each.id for each in series.all(db)] == [series_id]
    assert series.of_campaign(db, 1) == []


# -- stopping


STOPPING = {"vi": "Ngừng: {{ stop }}", "vi_unaccented": "Ngung: {{ stop }}", "en": "To stop: {{ stop }}"}


def test_its_waves_carry_the_address_at_which_each_person_stops(db, people):
    running(db, people, version_id=make.a_version(db, **STOPPING))
    base = "https://an-lo.example"
    assert dict(series.open_series(db, GATEWAYS, at("02T08:00"), base)) == {"made": 1}
    [(wave, _)] = waves.all(db)
    waves.open_due(db, GATEWAYS, at("02T08:00"))
    claim = deliveries.claim(db, deliveries.line(db, wave.id, GATEWAYS), worker="w", limit=9, now=at("02T08:00"))
    assert len({row.outgoing.text for row in claim.rows}) == 3
    assert all(row.outgoing.text.startswith("Ngừng: an-lo.example/stop/") for row in claim.rows)


def test_it_promises_nothing_that_its_gateway_cannot_hear(db, people):
    deaf = {"fake": FakeGateway(inbound=True, one_way_to=frozenset({"84"}))}
    series_id = planned(db, people, version_id=make.a_version(db, vi="An Lộ: hỏi 111. Ngừng: TU CHOI.", en=""))
    with pytest.raises(Mistake, match="one-way-promise"):
        series.submit(db, series_id, by=AUTHOR, now=make.NOW, gateways=deaf)
