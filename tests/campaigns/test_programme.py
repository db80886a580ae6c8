"""Campaigns: a goal and limits, waves in an order, waves laid out over communes one after the other."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, update

from campaigns import layout, programme, waves
from campaigns.layout import Part, Plan
from campaigns.pacing import ZONE
from db.tables import spending
from db.tables import waves as wave_rows
from messages.errors import Mistake
from staff import accounts, audit
from tests import make
from tests.fakes import FakeGateway

AUTHOR = 1


def at(text: str) -> datetime:
    """ "02T08:00" is a moment of December 2026 in Vietnam, as rooms get it."""
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=ZONE).astimezone(UTC)


@pytest.fixture
def officers(db):
    for name in ("lan", "minh"):
        accounts.add(db, email=f"{name}@an-lo.example", role="officer", now=make.NOW)


@pytest.fixture
def campaign(db, officers):
    return programme.create(db, name="Hồi hương an toàn", goal="Biết gọi ai.", by=AUTHOR, now=make.NOW)


@pytest.fixture
def communes(db):
    """Three communes: 60, 30 and nobody."""
    for code, name, count in (("17329", "Đô Lương", 60), ("16936", "Tam Thái", 30), ("17000", "Vắng", 0)):
        make.area(db, code, name)
        if count:
            make.people(db, count, first=int(code), area=code)
    return ["17329", "16936", "17000"]


GATEWAYS = {"fake": FakeGateway()}


def laid_out(db, campaign, codes, *, rate=None, daily_quota=None, first="02T09:00", **more):
    plan = Plan(version_id=make.a_version(db), gateway="fake", rate=rate, daily_quota=daily_quota)
    return layout.lay_out(
        db, campaign, GATEWAYS, parts=layout.parts_of_areas(db, codes), plan=plan, first=at(first), by=AUTHOR,
        now=make.NOW, **more,
    )  # fmt: skip


def told(db, campaign):
    """(name behind the campaign's, when it begins) of each wave, in order."""
    return [
        (wave.name.partition(" · ")[2], wave.starts_at and wave.starts_at.astimezone(ZONE).strftime("%dT%H:%M"))
        for wave, _ in programme.show(db, campaign).waves
    ]


# -- the campaign


def test_a_campaign_from_its_goal_to_its_end(db, campaign):
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, budget_vnd=5_000_000, ends_on=date(2026, 12, 31))
    shown = programme.show(db, campaign)
    assert (shown.campaign.name, shown.campaign.goal) == ("Hồi hương an toàn", "Biết gọi ai.")
    assert (shown.campaign.budget_vnd, shown.campaign.ends_on) == (5_000_000, date(2026, 12, 31))
    assert (shown.messages, shown.vnd, shown.waves, shown.by_day) == (0, 0, [], {})
    programme.close(db, campaign, by=AUTHOR, now=make.NOW)
    with pytest.raises(Mistake, match="campaign-closed"):
        programme.change(db, campaign, by=AUTHOR, now=make.NOW, goal="")
    programme.reopen(db, campaign, by=AUTHOR, now=make.NOW)
    rows = audit.latest(db, about=f"campaign:{campaign}")
    assert [row.action for row in reversed(rows)] == [
        "campaigns.create", "campaigns.change", "campaigns.close", "campaigns.reopen"
    ]  # fmt: skip
    assert '"before": {"budget_vnd": null, "daily_cap": null}' in rows[2].detail


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "campaign-unnamed"),
        ({"name": "x" * 121}, "campaign-name-unusable"),
        ({"name": "Hồi hương an toàn"}, "campaign-name-taken"),
        ({"goal": "x" * 2001}, "campaign-goal-long"),
        ({"budget_vnd": 0}, "budget-wrong"),
        ({"daily_cap": -1}, "quota-wrong"),
        ({"starts_on": date(2026, 12, 2), "ends_on": date(2026, 12, 1)}, "campaign-dates-wrong"),
        ({"ends_on": date(1926, 12, 1)}, "campaign-dates-wrong"),
    ],
)
def test_what_cannot_be_a_campaign(db, campaign, changes, code):
    with pytest.raises(Mistake, match=code):
        programme.create(db, **{"name": "Khác", **changes}, by=AUTHOR, now=make.NOW)


def test_its_own_name_is_not_taken(db, campaign):
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, name="Hồi hương an toàn")
    with pytest.raises(Mistake, match="campaign-unknown"):
        programme.show(db, 99)


@pytest.mark.parametrize("steps", [["approved"], ["scheduled"], ["scheduled", "sending"], ["scheduled", "paused"]])
def test_the_author_of_a_wave_on_its_way_does_not_raise_its_limits(db, campaign, steps):
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, budget_vnd=5_000, daily_cap=10)
    wave_id = make.a_wave(db, by=AUTHOR, ready=False, campaign_id=campaign)
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, budget_vnd=6_000)  # nobody has approved anything yet
    for step in steps:
        with db.transaction() as c:
            c.execute(update(wave_rows).where(wave_rows.c.id == wave_id).values(status=step))
    for raised in ({"budget_vnd": 6_001}, {"budget_vnd": None}, {"daily_cap": 11}, {"daily_cap": None}):
        with pytest.raises(Mistake, match="limits-own"):
            programme.change(db, campaign, by=AUTHOR, now=make.NOW, **raised)
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, budget_vnd=5_500, goal="Ít hơn thì được.")
    programme.change(db, campaign, by=AUTHOR + 1, now=make.NOW, budget_vnd=9_000, daily_cap=None)
    shown = programme.show(db, campaign).campaign
    assert (shown.budget_vnd, shown.daily_cap) == (9_000, None)


def test_a_campaign_with_waves_on_their_way_stays_open(db, campaign):
    wave_id = make.a_wave(db, campaign_id=campaign)
    with pytest.raises(Mistake, match="campaign-busy"):
        programme.close(db, campaign, by=AUTHOR, now=make.NOW)
    waves.cancel(db, wave_id, by=AUTHOR, now=make.NOW)
    programme.close(db, campaign, by=AUTHOR, now=make.NOW)


@pytest.mark.rows_by_hand
def test_what_its_waves_spent_is_what_it_spent(db, campaign):
    ids = [make.a_wave(db, campaign_id=campaign) for _ in range(2)]
    make.a_wave(db)
    rows = [(ids[0], "2026-12-01", 10), (ids[1], "2026-12-01", 5), (ids[1], "2026-12-02", 1)]
    with db.transaction() as c:
        c.execute(insert(spending), [
            {"wave_id": wave_id, "day": day, "messages": n, "segments": n, "vnd": n * 500} for wave_id, day, n in rows
        ])  # fmt: skip
    shown = programme.show(db, campaign)
    assert (shown.messages, shown.vnd) == (16, 8000)
    assert shown.by_day == {"2026-12-01": (15, 7500), "2026-12-02": (1, 500)}
    listed = {each.campaign.id: each for each in programme.all(db)}[campaign]
    assert (listed.waves, listed.messages, listed.vnd) == ({"scheduled": 2}, 16, 8000)


def test_a_campaign_knows_the_messages_its_waves_send(db, campaign):
    make.a_wave(db, campaign_id=campaign)
    assert [title for _, title in programme.show(db, campaign).titles] == ["Tiền cọc"]


def test_the_calendar_shows_what_goes_on(db, campaign, now):
    soon = make.a_wave(db, campaign_id=campaign, starts_at=at("05T08:00"))
    make.a_wave(db, starts_at=at("20T08:00"))
    going = make.a_wave(db, count=2)
    waves.open_due(db, GATEWAYS, now)
    dropped = make.a_wave(db, starts_at=at("06T08:00"))
    waves.cancel(db, dropped, by=None, now=now)
    found = programme.on_calendar(db, at("04T00:00"), at("11T00:00"), at("04T12:00"))
    assert [span.wave.id for span in found] == [going, soon]
    assert (found[0].begins, found[0].ends) == (now, at("04T12:00"))
    assert (found[1].begins, found[1].ends) == (at("05T08:00"), at("05T08:00"))
    waves.preview(db, soon, GATEWAYS, now)
    slow = make.a_wave(db, count=40, rate=0.001, daily_quota=10, starts_at=at("05T08:00"), gateway="fake")
    waves.preview(db, slow, GATEWAYS, now)
    assert {span.ends.astimezone(ZONE).day for span in programme.on_calendar(db, at("05T00:00"), at("06T00:00"), now)
            if span.wave.id == slow} == {8}


# -- laid out


def test_one_wave_for_each_commune_in_order(db, campaign, communes):
    """60 people at one in five seconds take five minutes; the next begins on the quarter hour after that."""
    ids = laid_out(db, campaign, communes, rate=0.2)
    assert told(db, campaign) == [("Đô Lương", "02T09:00"), ("Tam Thái", "02T09:15")]
    those = [wave for wave, _ in programme.show(db, campaign).waves]
    assert [(wave.id, wave.position, wave.status) for wave in those] == [(ids[0], 1, "draft"), (ids[1], 2, "draft")]
    assert [wave.audience for wave in those] == [{"areas": ["17329"]}, {"areas": ["16936"]}]
    assert waves.preview(db, ids[0], GATEWAYS, make.NOW).recipients == 60


def test_with_a_daily_quota_each_begins_on_its_own_day(db, campaign, communes):
    laid_out(db, campaign, communes, daily_quota=25)
    assert told(db, campaign) == [("Đô Lương", "02T09:00"), ("Tam Thái", "05T07:00")]
    assert [wave.daily_quota for wave, _ in programme.show(db, campaign).waves] == [25, 25]


def test_the_campaigns_own_cap_is_reckoned_with(db, campaign, communes):
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, daily_cap=20)
    laid_out(db, campaign, communes)
    assert told(db, campaign) == [("Đô Lương", "02T09:00"), ("Tam Thái", "04T07:15")]


@pytest.mark.parametrize(("order", "first"), [("most", "Đô Lương"), ("fewest", "Tam Thái"), ("given", "Tam Thái")])
def test_the_order_can_be_chosen(db, campaign, communes, order, first):
    laid_out(db, campaign, ["16936", "17329"], order=order)
    assert told(db, campaign)[0][0] == first


def test_what_is_due_at_night_begins_in_the_morning(db, campaign, communes):
    laid_out(db, campaign, communes[:1], first="02T23:00")
    assert told(db, campaign) == [("Đô Lương", "03T07:00")]


def test_lists_are_laid_out_too(db, campaign, officers):
    ids = [make.a_list(db, name, make.people(db, 2, first=first)) for name, first in (("một", 1), ("hai", 10))]
    plan = Plan(version_id=make.a_version(db), gateway="fake")
    parts = layout.parts_of_lists(db, reversed(ids))
    layout.lay_out(
        db, campaign, GATEWAYS, parts=parts, plan=plan, first=at("02T09:00"), by=AUTHOR, now=make.NOW
    )
    assert told(db, campaign) == [("hai", "02T09:00"), ("một", "02T09:15")]


def test_only_those_of_a_list_who_live_there(db, campaign, communes):
    list_id = make.a_list(db, "đã đồng ý", make.people(db, 4, first=1, area="17329"))
    parts = layout.parts_of_areas(db, communes, [list_id])
    plan = Plan(version_id=make.a_version(db), gateway="fake")
    ids = layout.lay_out(
        db, campaign, GATEWAYS, parts=parts, plan=plan, first=at("02T09:00"), by=AUTHOR, now=make.NOW
    )
    assert [waves.preview(db, wave_id, GATEWAYS, make.NOW).recipients for wave_id in ids] == [4]


@pytest.mark.parametrize(
    ("codes", "changes", "code"),
    [
        ([], {}, "layout-empty"),
        (["17000"], {}, "layout-empty"),
        (["nowhere"], {}, "area-unknown"),
        (["17329"], {"daily_quota": 0}, "quota-wrong"),
        (["17329"], {"rate": 0.0}, "rate-wrong"),
    ],
)
def test_what_cannot_be_laid_out_leaves_nothing_behind(db, campaign, communes, codes, changes, code):
    with pytest.raises(Mistake, match=code):
        laid_out(db, campaign, codes, **changes)
    assert told(db, campaign) == []


def test_what_would_take_for_ever_is_said(db, campaign, communes):
    programme.change(db, campaign, by=AUTHOR, now=make.NOW, daily_cap=1)
    make.people(db, 500, first=100_000, area="17329")
    with pytest.raises(Mistake, match="layout-endless"):
        laid_out(db, campaign, communes)
    assert told(db, campaign) == []


def test_more_places_than_there_are(db, campaign):
    parts = [Part(str(n), {"areas": [str(n)]}) for n in range(201)]
    with pytest.raises(Mistake, match="layout-large"):
        layout.lay_out(
            db, campaign, GATEWAYS, parts=parts, plan=Plan(1, "fake"), first=at("02T09:00"), by=AUTHOR, now=make.NOW
        )


def test_all_drafts_are_submitted_at_once_and_each_approved_by_itself(db, campaign, communes):
    ids = laid_out(db, campaign, communes)
    assert layout.submit_all(db, campaign, by=AUTHOR, now=make.NOW) == 2
    assert [waves.show(db, wave_id).wave.status for wave_id in ids] == ["submitted", "submitted"]
    with pytest.raises(Mistake, match="layout-no-drafts"):
        layout.submit_all(db, campaign, by=AUTHOR, now=make.NOW)
    digest = waves.preview(db, ids[0], GATEWAYS, make.NOW).digest
    waves.approve(db, ids[0], by=2, digest=digest, now=make.NOW)
    assert waves.show(db, ids[1]).wave.status == "submitted"


# -- the order


def test_moving_a_draft_moves_its_beginning(db, campaign, communes):
    first, second = laid_out(db, campaign, communes, rate=0.2)
    layout.move(db, campaign, second, GATEWAYS, up=True, by=AUTHOR, now=make.NOW)
    assert told(db, campaign) == [("Tam Thái", "02T09:00"), ("Đô Lương", "02T09:15")]
    layout.move(db, campaign, second, GATEWAYS, up=False, by=AUTHOR, now=make.NOW)
    assert told(db, campaign) == [("Đô Lương", "02T09:00"), ("Tam Thái", "02T09:15")]
    layout.move(db, campaign, first, GATEWAYS, up=True, by=AUTHOR, now=make.NOW)
    assert told(db, campaign)[0][0] == "Đô Lương"


def test_what_was_submitted_keeps_its_place(db, campaign, communes):
    first, second = laid_out(db, campaign, communes)
    waves.submit(db, first, by=AUTHOR, now=make.NOW)
    with pytest.raises(Mistake, match="layout-fixed"):
        layout.move(db, campaign, second, GATEWAYS, up=True, by=AUTHOR, now=make.NOW)
    with pytest.raises(Mistake, match="wave-unknown"):
        layout.move(db, campaign, 99, GATEWAYS, up=True, by=AUTHOR, now=make.NOW)


def test_waves_planned_one_by_one_stand_behind_those_in_order(db, campaign, communes):
    alone = make.a_wave(db, campaign_id=campaign, ready=False)
    laid_out(db, campaign, communes)
    assert [wave.id for wave, _ in programme.show(db, campaign).waves][-1] == alone
